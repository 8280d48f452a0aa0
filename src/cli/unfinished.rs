//! Files that appear only once they are whole.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::NamedTempFile;

/// A file beside a path, under a name that begins with a full stop. It goes when it is dropped,
/// unless it was persisted under the path before.
pub fn unfinished(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    // Temporary files are their owner's alone; this one is as other files of the folder.
    tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(".unfinished")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder.unwrap_or(Path::new(".")))
}
