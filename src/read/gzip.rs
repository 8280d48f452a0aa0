//! Gzip: members one after the other, and what may stand behind the last one.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::bufread::GzDecoder;

/// What every member begins with.
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Inflates all members of a gzip file. Zeros behind the last one are no damage, as for
/// `gzip -t`: files are filled up with them to the size of a block. Anything else is an error.
pub struct Members<R> {
    /// The member under way; none once the file has ended.
    member: Option<GzDecoder<R>>,
    /// Set once there is a second member.
    several: Arc<AtomicBool>,
}

impl<R: BufRead> Members<R> {
    /// The members of a file.
    pub fn new(input: R) -> Self {
        Self { member: Some(GzDecoder::new(input)), several: Arc::default() }
    }

    /// The members of a file; sets `several` once there is a second one.
    pub fn telling(input: R, several: &Arc<AtomicBool>) -> Self {
        Self { several: Arc::clone(several), ..Self::new(input) }
    }

    /// Goes on behind the end of a member.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(ended) = self.member.take() else { return Ok(()) };
        let mut input = ended.into_inner();
        match fill(&mut input)?.first() {
            None => {}
            Some(0) => skip_zeros(input)?,
            Some(byte) if *byte == MAGIC[0] => {
                self.member = Some(GzDecoder::new(input));
                self.several.store(true, Ordering::Relaxed);
            }
            Some(_) => return Err(BehindEnd.into()),
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            match member.read(buffer) {
                Ok(0) if !buffer.is_empty() => self.next_member()?,
                // The magic bytes alone do not make a member.
                Err(error)
                    if error.kind() == io::ErrorKind::InvalidInput
                        && self.several.load(Ordering::Relaxed) =>
                {
                    return Err(BehindEnd.into());
                }
                outcome => return outcome,
            }
        }
        Ok(0)
    }
}

/// What comes next of an input, nothing at its end.
fn fill<R: BufRead>(input: &mut R) -> io::Result<&[u8]> {
    loop {
        match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    // There by now.
    input.fill_buf()
}

fn skip_zeros(mut input: impl BufRead) -> io::Result<()> {
    loop {
        let next = fill(&mut input)?;
        if next.is_empty() {
            return Ok(());
        }
        if next.iter().any(|it| *it != 0) {
            return Err(BehindEnd.into());
        }
        let count = next.len();
        input.consume(count);
    }
}

/// Something stands behind the end of the last member.
#[derive(Clone, Copy, Debug)]
pub struct BehindEnd;

impl fmt::Display for BehindEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("something stands behind the end of the gzip data")
    }
}

impl std::error::Error for BehindEnd {}

impl From<BehindEnd> for io::Error {
    fn from(behind: BehindEnd) -> Self {
        Self::new(io::ErrorKind::InvalidData, behind)
    }
}

impl BehindEnd {
    /// Whether a reader failed for this.
    pub fn is(error: &io::Error) -> bool {
        error.get_ref().and_then(|it| it.downcast_ref::<Self>()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Write as _};

    use flate2::write::GzEncoder;

    use super::*;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Read in buffers of one byte and of many: neither shows.
    fn inflated(parts: &[&[u8]]) -> io::Result<Vec<u8>> {
        let bytes = parts.concat();
        let inflate = |room| {
            let mut text = Vec::new();
            let mut members = Members::new(BufReader::with_capacity(room, bytes.as_slice()));
            members.read_to_end(&mut text).map(|_| text)
        };
        let (one, many) = (inflate(1), inflate(4096));
        assert_eq!(one.as_ref().ok(), many.as_ref().ok());
        many
    }

    #[test]
    fn members_are_one_text_and_zeros_behind_them_nothing() {
        let (one, two) = (member(b"one\n"), member(b"two\n"));
        assert_eq!(inflated(&[&one, &two]).unwrap(), b"one\ntwo\n");
        assert_eq!(inflated(&[&one, &member(b""), &two]).unwrap(), b"one\ntwo\n");
        assert_eq!(inflated(&[&one, &[0; 9000]]).unwrap(), b"one\n");
    }

    #[test]
    fn anything_else_behind_them_is_said_to_be_there() {
        let one = member(b"one\n");
        let junk = [b"JUNK".as_slice(), b"a longer text than a header", b"\x1f\x8cjunk and more"];
        let padded = [&[0; 500][..], b"x"].concat();
        for behind in junk.into_iter().chain([&padded[..], &[&[0; 4], &one[..]].concat()]) {
            assert!(BehindEnd::is(&inflated(&[&one, behind]).unwrap_err()), "{behind:?}");
        }
    }

    #[test]
    fn a_member_that_is_cut_is_no_junk() {
        let one = member(b"one\n");
        for cut in [&one[..1], &one[..12], &one[..one.len() - 1]] {
            let error = inflated(&[&one, cut]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{error}");
        }
    }
}
