//! What is to be said of files once they were read.

use std::sync::{Arc, Mutex, PoisonError};

/// What is to be said of the files of a statement, once for each.
#[derive(Clone, Debug, Default)]
pub struct Told(Arc<Mutex<Vec<(String, String)>>>);

impl Told {
    /// Says something of a file, unless something was said of it before: a statement may read a
    /// file twice.
    pub fn say(&self, path: &str, text: impl FnOnce() -> String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.iter().any(|(of, _)| of == path) {
            all.push((path.to_owned(), text()));
        }
    }

    /// All that was said so far.
    pub fn all(&self) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(_, text)| text.clone()).collect()
    }
}
