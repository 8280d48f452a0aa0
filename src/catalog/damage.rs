//! Whether a data file is still what an import wrote.

use std::io;

use sha2::{Digest, Sha256};

use super::resource::DataFile;
use crate::model::Result;
use crate::read::source::hex;
use crate::write::{BlockChecksums, BlockHasher};

/// How much is read at once.
const AT_ONCE: usize = 1 << 20;
/// Damaged stretches of a file that are told one by one.
const TOLD: usize = 3;

impl DataFile {
    /// Reads all of the file, and says how it differs from what the import wrote, where it does, as
    /// in "is missing". `read` is told how many bytes were read each time; its error ends the
    /// reading, as does a server that does not answer.
    pub fn fault(&self, mut read: impl FnMut(u64) -> Result<()>) -> Result<Option<String>> {
        let unread = |error: &io::Error| match self.place.unanswered(error) {
            Some(failure) => Err(failure),
            None => Ok(Some(format!("cannot be read: {error}"))),
        };
        let mut file = match self.place.stream() {
            Ok((file, size)) if size == self.bytes => file,
            Ok((_, size)) => {
                let fault = format!("is damaged: it has {size} bytes instead of {}", self.bytes);
                return Ok(Some(fault));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Some("is missing".to_owned()));
            }
            Err(error) => return unread(&error),
        };
        let (mut digest, mut blocks) = (Sha256::new(), BlockHasher::default());
        let mut buffer = vec![0; AT_ONCE];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    digest.update(&buffer[..count]);
                    blocks.update(&buffer[..count]);
                    read(count as u64)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return unread(&error),
            }
        }
        Ok(self.difference(&hex(&digest.finalize()), &blocks.finish()))
    }

    fn difference(&self, sha256: &str, blocks: &BlockChecksums) -> Option<String> {
        let places = self.checksums.as_ref().map(|it| it.differences(blocks)).unwrap_or_default();
        let told: Vec<String> = places
            .iter()
            .take(TOLD)
            .map(|it| format!("{} to {}", it.start, it.end.min(self.bytes).saturating_sub(1)))
            .collect();
        let is_known = self.sha256.is_empty() || self.sha256 == sha256;
        match places.len() {
            0 if is_known => None,
            _ if is_known && !self.sha256.is_empty() => Some(
                "has checksums in the catalog that are not its own: the catalog is damaged"
                    .to_owned(),
            ),
            0 => Some("is damaged: its SHA-256 is not that of the import".to_owned()),
            many => {
                let more = if many > TOLD { " and others" } else { "" };
                let places = told.join(", ");
                Some(format!("is damaged: its bytes {places}{more} are not those of the import"))
            }
        }
    }
}
