//! Who hears what a run has to say before it is done.

use std::fmt;
use std::sync::Arc;

use super::Error;

/// Who hears what an import has to say before it reads on; nobody, unless told otherwise.
#[derive(Clone, Default)]
pub struct Listener(Option<Arc<Hear>>);

type Hear = dyn Fn(&str) + Send + Sync;

impl Listener {
    /// A listener that gets each message.
    pub fn new(hear: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hear)))
    }

    /// Says how many rows each record of a file becomes, where it has several samples.
    pub fn samples(&self, file: &str, samples: usize) {
        if samples > 1 {
            self.say(&format!("{file}: {samples} samples; every record becomes {samples} rows"));
        }
    }

    /// Says how many of the INFO keys of a file have columns, where not all have.
    pub fn columns(&self, file: &str, keys: usize, columns: usize) {
        if columns < keys {
            self.say(&format!(
                "note: the header declares {keys} INFO keys: the first {columns} have columns in \
                 `info`, the values of the others are kept as text: `attributes['KEY']` \
                 (file: {file})"
            ));
        }
    }

    /// Says that a version has what is in a file already, by this job.
    pub fn imported_before(&self, file: &str, job: &str) {
        self.say(&format!(
            "warning: the version has these bytes already, by job {job}: its rows will be there \
             twice (file: {file})\n\
             help: stop with Ctrl-C to leave them out; `annostore job get {job}` tells of the first"
        ));
    }

    /// Whether somebody hears it.
    pub fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Says that something beside the import went wrong.
    pub fn warning(&self, error: &Error) {
        self.say(&format!("warning: {}", error.in_full()));
    }

    fn say(&self, message: &str) {
        if let Some(hear) = &self.0 {
            hear(message);
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Listener").field(&self.0.is_some()).finish()
    }
}
