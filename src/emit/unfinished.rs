//! Files that appear only once they are whole.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::ahead::SyncAhead;

/// The rights of a new file before those are taken away that the user's mask takes.
const MODE: u32 = 0o666;

/// How many links lead from one to another at most, as in Linux.
const MAX_LINKS: usize = 40;

/// A file that is under its path once it is finished. Where it is dropped before, it is gone.
#[derive(Debug)]
pub struct Unfinished {
    target: PathBuf,
    content: Content,
    ahead: SyncAhead,
}

#[derive(Debug)]
enum Content {
    /// A file that no folder has yet: it goes however the process ends.
    #[cfg(target_os = "linux")]
    Nameless(File),
    /// Beside its path, under a name that begins with a full stop.
    Named(NamedTempFile),
}

impl Content {
    fn file(&self) -> &File {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless(file) => file,
            Self::Named(file) => file.as_file(),
        }
    }
}

impl Unfinished {
    /// A file to be at a path; where a link is there, at the place that it leads to.
    pub fn new(path: &Path) -> io::Result<Self> {
        let target = followed(path)?;
        if target.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let folder = folder_of(&target);
        // Of a folder that is not there, the error would name the file that is not whole.
        fs::metadata(folder)?;
        #[cfg(target_os = "linux")]
        if let Some(file) = linux::nameless(folder) {
            return Ok(Self::of(target, Content::Nameless(file)));
        }
        let file = aside().permissions(Permissions::from_mode(MODE)).tempfile_in(folder)?;
        Ok(Self::of(target, Content::Named(file)))
    }

    fn of(target: PathBuf, content: Content) -> Self {
        Self { target, content, ahead: SyncAhead::default() }
    }

    /// Gives the file the rights of one that it is to replace, and its owner and group as far as
    /// the process may.
    pub fn take_rights_of(&self, replaced: &fs::Metadata) -> io::Result<()> {
        let file = self.content.file();
        let (owner, group) = (Some(replaced.uid()), Some(replaced.gid()));
        let is_own = fchown(file, owner, group).or_else(|_| fchown(file, None, group)).is_ok();
        // Of a file that belongs to others now, no one is to get more than before.
        let mask = if is_own { 0o7777 } else { 0o700 };
        file.set_permissions(Permissions::from_mode(replaced.mode() & mask))
    }

    /// Brings what was written so far to the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        self.ahead.end()?;
        self.content.file().sync_all()
    }

    /// Brings the file to the disk and puts it under its path. After an error it is not there.
    pub fn finish(mut self) -> io::Result<()> {
        self.sync()?;
        let folder = File::open(folder_of(&self.target))?;
        match self.content {
            #[cfg(target_os = "linux")]
            Content::Nameless(file) => linux::name(&file, &self.target)?,
            Content::Named(file) => drop(file.persist(&self.target)?),
        }
        // Some file systems bring no folders to the disk, and need not.
        match folder.sync_all() {
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => {
                fs::remove_file(&self.target)?;
                Err(error)
            }
            _ => Ok(()),
        }
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.content.file().write(bytes)?;
        self.ahead.count(written, self.content.file());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.content.file().flush()
    }
}

/// The path that links lead to from a path; there need not be a file.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("too many links lead from one to another"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Names for files that are not whole. That of the target is left out of them: together they might
/// be longer than a name may be.
fn aside() -> tempfile::Builder<'static, 'static> {
    let mut names = tempfile::Builder::new();
    names.prefix(".").suffix(".unfinished");
    names
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd as _;
    use std::path::{Path, PathBuf};

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};

    /// A file in a folder that has no name there; none where the file system has no such files.
    pub fn nameless(folder: &Path) -> Option<File> {
        let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
        let file = openat(CWD, folder, flags, Mode::from_raw_mode(super::MODE)).ok()?;
        let file = File::from(file);
        // It gets its name through this.
        proc_path(&file).exists().then_some(file)
    }

    /// Gives a file its name; one that is there is replaced at once.
    pub fn name(file: &File, target: &Path) -> io::Result<()> {
        let link = |path: &Path| {
            linkat(CWD, proc_path(file), CWD, path, AtFlags::SYMLINK_FOLLOW)
                .map_err(io::Error::from)
        };
        let named = super::aside().make_in(super::folder_of(target), link)?;
        named.persist(target).map_err(io::Error::from)
    }

    fn proc_path(file: &File) -> PathBuf {
        format!("/proc/self/fd/{}", file.as_raw_fd()).into()
    }
}
