//! The folders of a home, and the few operations on files that have to survive a power cut.
//!
//! ```text
//! catalog.db                                the catalog
//! data/<store id>/<version id>/<uuid>.parquet   committed data files
//! staging/<job id>/                         files of an import that is not committed
//! reports/<job id>/                         what an import says about its input
//! locks/<owner id>.lock                     held by a process that runs imports, while it lives
//! locks/readers.lock                        held, shared, by queries
//! locks/setup.lock                          held while the catalog's form changes
//! ```

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::failure::io_error;
use crate::model::Result;

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

    /// A path of the catalog, which are relative to the home.
    pub(super) fn resolve(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// The folder of a version's data files, relative to the home.
    pub(super) fn data_folder(store: &str, version: &str) -> String {
        format!("data/{store}/{version}")
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
}

/// Opens a lock file, making it where there is none.
pub(super) fn open_lock(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|error| io_error(error, "open a lock file", path))
}

/// Makes a folder and those above it, and sees to it that they are still there after a power cut.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        make_folder(parent)?;
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
            outcome => outcome.map_err(|error| io_error(error, "make a folder", path))?,
        }
        return sync_folder(parent);
    }
    Ok(())
}

/// Waits until the names in a folder are on the disk.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| io_error(error, "write a folder to the disk", path))
}

/// Writes a file that is whole, also after a power cut, or not there at all. Until it is, it lies
/// beside its place, under a name that begins with a full stop.
pub(super) fn write_whole(path: &Path, content: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    let write = || -> io::Result<()> {
        // Temporary files are their owner's alone; this one is as other files of the home.
        let permissions = Permissions::from_mode(0o666);
        let mut file = tempfile::Builder::new().permissions(permissions).tempfile_in(folder)?;
        file.write_all(content.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| io_error(error, "write a file", path))?;
    sync_folder(folder)
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
