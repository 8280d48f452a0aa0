//! The folders of a home, and the few operations on files that have to survive a power cut.
//!
//! ```text
//! catalog.db                                the catalog
//! catalog.backup.db                         its copy, of the last day with an import
//! data/<store id>/<version id>/<uuid>.parquet   committed data files
//! iceberg/<store id>/<version id>/metadata/   what other engines are told of a version
//! staging/<job id>/                         files of an import that is not committed
//! reports/<job id>/                         what an import says about its input
//! locks/<owner id>.lock                     held by a process that runs imports, while it lives
//! locks/line.<number>                       held by who waits to change the catalog
//! locks/readers.lock                        held, shared, by queries
//! locks/setup.lock                          held while the catalog's form changes, or it is copied
//! ```
//!
//! The folder `locks` is itself locked by whoever changes the catalog.
//!
//! The rights of the home's folder are those of all that is in it: where others have none, new
//! files have exactly the folder's, whatever the umask.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Access, OFlags, access};
use rustix::io::Errno;

use super::failure::io_error;
use crate::model::Result;

/// The rights of a home that is made: its owner's alone.
const PRIVATE: u32 = 0o700;
/// The rights of a home that its group may read.
const GROUP_READABLE: u32 = 0o750;
/// The bits of a mode that say who may read, write and enter.
const RIGHTS: u32 = 0o777;
/// The folder of all tables of other engines, relative to the home.
pub(super) const TABLES: &str = "iceberg";

/// Where things lie in a home.
#[derive(Clone, Debug)]
pub(super) struct Home(PathBuf);

impl Home {
    /// The home at a path, which is made absolute: a run may change its folder.
    pub(super) fn new(path: &Path) -> Result<Self> {
        std::path::absolute(path).map(Self).map_err(|error| io_error(error, "find the home", path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn catalog(&self) -> PathBuf {
        self.0.join("catalog.db")
    }

    /// Where SQLite keeps what is not in the catalog's file yet.
    pub(super) fn log(&self) -> PathBuf {
        self.0.join("catalog.db-wal")
    }

    /// The copy of the catalog.
    pub(super) fn backup(&self) -> PathBuf {
        self.0.join("catalog.backup.db")
    }

    /// A copy of the catalog that is not whole yet.
    pub(super) fn new_backup(&self) -> PathBuf {
        self.0.join("catalog.backup.db.new")
    }

    pub(super) fn setup_lock(&self) -> PathBuf {
        self.locks().join("setup.lock")
    }

    /// A path of the catalog, which are relative to the home.
    pub(super) fn resolve(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// A path that is to be removed. None where it leads out of what imports made: a catalog that
    /// somebody tampered with must not name other files.
    pub(super) fn resolve_removal(&self, relative: &str) -> Option<PathBuf> {
        let path = Path::new(relative);
        let below = ["data", "reports", TABLES].iter().any(|it| path.starts_with(it));
        let mut parts = path.components();
        let plain = parts.all(|it| matches!(it, Component::Normal(_)));
        (below && plain && path.components().count() > 1).then(|| self.resolve(relative))
    }

    /// Whether this process may change the home: its catalog, and the files beside it.
    pub(super) fn can_be_written(&self) -> Result<bool> {
        for path in [self.0.clone(), self.catalog()] {
            match access(&path, Access::WRITE_OK) {
                Ok(()) => {}
                Err(Errno::ACCESS | Errno::PERM | Errno::ROFS) => return Ok(false),
                Err(error) => return Err(io_error(error.into(), "look at the home", &path)),
            }
        }
        Ok(true)
    }

    /// The folder of a version's data files, relative to the home.
    pub(super) fn data_folder(store: &str, version: &str) -> String {
        format!("data/{store}/{version}")
    }

    /// The folder of the tables that other engines see.
    pub(super) fn tables(&self) -> PathBuf {
        self.0.join(TABLES)
    }

    /// The folder of the table that other engines see in a version, relative to the home.
    pub(super) fn table_folder(store: &str, version: &str) -> String {
        format!("{TABLES}/{store}/{version}")
    }

    pub(super) fn staging(&self) -> PathBuf {
        self.0.join("staging")
    }

    pub(super) fn staging_of(&self, job: &str) -> PathBuf {
        self.staging().join(job)
    }

    pub(super) fn report_of(&self, job: &str) -> PathBuf {
        self.0.join("reports").join(job)
    }

    pub(super) fn locks(&self) -> PathBuf {
        self.0.join("locks")
    }

    pub(super) fn owner_lock(&self, owner: &str) -> PathBuf {
        self.locks().join(format!("{owner}.lock"))
    }

    /// The rights of the home's folder, which those of all in it follow.
    fn rights(&self) -> u32 {
        fs::metadata(&self.0).map_or(PRIVATE, |it| it.mode() & RIGHTS)
    }

    /// Opens a lock file, making it where there is none. A pipe in its place does not hang.
    pub(super) fn open_lock(&self, path: &Path) -> Result<File> {
        let open = |make: bool| {
            OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(make)
                .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
                .open(path)
        };
        let opened = match open(false) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => match open(true) {
                Ok(file) => return self.settle(path).map(|()| file),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open(false),
                failed => failed,
            },
            opened => opened,
        };
        opened.map_err(|error| io_error(error, "open a lock file", path))
    }

    /// Makes an empty file for the catalog, so that SQLite does not choose its rights; those of
    /// the files beside it follow. To be called before any connection is open.
    pub(super) fn make_catalog(&self) -> Result<()> {
        let path = self.catalog();
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => self.settle(&path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(io_error(error, "make the catalog", &path)),
        }
    }

    /// Makes a folder and those above it, and sees to it that they are still there after a power
    /// cut. The home's own is its owner's alone.
    pub(super) fn make_folder(&self, path: &Path) -> Result<()> {
        let Some(parent) = parent_of_new(path) else { return Ok(()) };
        self.make_passing_folder(path)?;
        sync_folder(parent)
    }

    /// Makes a folder, in one that lasts, which may be gone after a power cut.
    pub(super) fn make_passing_folder(&self, path: &Path) -> Result<()> {
        let Some(parent) = parent_of_new(path) else { return Ok(()) };
        self.make_folder(parent)?;
        let mut builder = DirBuilder::new();
        if path == self.0 {
            builder.mode(PRIVATE);
        }
        match builder.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
            outcome => outcome.map_err(|error| io_error(error, "make a folder", path))?,
        }
        if path != self.0 && path.starts_with(&self.0) {
            self.settle(path)?;
        }
        Ok(())
    }

    /// Gives a new file or folder the rights of the home's folder, where others have none there.
    pub(super) fn settle(&self, path: &Path) -> Result<()> {
        let rights = self.rights();
        if rights & 0o007 != 0 {
            return Ok(());
        }
        set_rights(path, rights)
    }

    /// Lets the group of the home read all that is in it, and all that will be.
    pub(super) fn let_group_read(&self) -> Result<()> {
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            set_rights(&folder, GROUP_READABLE)?;
            for name in names_in(&folder)? {
                let path = folder.join(name);
                if fs::symlink_metadata(&path).is_ok_and(|it| it.is_dir()) {
                    folders.push(path);
                    continue;
                }
                set_rights(&path, GROUP_READABLE)?;
            }
        }
        Ok(())
    }

    /// Writes a file that is whole, also after a power cut, or not there at all. Until it is, it
    /// lies beside its place, under a name that begins with a full stop.
    pub(super) fn write_whole(&self, path: &Path, content: &[u8]) -> Result<()> {
        let folder = path.parent().unwrap_or(path);
        let write = || -> io::Result<()> {
            // Temporary files are their owner's alone; this one is as other files of the home.
            let permissions = Permissions::from_mode(0o666);
            let mut file = tempfile::Builder::new().permissions(permissions).tempfile_in(folder)?;
            file.write_all(content)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|error| io_error(error, "write a file", path))?;
        self.settle(path)
    }
}

/// The folder in which a new one is to be made; none where it is there.
fn parent_of_new(path: &Path) -> Option<&Path> {
    path.parent().filter(|it| !it.as_os_str().is_empty() && !path.is_dir())
}

/// Opens a lock file that may be there. A pipe in its place does not hang.
pub(super) fn find_lock(path: &Path) -> Result<Option<File>> {
    let nonblocking = OFlags::NONBLOCK.bits().cast_signed();
    match OpenOptions::new().read(true).custom_flags(nonblocking).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(error, "open a lock file", path)),
    }
}

/// Gives a file or folder the rights of the home's folder. It may be gone already: a new lock file
/// looks to other processes like that of a dead one until it is locked.
fn set_rights(path: &Path, of_folder: u32) -> Result<()> {
    let set = || -> io::Result<()> {
        let found = fs::symlink_metadata(path)?;
        let rights = if found.is_dir() { of_folder } else { of_folder & 0o666 };
        if found.is_symlink() || found.mode() & RIGHTS == rights {
            return Ok(());
        }
        // The bits beyond, such as that of a group that new files inherit, stay.
        fs::set_permissions(path, Permissions::from_mode(found.mode() & !RIGHTS | rights))
    };
    absent_is_fine(set()).map_err(|error| io_error(error, "set the rights of a file", path))
}

/// Has a file that was made beside its place take that, whole and on the disk.
pub(super) fn publish(made: &Path, path: &Path) -> Result<()> {
    let publish = || File::open(made)?.sync_all().and_then(|()| fs::rename(made, path));
    publish().map_err(|error| io_error(error, "write a file", path))?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Waits until the names in a folder are on the disk.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| io_error(error, "write a folder to the disk", path))
}

/// Removes what a process that died left of [`Home::write_whole`] in a folder.
pub(super) fn remove_unfinished(folder: &Path) -> Result<()> {
    let names = names_in(folder)?;
    let mut halves = names.iter().filter(|it| it.starts_with('.'));
    halves.try_for_each(|it| remove_file(&folder.join(it)))
}

/// Removes a folder with all that is in it. It may be gone already.
pub(super) fn remove_tree(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_dir_all(path))
        .map_err(|error| io_error(error, "remove a folder", path))
}

/// Removes a file. It may be gone already.
pub(super) fn remove_file(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_file(path)).map_err(|error| io_error(error, "remove a file", path))
}

/// The names in a folder; none where there is no such folder.
pub(super) fn names_in(path: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        outcome => outcome.map_err(|error| io_error(error, "read a folder", path))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| io_error(error, "read a folder", path))?;
        // All names that we make are ASCII: another one is not ours to touch.
        names.extend(entry.file_name().into_string().ok());
    }
    Ok(names)
}

fn absent_is_fine(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalog_names_nothing_outside_for_removal() {
        let home = Home::new(Path::new("/stores")).unwrap();
        let found = home.resolve_removal("data/a/b/c.parquet").unwrap();
        assert_eq!(found, Path::new("/stores/data/a/b/c.parquet"));
        assert!(home.resolve_removal("reports/a").is_some());
        assert!(home.resolve_removal("iceberg/a/b").is_some());
        for path in ["/etc/passwd", "data/../../x", "../x", "data", "reports", "catalog.db", ""] {
            assert_eq!(home.resolve_removal(path), None, "{path}");
        }
    }
}
