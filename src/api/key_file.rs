//! The credentials of a file, as it is now: keys that are taken out of it are refused from then on.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tracing::{error, info, warn};

use super::credentials::Credentials;
use super::error::Exception;
use crate::model::{Error, ErrorKind, Result};

/// Rights of others than the owner to write, and to read.
const OTHERS_WRITE: u32 = 0o022;
const OTHERS_READ: u32 = 0o044;

/// Time in which a file can change twice under one time of change.
const UNSURE: Duration = Duration::from_secs(2);

/// A file of credentials, which is read again whenever it was changed.
///
/// A file that cannot be read any more lets nobody in: keys may have been taken out of it.
#[derive(Clone)]
pub struct KeyFile {
    path: PathBuf,
    held: Arc<Mutex<Held>>,
}

struct Held {
    /// As what the file was read; none where it may have changed since without a sign.
    stamp: Option<Stamp>,
    credentials: Option<Arc<Credentials>>,
}

/// What the file was when it was read.
struct Found {
    stamp: Stamp,
    /// Whether a later change shows in the stamp.
    is_sure: bool,
    credentials: Credentials,
}

/// What tells whether somebody wrote to the file.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    length: u64,
    changed: (i64, i64),
    mode: u32,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            file: (metadata.dev(), metadata.ino()),
            length: metadata.len(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            mode: metadata.mode(),
        }
    }
}

/// Without the secrets.
impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl KeyFile {
    /// Reads the file, which nobody but its owner may write, and whose every profile has to be
    /// whole.
    pub fn open(path: &Path) -> Result<Self> {
        let mut held = Held { stamp: None, credentials: None };
        held.take(path, read(path)?);
        Ok(Self { path: path.to_owned(), held: Arc::new(Mutex::new(held)) })
    }

    /// The credentials that are in the file now.
    pub(super) fn current(&self) -> Result<Arc<Credentials>, Exception> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.path.metadata().ok().map(|it| Stamp::of(&it));
        if held.stamp.is_none() || held.stamp != now {
            match read(&self.path) {
                Ok(found) => held.take(&self.path, found),
                Err(error) => held.lose(&error),
            }
        }
        held.credentials.clone().ok_or_else(Exception::internal)
    }
}

impl Held {
    fn take(&mut self, path: &Path, found: Found) {
        if self.credentials.as_deref() != Some(&found.credentials) {
            info!(keys = found.credentials.len(), "the credentials are read");
            if found.stamp.mode & OTHERS_READ != 0 {
                let file = path.display();
                warn!(%file, "others may read the credentials: chmod 600 keeps them out");
            }
            self.credentials = Some(Arc::new(found.credentials));
        }
        self.stamp = found.is_sure.then_some(found.stamp);
    }

    fn lose(&mut self, error: &Error) {
        self.stamp = None;
        if self.credentials.take().is_some() {
            error!(error = error.in_full(), "nobody may call until the credentials can be read");
        }
    }
}

fn read(path: &Path) -> Result<Found> {
    let placed = |error: Error| error.with("file", path.display());
    let cannot = |error: io::Error| {
        placed(Error::new(ErrorKind::Unreadable, "cannot read the credentials")).with_source(error)
    };
    let mut file = File::open(path).map_err(cannot)?;
    let metadata = file.metadata().map_err(cannot)?;
    check_rights(&metadata).map_err(placed)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(cannot)?;
    let credentials = Credentials::parse(&text).map_err(placed)?;
    let changed = Duration::from_secs(u64::try_from(metadata.ctime()).unwrap_or_default());
    let age = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH + changed);
    Ok(Found { stamp: Stamp::of(&metadata), is_sure: age.is_ok_and(|it| it > UNSURE), credentials })
}

/// Refuses a file that somebody else could put a key into.
fn check_rights(metadata: &Metadata) -> Result<()> {
    let owner = metadata.uid();
    if !metadata.is_file() {
        return Err(Error::invalid("the credentials are no regular file")
            .with_help("write them to a file, which is read again when it changes"));
    }
    if metadata.mode() & OTHERS_WRITE != 0 {
        return Err(Error::new(ErrorKind::AccessDenied, "others may write the credentials")
            .with_help("take that right from them: chmod go-w FILE"));
    }
    if owner != 0 && is_of_another(owner) {
        return Err(Error::new(ErrorKind::AccessDenied, "the credentials are another user's file")
            .with("user", owner)
            .with_help("make it a file of the user who starts the server, or of root"));
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn is_of_another(owner: u32) -> bool {
    rustix::process::geteuid().as_raw() != owner
}

#[cfg(not(target_os = "linux"))]
fn is_of_another(_: u32) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const KEY: &str = "[lab]\naws_access_key_id = AKIA1\n\
        aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\
        aws_account_id = 111122223333\n";

    #[test]
    fn the_keys_are_those_of_the_file_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let rights = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let write = |text: &str| fs::write(&path, text).unwrap();
        write(KEY);
        for (mode, opens) in [(0o620, false), (0o602, false), (0o666, false), (0o644, true)] {
            rights(mode);
            assert_eq!(KeyFile::open(&path).is_ok(), opens, "{mode:o}");
        }
        rights(0o600);
        let keys = KeyFile::open(&path).unwrap();
        let knows = |key: &str| keys.current().map(|it| it.find(key).is_some());
        assert_eq!(knows("AKIA1"), Ok(true));
        // Of the same length, and within the tick of a clock.
        write(&KEY.replace("AKIA1", "AKIA2"));
        assert_eq!((knows("AKIA1"), knows("AKIA2")), (Ok(false), Ok(true)));
        write("[lab]\n");
        assert!(knows("AKIA2").is_err());
        write(KEY);
        assert_eq!(knows("AKIA1"), Ok(true));
        rights(0o622);
        assert!(knows("AKIA1").is_err());
        rights(0o600);
        assert_eq!(knows("AKIA1"), Ok(true));
        fs::remove_file(&path).unwrap();
        assert!(knows("AKIA1").is_err());
    }
}
