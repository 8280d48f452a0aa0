//! New files of an import whose data go to a bucket.
//!
//! A file is uploaded to its key at once, and seen by nobody before the catalog names it. A note
//! lies in the staging folder of the job, `staging/<job>/<file>.upload`, which is on the disk
//! before anything is sent: it has the key and, where there is one, the id of the upload. So
//! whoever clears up behind a process that died knows what it left in the bucket.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::failure::io_error;
use super::super::home::{Home, names_in, sync_folder};
use crate::model::{Error, ErrorKind, Result};
use crate::objects::{Bucket, Upload};
use crate::write::{FileWriter, NewFiles};

/// What the names of notes end with.
const NOTE: &str = "upload";

/// Takes the new files of an import to a bucket.
#[derive(Debug)]
pub struct Uploads {
    pub home: Home,
    pub bucket: Arc<Bucket>,
    /// The key of the folder that they go to.
    pub folder: String,
    pub stop: Arc<AtomicBool>,
}

/// What a note says of a file.
pub struct Noted {
    /// Its key.
    pub key: String,
    /// The id of its upload, where it was long enough to have one.
    pub upload: Option<String>,
}

/// The uploads of which notes lie in a staging folder.
pub fn uploads_in(staging: &Path) -> Result<Vec<Noted>> {
    let mut noted = Vec::new();
    for name in names_in(staging)? {
        let path = staging.join(&name);
        if path.extension().is_none_or(|it| it != NOTE) {
            continue;
        }
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| io_error(error, "read a note", &path))?;
        let (key, upload) = match text.split_once('\n') {
            Some((key, upload)) => (key, Some(upload.to_owned())),
            None => (text.as_str(), None),
        };
        noted.push(Noted { key: key.to_owned(), upload });
    }
    Ok(noted)
}

impl Uploads {
    fn key(&self, path: &Path) -> io::Result<String> {
        let name = path.file_name().and_then(|it| it.to_str());
        let name = name.ok_or_else(|| io::Error::other("a new file has no name"))?;
        Ok(format!("{}/{name}", self.folder))
    }
}

impl NewFiles for Uploads {
    fn begin(&self, path: &Path) -> io::Result<Box<dyn FileWriter>> {
        let key = self.key(path)?;
        let (home, path) = (self.home.clone(), path.with_extension(NOTE));
        let note = Note { home, path, key: key.clone() };
        note.write(None)?;
        let upload = Upload::new(&self.bucket, &key, &self.stop);
        Ok(Box::new(Uploading { upload, note, is_noted: false }))
    }

    fn failed(&self, path: &Path, error: &io::Error) -> Error {
        if self.stop.load(Ordering::Relaxed) {
            return Error::new(ErrorKind::Interrupted, "interrupted while data files were sent");
        }
        let key = self.key(path).unwrap_or_default();
        self.bucket.failure(error, "write a data file", &key)
    }
}

struct Note {
    home: Home,
    path: PathBuf,
    key: String,
}

impl Note {
    fn write(&self, upload: Option<&str>) -> io::Result<()> {
        let text = [self.key.as_str()].into_iter().chain(upload).collect::<Vec<_>>().join("\n");
        let written = self.home.write_whole(&self.path, text.as_bytes());
        let folder = self.path.parent().unwrap_or(&self.path);
        written.and_then(|()| sync_folder(folder)).map_err(io::Error::other)
    }
}

struct Uploading {
    upload: Upload,
    note: Note,
    is_noted: bool,
}

impl Write for Uploading {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.upload.write(bytes)?;
        if let Some(id) = self.upload.id().filter(|_| !self.is_noted) {
            self.note.write(Some(id))?;
            self.is_noted = true;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.upload.flush()
    }
}

impl FileWriter for Uploading {
    fn finish(&mut self) -> io::Result<()> {
        self.upload.finish()
    }
}
