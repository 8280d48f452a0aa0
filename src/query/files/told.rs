//! What is to be said of files once they were read.

use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Error, ErrorKind};

/// What is to be said of the files of a statement, once for each.
#[derive(Clone, Debug, Default)]
pub struct Told {
    said: Arc<Mutex<Vec<(String, String)>>>,
    /// The Parquet files of the statement, which DataFusion does not name.
    parquet: Arc<Mutex<Vec<String>>>,
}

impl Told {
    /// Says something of a file, unless something was said of it before: a statement may read a
    /// file twice.
    pub fn say(&self, path: &str, text: impl FnOnce() -> String) {
        let mut all = locked(&self.said);
        if !all.iter().any(|(of, _)| of == path) {
            all.push((path.to_owned(), text()));
        }
    }

    /// All that was said so far.
    pub fn all(&self) -> Vec<String> {
        locked(&self.said).iter().map(|(_, text)| text.clone()).collect()
    }

    /// The statement reads a Parquet file.
    pub fn reads_parquet(&self, path: &str) {
        locked(&self.parquet).push(path.to_owned());
    }

    /// The error of the statement: where some data could not be read, and it is not of a version,
    /// it is of one of the Parquet files.
    pub fn named(&self, error: Error) -> Error {
        let files = locked(&self.parquet).join(", ");
        let is_of_version = error.context().iter().any(|(key, _)| *key == "version");
        if error.kind() != ErrorKind::Storage || files.is_empty() || is_of_version {
            return error;
        }
        Error::new(ErrorKind::Unreadable, "a Parquet file is damaged, or was changed meanwhile")
            .with("file", files)
            .with_help("copy it again, or write it again with the program that made it")
            .with_source(error)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
