//! Formats that are not read.

use serde::de::IgnoredAny;

use super::peek::{MARK, first_bytes, inflated};
use crate::model::{Error, ErrorKind};
use crate::read::input::Input;
use crate::read::{bcf, gzip};

/// What an input may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Variants: VCF as text, or as BCF.
    Variants,
    /// Lines of text in a form: no document of another kind.
    Text,
    /// Lines of text in any form, JSON among them.
    Lines,
    /// Text in an encoding that has NUL in it, such as UTF-16.
    Wide,
}

/// A format that is not read, with what to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What it is: `a zip archive`.
    pub what: &'static str,
    /// What to do.
    pub help: &'static str,
}

impl Foreign {
    /// The refusal of a file.
    pub fn refusal(self, file: &str) -> Error {
        Error::new(ErrorKind::Unreadable, format!("this is {}", self.what))
            .with("file", file)
            .with_help(self.help)
    }
}

const fn foreign(what: &'static str, help: &'static str) -> Foreign {
    Foreign { what, help }
}

const GIVE_TEXT: &str = "give a VCF, TSV or GFF3 file, plain or compressed with bgzip or gzip";
const SAVE_AS_TEXT: &str = "save the sheet as tab-separated text in UTF-8";

/// Formats that their first bytes tell.
const MAGIC: [(&[u8], Foreign); 21] = [
    (
        b"\xfd7zXZ\0",
        foreign("an xz file", "inflate it with `xz -d`, and compress it with bgzip or gzip"),
    ),
    (
        b"\x28\xb5\x2f\xfd",
        foreign("a zstd file", "inflate it with `zstd -d`, and compress it with bgzip or gzip"),
    ),
    (
        b"BZh",
        foreign("a bzip2 file", "inflate it with `bzip2 -d`, and compress it with bgzip or gzip"),
    ),
    (b"7z\xbc\xaf\x27\x1c", foreign("a 7z archive", "unpack it, and give the file in it")),
    (b"Rar!\x1a\x07", foreign("a rar archive", "unpack it, and give the file in it")),
    (b"PAR1", foreign("a Parquet file", "give the VCF, TSV or GFF3 file that it was made from")),
    (b"BCF\x02", foreign("a BCF file", "give it to a VCF store, or say `--store-format VCF`")),
    (b"BAM\x01", foreign("a BAM file", "give a VCF, TSV or GFF3 file")),
    (b"CRAM", foreign("a CRAM file", "give a VCF, TSV or GFF3 file")),
    (b"TBI\x01", foreign("a tabix index", "give the file that it belongs to")),
    (b"CSI\x01", foreign("a CSI index", "give the file that it belongs to")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        foreign("a document of an older Excel or Word", SAVE_AS_TEXT),
    ),
    (b"%PDF-", foreign("a PDF document", GIVE_TEXT)),
    (b"SQLite format 3\0", foreign("an SQLite database", "write its table as lines of text")),
    (b"\x89HDF\r\n\x1a\n", foreign("an HDF5 file", "write its table as lines of text")),
    (b"\x26\xfc\x8f\x88", foreign("a bigWig file", "convert it with `bigWigToBedGraph`")),
    (b"\x88\x8f\xfc\x26", foreign("a bigWig file", "convert it with `bigWigToBedGraph`")),
    (b"\xeb\xf2\x89\x87", foreign("a bigBed file", "convert it with `bigBedToBed`")),
    (b"\x87\x89\xf2\xeb", foreign("a bigBed file", "convert it with `bigBedToBed`")),
    (
        b"version https://git-lfs.github.com/spec/",
        foreign(
            "a pointer of Git LFS, not the file itself",
            "fetch the file with `git lfs pull`, or download it from where it is kept",
        ),
    ),
    (
        b"/annex/objects/",
        foreign("a pointer of git-annex, not the file itself", "fetch it with `git annex get`"),
    ),
];

const ZIP: Foreign =
    foreign("a zip archive", "unpack it, and compress the file with bgzip or gzip");
const EXCEL: Foreign = foreign("an Excel workbook (.xlsx)", SAVE_AS_TEXT);
const TAR: Foreign = foreign("a tar archive", "unpack it with `tar -xf`, and give the file in it");
const BINARY: Foreign = foreign("a binary file", GIVE_TEXT);
const UTF_16_LE: Foreign = foreign(
    "UTF-16 text (little-endian)",
    "convert it with `iconv -f UTF-16LE -t UTF-8`: lines of UTF-16 are not split as UTF-8 is",
);
const UTF_16_BE: Foreign = foreign(
    "UTF-16 text (big-endian)",
    "convert it with `iconv -f UTF-16BE -t UTF-8`: lines of UTF-16 are not split as UTF-8 is",
);
const UTF_16_MARKED: Foreign = foreign(
    "UTF-16 text",
    "convert it with `iconv -f UTF-16 -t UTF-8`: the service cannot read its byte order mark",
);
const HTML: Foreign =
    foreign("an HTML page", "download the file itself, not the page about it or an error page");
const XML: Foreign = foreign(
    "an XML document",
    "if it is the answer of a server, download the file again; \
     else write its records as lines of tab-separated fields",
);
const WIGGLE: Foreign = foreign(
    "a wiggle file",
    "make bedGraph of it, with a place in each row: `wigToBigWig` and then `bigWigToBedGraph`",
);
const JSON: Foreign = foreign(
    "a JSON document",
    "write its records as lines of fields, for example with `jq -r '... | @tsv'`",
);

const UTF_32: Foreign = foreign("UTF-32 text", "convert it with `iconv -f UTF-32 -t UTF-8`");
const UTF_32_LE: Foreign =
    foreign("UTF-32 text (little-endian)", "convert it with `iconv -f UTF-32LE -t UTF-8`");
const UTF_32_BE: Foreign =
    foreign("UTF-32 text (big-endian)", "convert it with `iconv -f UTF-32BE -t UTF-8`");
const FASTQ: Foreign = foreign("a FASTQ file", GIVE_TEXT);
const GENBANK: Foreign = foreign("a GenBank file", "convert it to GFF3, for example with `seqret`");
const INTERVAL_LIST: Foreign = foreign(
    "a table below a header of SAM, such as an interval list of Picard",
    "remove the lines that begin with `@`, for example with `grep -v '^@'`; \
     its positions count from 1",
);

/// Formats of text that the beginning of their first line tells.
const TEXTS: [(&str, Foreign); 2] = [
    ("format-version: ", foreign("an OBO ontology", GIVE_TEXT)),
    ("##maf ", foreign("an alignment in MAF (Multiple Alignment Format)", GIVE_TEXT)),
];

/// What the first bytes of an input tell, where it is nothing that is read.
pub fn foreign_content(start: &[u8], content: Content) -> Option<Foreign> {
    let is_gzip = start.starts_with(&gzip::MAGIC);
    let inside = if is_gzip { inflated(start) } else { Vec::new() };
    let text = if is_gzip { &inside[..] } else { start };
    if content == Content::Variants && text.starts_with(bcf::MAGIC) {
        return None;
    }
    if let Some(found) = archive(start).or_else(|| archive(text)) {
        return Some(found);
    }
    if content == Content::Wide {
        return None;
    }
    if let Some(found) = utf_16(text) {
        return Some(found);
    }
    let is_cut = |it: std::str::Utf8Error| it.error_len().is_none();
    if text.contains(&0) && !std::str::from_utf8(text).map_or_else(is_cut, |_| true) {
        return Some(BINARY);
    }
    if let Some(found) = text_format(text) {
        return Some(found);
    }
    markup(text).or_else(|| {
        (matches!(content, Content::Variants | Content::Text) && is_json(text)).then_some(JSON)
    })
}

/// A format of text that its first lines tell.
fn text_format(text: &[u8]) -> Option<Foreign> {
    if is_wiggle(text) {
        return Some(WIGGLE);
    }
    let mut lines = text.split(|it| *it == b'\n').map(<[u8]>::trim_ascii_end);
    let first = lines.next()?;
    if first.starts_with(b"@") {
        let mut below = lines.clone();
        let (bases, plus) = (below.next()?, below.next()?);
        // The last line may be cut.
        let has_qualities = below.next().is_some_and(|it| it.len() <= bases.len());
        if plus.starts_with(b"+") && !bases.is_empty() && has_qualities {
            return Some(FASTQ);
        }
        let row = lines.find(|it| !it.starts_with(b"@"))?;
        let columns = memchr::memchr_iter(b'\t', row).count() + 1;
        let is_header_of_sam = [&b"@HD\t"[..], b"@SQ\t"].iter().any(|it| first.starts_with(it));
        return (is_header_of_sam && (2..11).contains(&columns)).then_some(INTERVAL_LIST);
    }
    if first.starts_with(b"LOCUS  ") && memchr::memmem::find(first, b" bp").is_some() {
        return Some(GENBANK);
    }
    TEXTS.iter().find(|it| first.starts_with(it.0.as_bytes())).map(|it| it.1)
}

/// Wiggle, whose rows have no places of their own: behind comments, `track` and `browser` comes a
/// line that says where the values below it lie.
fn is_wiggle(text: &[u8]) -> bool {
    let is_above = |line: &[u8]| {
        line.trim_ascii().is_empty()
            || [&b"#"[..], b"track ", b"browser "].iter().any(|it| line.starts_with(it))
    };
    let first = text.split(|it| matches!(it, b'\n' | b'\r')).find(|it| !is_above(it));
    first.is_some_and(|it| it.starts_with(b"fixedStep ") || it.starts_with(b"variableStep "))
}

fn archive(text: &[u8]) -> Option<Foreign> {
    if text.starts_with(b"PK\x03\x04") {
        let is_excel = [&b"[Content_Types].xml"[..], b"xl/", b"_rels/.rels"];
        let is_excel = is_excel.iter().any(|it| memchr::memmem::find(text, it).is_some());
        return Some(if is_excel { EXCEL } else { ZIP });
    }
    if text.get(257..262) == Some(b"ustar") {
        return Some(TAR);
    }
    MAGIC.iter().find(|(magic, _)| text.starts_with(magic)).map(|it| it.1)
}

/// UTF-16 with its byte order mark, or without: every other byte of the ASCII characters, of which
/// any table has some, is NUL.
fn utf_16(text: &[u8]) -> Option<Foreign> {
    if text.starts_with(b"\xff\xfe\0\0") || text.starts_with(b"\0\0\xfe\xff") {
        return Some(UTF_32);
    }
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Some(UTF_16_MARKED);
    }
    // Four bytes of another text are no character.
    let is_utf_32 = |unit: fn([u8; 4]) -> u32| {
        let mut units = text.chunks_exact(4).map(|it| unit([it[0], it[1], it[2], it[3]]));
        text.len() > 8 && units.all(|it| char::from_u32(it).is_some_and(is_of_text))
    };
    let pairs = text.len() / 2;
    let zeros = |odd| text.iter().skip(odd).step_by(2).filter(|it| **it == 0).count();
    let (of_big, of_little) = (zeros(0), zeros(1));
    let is_text = |unit: fn([u8; 2]) -> u16| {
        let units = text.chunks_exact(2).map(|it| unit([it[0], it[1]]));
        let mut chars = char::decode_utf16(units).collect::<Vec<_>>();
        // The last character may be cut.
        chars.pop();
        chars.iter().all(|it| it.as_ref().is_ok_and(|it| is_of_text(*it)))
    };
    if is_utf_32(u32::from_le_bytes) {
        Some(UTF_32_LE)
    } else if is_utf_32(u32::from_be_bytes) {
        Some(UTF_32_BE)
    } else if pairs < 4 {
        None
    } else if of_little > pairs / 4 && of_big == 0 && is_text(u16::from_le_bytes) {
        Some(UTF_16_LE)
    } else if of_big > pairs / 4 && of_little == 0 && is_text(u16::from_be_bytes) {
        Some(UTF_16_BE)
    } else {
        None
    }
}

fn is_of_text(it: char) -> bool {
    !it.is_control() || matches!(it, '\t' | '\n' | '\r')
}

/// What pages and parts of pages begin with.
const HTML_TAGS: [&str; 16] = [
    "html", "head", "body", "script", "style", "title", "meta", "link", "div", "table", "pre",
    "center", "h1", "h2", "h3", "p",
];

/// HTML, with or without its doctype, and XML. A value may begin with `<`, as `<DEL>` does.
fn markup(text: &[u8]) -> Option<Foreign> {
    let text = text.strip_prefix(MARK).unwrap_or(text).trim_ascii_start();
    if let Some(comment) = text.strip_prefix(b"<!--") {
        let end = memchr::memmem::find(comment, b"-->").map_or(comment.len(), |it| it + 3);
        return markup(&comment[end..]).or(Some(HTML));
    }
    if text.first() != Some(&b'<') {
        return None;
    }
    let begins = |name: &&str| {
        let (name, rest) = (name.as_bytes(), &text[1..]);
        let is_name = rest.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
        let ends = rest.get(name.len()).is_none_or(|it| !it.is_ascii_alphanumeric());
        is_name && ends
    };
    if begins(&"!doctype html") || HTML_TAGS.iter().any(begins) {
        return Some(HTML);
    }
    // `Error` is what S3 answers with.
    ["?xml", "!doctype", "error"].iter().any(begins).then_some(XML)
}

/// JSON that is whole in its first line, or goes on beyond it.
fn is_json(text: &[u8]) -> bool {
    let text = text.strip_prefix(MARK).unwrap_or(text).trim_ascii_start();
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return false;
    }
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let rest = &text[values.byte_offset()..];
            let line = rest.split(|it| *it == b'\n').next().unwrap_or_default();
            line.trim_ascii().is_empty() || line.trim_ascii() == b","
        }
        // What is here of it is sound.
        Some(Err(error)) => error.is_eof() && memchr::memchr(b'\t', text).is_none(),
        None => false,
    }
}

/// Whether the first bytes of an input are those of BCF, compressed or not.
pub fn is_bcf(start: &[u8]) -> bool {
    let is_gzip = start.starts_with(&gzip::MAGIC);
    start.starts_with(bcf::MAGIC) || is_gzip && inflated(start).starts_with(bcf::MAGIC)
}

/// What an input is where it is nothing that is read.
pub fn foreign_input(input: &Input) -> Option<Foreign> {
    foreign_content(&first_bytes(input)?, Content::Variants)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(start: &[u8]) -> Option<&'static str> {
        foreign_content(start, Content::Text).map(|it| it.what)
    }

    fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf_16_is_told_by_its_zeros() {
        let table = "chrom\tpos\n1\t5\n";
        assert_eq!(what(&wide(table, u16::to_le_bytes)), Some("UTF-16 text (little-endian)"));
        assert_eq!(what(&wide(table, u16::to_be_bytes)), Some("UTF-16 text (big-endian)"));
        let mixed = wide("名前\t値\n遺伝子\t1.5\nab\t2\n", u16::to_le_bytes);
        assert_eq!(what(&mixed), Some("UTF-16 text (little-endian)"));
        assert_eq!(what(&mixed[..mixed.len() - 1]), Some("UTF-16 text (little-endian)"));
        assert_eq!(what(b"\xff\xfea\0\n\0"), Some("UTF-16 text"));
        assert_eq!(what(b"\xff\xfe\0\0a\0\0\0"), Some("UTF-32 text"));
        let units = |bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
            table.chars().flat_map(|it| bytes(it.into())).collect()
        };
        assert_eq!(what(&units(u32::to_le_bytes)), Some("UTF-32 text (little-endian)"));
        assert_eq!(what(&units(u32::to_be_bytes)), Some("UTF-32 text (big-endian)"));
        assert_eq!(foreign_content(&mixed, Content::Wide), None);
        // Numbers of 16 bits are no text, and a text may have a NUL.
        assert_eq!(what(b"\x01\0\x02\0\x03\0\xff\xff\x05\0"), Some("a binary file"));
        assert_eq!(what(b"a\0b\tc\nd\te\n"), None);
    }

    #[test]
    fn documents_are_no_tables() {
        for (text, expected) in [
            ("<html>\n<body>404</body></html>\n", Some("an HTML page")),
            ("\n  <!DOCTYPE html><p>", Some("an HTML page")),
            ("<HEAD><TITLE>x", Some("an HTML page")),
            ("<?xml version=\"1.0\"?>\n<Error>", Some("an XML document")),
            ("<Error><Code>AccessDenied</Code>", Some("an XML document")),
            ("<DEL>\t5\n", None),
            ("<header>\tx\n", None),
            ("{\"a\": 1}\n{\"a\": 2}\n", Some("a JSON document")),
            ("[\n  {\"a\": \"b", Some("a JSON document")),
            ("[1, 2]\tx\n", None),
            (
                "track type=wiggle_0\n#x\nfixedStep chrom=1 start=1 step=1\n5\n",
                Some("a wiggle file"),
            ),
            ("variableStep chrom=1\n5 6\n", Some("a wiggle file")),
            ("track type=wiggle_0\nchr1\t1\t5\t0.1\n", None),
            ("fixedStep\tn\na\t1\n", None),
            ("@r1\nACGT\n+\nIIII\n", Some("a FASTQ file")),
            ("@r1\tx\nACGT\t5\n", None),
            ("@HD\tVN:1\n@SQ\tSN:1\n1\t5\t9\t+\ta\n", Some(INTERVAL_LIST.what)),
            ("format-version: 1.2\nontology: hp\n", Some("an OBO ontology")),
            ("LOCUS       X 100 bp\n", Some("a GenBank file")),
            ("LOCUS       NAME\nrs1         a\n", None),
            ("<div>\n<p>a</p>", Some("an HTML page")),
            ("<!-- saved -->\n<!--x--><?xml version=\"1.0\"?>", Some("an XML document")),
            ("<!-- x -->\nNot found", Some("an HTML page")),
            ("<h1>Not found</h1>", Some("an HTML page")),
            ("<p>Not found</p>", Some("an HTML page")),
            ("<DUP>\t5\n", None),
            ("{gene}\tx\n", None),
            ("{\"a\": 1},x\n", None),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", MAGIC_OF_LFS),
        ] {
            assert_eq!(what(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(foreign_content(b"{\"a\": 1}\n", Content::Lines), None);
    }

    const MAGIC_OF_LFS: Option<&str> = Some("a pointer of Git LFS, not the file itself");

    #[test]
    fn archives_are_told_from_workbooks() {
        assert_eq!(what(b"PK\x03\x04\x14\0\0\0\x08\0name.tsv"), Some("a zip archive"));
        let workbook = b"PK\x03\x04\x14\0\x06\0[Content_Types].xml";
        assert_eq!(what(workbook), Some("an Excel workbook (.xlsx)"));
        let mut tar = [0; 512];
        tar[..5].copy_from_slice(b"a.vcf");
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(what(&tar), Some("a tar archive"));
    }
}
