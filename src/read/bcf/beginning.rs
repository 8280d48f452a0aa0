//! How a BCF file begins: what it is, and the header as text.

use std::io::Read;

use super::super::bgzf::unreadable;
use super::super::chunk::Text;
use super::ByteTexts;
use super::damage::{Damage, cut};
use super::dictionary::{Dictionary, Name};
use crate::model::{Error, ErrorKind, Result};

/// What a file of BCF 2 begins with; its minor version follows.
pub const MAGIC: &[u8] = b"BCF\x02";

/// Bytes before the text of the header: the magic, the minor version, the length of the text.
const HEAD: usize = MAGIC.len() + 1 + 4;
/// Bytes of a header that are read at once where nothing else is wanted.
const READ_AT_ONCE: u64 = 64 << 10;
/// The longest text of a header.
const MAX_HEADER: usize = 256 << 20;

/// The beginning of a file.
pub struct Beginning {
    /// The text of the header, with a line break at its end.
    pub header: Text,
    /// What the numbers of records stand for.
    pub dictionary: Dictionary,
    /// The bytes behind the header.
    pub rest: ByteTexts,
    /// Where those begin in the file.
    pub offset: u64,
}

impl Beginning {
    /// Reads the header off the inflated bytes of a file.
    pub fn read(mut bytes: ByteTexts) -> Result<Self> {
        let mut start = Vec::new();
        fill(&mut start, &mut bytes, HEAD)?;
        check_version(&start)?;
        let [.., a, b, c, d] = start[..HEAD] else { return Err(cut(ENDS, None)) };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > MAX_HEADER {
            return Err(Damage("its header claims to be longer than 256 MiB").error());
        }
        let end = HEAD + length;
        fill(&mut start, &mut bytes, end)?;
        let text = &start[HEAD..end];
        // What follows a NUL is filled up.
        let text = &text[..memchr::memchr(0, text).unwrap_or(length)];
        let dictionary = Dictionary::of_header(text)?;
        let is_open = !text.is_empty() && !text.ends_with(b"\n");
        let header = Text::copied(&[text, if is_open { b"\n" } else { b"" }].concat());
        let rest = Text::copied(&start[end..]);
        let rest = Box::new(std::iter::once(Ok(rest)).chain(bytes));
        Ok(Self { header, dictionary, rest, offset: end as u64 })
    }
}

/// The contigs of a BCF file whose inflated bytes these are, in the order of their numbers; none
/// where a number stands for nothing. An error where this is no BCF.
pub fn contigs(mut bytes: impl Read + Send + 'static) -> Result<Vec<Option<String>>> {
    let texts = std::iter::from_fn(move || {
        let mut text = Vec::new();
        match bytes.by_ref().take(READ_AT_ONCE).read_to_end(&mut text) {
            Ok(0) => None,
            Ok(_) => Some(Ok(Text::copied(&text))),
            Err(error) => Some(Err(unreadable(&error))),
        }
    });
    let dictionary = Beginning::read(Box::new(texts))?.dictionary;
    let text = |it: &Name| String::from_utf8_lossy(&it.text).into_owned();
    Ok(dictionary.contigs.all().map(|it| it.map(text)).collect())
}

const ENDS: &str = "it ends inside its header";

/// Reads on until there are so many bytes.
fn fill(start: &mut Vec<u8>, bytes: &mut ByteTexts, length: usize) -> Result<()> {
    while start.len() < length {
        let text = bytes.next().ok_or_else(|| cut(ENDS, None))??;
        start.extend_from_slice(text.bytes());
    }
    Ok(())
}

fn check_version(start: &[u8]) -> Result<()> {
    match start.strip_prefix(MAGIC) {
        Some([1 | 2, ..]) => Ok(()),
        Some([minor, ..]) => {
            let message = format!("the file is BCF 2.{minor}, and 2.1 and 2.2 are read");
            Err(Error::new(ErrorKind::Unreadable, message)
                .with_help("convert it with `bcftools view -Oz -o FILE.vcf.gz`"))
        }
        _ => Err(Damage("it does not begin as BCF 2 does").error()),
    }
}
