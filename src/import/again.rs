//! Whether the version has the bytes of a file already, told before they are imported again.

use std::path::Path;

use super::options::ImportTask;
use crate::read::source::{Input, digest_of_file};

/// Tells the listener of an import of the same bytes that the version has. Only a file of a size
/// that was imported before is read for it.
pub fn tell(task: ImportTask<'_>) {
    let (Input::Path(path), true) = (task.input, task.options.listener.is_there()) else { return };
    // What cannot be read here is told where it is imported.
    let Ok(metadata) = Path::new(path).metadata() else { return };
    if !metadata.is_file() {
        return;
    }
    let earlier = task.run.imports_of_size(metadata.len()).unwrap_or_default();
    if earlier.is_empty() {
        return;
    }
    let Ok(digest) = digest_of_file(path, &task.pipe.meter) else { return };
    if let Some((job, _)) = earlier.iter().find(|it| it.1 == digest) {
        task.options.listener.imported_before(path, job);
    }
}
