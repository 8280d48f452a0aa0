//! The first part of a file, as text.

use std::sync::Arc;

use super::notes::Notes;
use crate::model::{Error, ErrorKind, Result};
use crate::read::chunk::MAX_LINE;
use crate::read::recognize::{Content, FileKind};
use crate::read::source::{Input, Source};
use crate::read::tsv::Utf8Evidence;
use crate::read::{Meter, Pipe};

/// Bytes of inflated text that are looked at, unless the first line is longer.
const SAMPLE_BYTES: usize = 1 << 20;
/// Lines that a sample has at least, be they longer than that: a header, and rows to go by.
const LEAST_LINES: usize = 3;

/// The first part of a file.
pub struct Sample {
    /// The text, without byte order mark; whole lines unless the file's last one has no end.
    pub text: String,
    /// Whether that is all of the file.
    pub complete: bool,
    /// The encoding that `readOptions` have to name.
    pub encoding: &'static str,
}

/// Reads the first part of an input.
pub fn take(input: &Input, pipe: &Pipe, notes: &mut Notes) -> Result<Sample> {
    let path = input.name();
    let (mut bytes, complete) = first_bytes(input, pipe, notes)?;
    if bytes.contains(&0) && std::str::from_utf8(&bytes).is_err() {
        let help = "give a table as text, plain or compressed with bgzip or gzip";
        return Err(refusal(path, "a binary file", help));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
        notes.add("the file begins with a byte order mark, which the service drops");
    }
    let (text, encoding) = decode(bytes, notes);
    other_kind(path, &text, notes)?;
    Ok(Sample { text, complete, encoding })
}

/// Refuses what is no table to guess at, and says which command takes it.
fn other_kind(path: &str, text: &str, notes: &mut Notes) -> Result<()> {
    let calls_itself_gff = text.starts_with("##gff-version");
    let kind = match FileKind::by_content(text.as_bytes()) {
        Some(FileKind::Gff) if !calls_itself_gff => Some(FileKind::Gff),
        None | Some(FileKind::Table | FileKind::Bed) => FileKind::by_name(path),
        found => found,
    };
    match kind {
        Some(it @ FileKind::Vcf) if text.starts_with("##fileformat=VCF") => {
            let help = "a VCF store needs no options: make one with \
                        `store create --store-format VCF`";
            Err(refusal(path, it.called(), help))
        }
        Some(it @ FileKind::Gff) if calls_itself_gff => {
            let help = "a GFF store needs no options: make one with \
                        `store create --store-format GFF`";
            Err(refusal(path, it.called(), help))
        }
        Some(it @ (FileKind::Sam | FileKind::Fasta)) => {
            Err(refusal(path, it.called(), "give a table of annotations"))
        }
        Some(it @ (FileKind::Gff | FileKind::Gtf)) => {
            notes.add(format!(
                "this is {}, which a GFF store takes and needs no options for: make one with \
                 `store create --store-format GFF`; `check --store-format GFF` reads it so",
                it.called()
            ));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn refusal(path: &str, what: &str, help: &str) -> Error {
    Error::new(ErrorKind::Unreadable, format!("this is {what}")).with("file", path).with_help(help)
}

/// Whole lines of about [`SAMPLE_BYTES`], and whether they are the whole file.
fn first_bytes(input: &Input, pipe: &Pipe, notes: &mut Notes) -> Result<(Vec<u8>, bool)> {
    // A meter of its own: what is read here is read again by whoever proves the types.
    let meter = Meter { stop: Arc::clone(&pipe.meter.stop), ..Meter::default() };
    let pipe = Pipe { meter: Arc::new(meter), ..pipe.clone() };
    let source = Source::open_with(input, &pipe.meter, Content::Variants)?;
    if let Some(message) = source.disagreement() {
        notes.add(format!("{message}: the service goes by the name"));
    }
    let mut bytes = Vec::new();
    for text in source.texts(&pipe) {
        pipe.meter.check()?;
        bytes.extend_from_slice(text?.bytes());
        let end = if bytes.len() > SAMPLE_BYTES { cut(&bytes) } else { None };
        let is_long = bytes.len() > MAX_LINE;
        if let Some(end) = end.filter(|it| is_long || has_rows(&bytes[..*it])) {
            bytes.truncate(end);
            return Ok((bytes, false));
        }
        if is_long {
            return Err(refusal(
                input.name(),
                "no table: its first line is longer than 64 MiB",
                "check that its lines end in a newline",
            ));
        }
    }
    Ok((bytes, true))
}

/// Where the last line ends within the sample. Where that is not enough of lines, the last one of
/// all that were read.
fn cut(bytes: &[u8]) -> Option<usize> {
    let last = |bytes: &[u8]| {
        let end = memchr::memrchr(b'\n', bytes).or_else(|| memchr::memrchr(b'\r', bytes));
        end.map(|it| it + 1)
    };
    last(&bytes[..SAMPLE_BYTES]).filter(|it| has_rows(&bytes[..*it])).or_else(|| last(bytes))
}

/// Whether there are lines enough that are no comments.
fn has_rows(bytes: &[u8]) -> bool {
    let is_row = |it: &&[u8]| {
        it.first().is_some_and(|it| !b"#!%".contains(it)) && it.iter().any(|it| *it > b' ')
    };
    let lines = bytes.split(|it| matches!(it, b'\n' | b'\r')).filter(is_row);
    lines.take(LEAST_LINES).count() == LEAST_LINES
}

/// UTF-8 where it is that but for a few bytes, for which the service puts U+FFFD; else one of the
/// two encodings that any bytes may be.
fn decode(bytes: Vec<u8>, notes: &mut Notes) -> (String, &'static str) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, "UTF-8"),
        Err(error) => error.into_bytes(),
    };
    let utf8 = Utf8Evidence::of(&bytes);
    if utf8.is_utf8_but_for_some() {
        let bad = utf8.bad;
        let places = if bad == 1 { "one place".to_owned() } else { format!("{bad} places") };
        notes.add(format!(
            "the file is UTF-8 but for {places}, the first in line {}: \
             the service puts U+FFFD there, and `annostore check` names the rows",
            utf8.first_bad_line
        ));
        return (String::from_utf8_lossy(&bytes).into_owned(), "UTF-8");
    }
    // Control characters in ISO-8859-1, but quotes, dashes and the euro sign in windows-1252.
    let windows = bytes.iter().any(|it| (0x80..0xa0).contains(it));
    let encoding = if windows { "windows-1252" } else { "ISO-8859-1" };
    notes.add(format!("the file is not UTF-8; encoding {encoding} is a guess"));
    (bytes.iter().map(|it| char::from(*it)).collect(), encoding)
}
