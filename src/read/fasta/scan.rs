//! One pass over a FASTA file that finds out its layout, and says where it has none.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;

use md5::{Digest, Md5};

use super::index::{Contig, FastaIndex, Stamp};
use crate::model::{Error, ErrorKind, Result};
use crate::read::Pipe;
use crate::read::bgzf::block_starts;
use crate::read::source::{Compression, Source, hex};

/// Whether to compute the MD5 of each contig, which takes most of the time of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digests {
    /// Compute it.
    Md5,
    /// Leave it empty.
    None,
}

/// Bytes of a name line that are looked at.
const MAX_NAME_LINE: usize = 1 << 16;

/// Reads a FASTA file, plain or compressed with BGZF, from front to back and gives its layout.
///
/// Fails with [`ErrorKind::Unreadable`] where the file cannot be read, is no FASTA, is compressed
/// otherwise, or where a contig has lines of several lengths, so that its bases cannot be found
/// without reading all of it.
pub fn index(path: &str, pipe: &Pipe, digests: Digests) -> Result<FastaIndex> {
    let placed = |error: Error| error.with("file", path);
    if path == "-" {
        return Err(placed(not_fasta(
            "a reference is read at many places, and standard input only once",
        ))
        .with_help("give a file"));
    }
    let source = Source::open(path, &pipe.meter)?;
    let compression = source.about().compression;
    if compression == Compression::Gzip {
        return Err(placed(not_fasta(
            "the file is compressed with gzip, which is read from front to back only",
        ))
        .with_help("inflate it, or compress it with `bgzip`"));
    }
    let open = || File::open(path).map_err(|error| crate::read::bgzf::unreadable(&error));
    let file = open().map_err(placed)?;
    let metadata =
        file.metadata().map_err(|error| placed(crate::read::bgzf::unreadable(&error)))?;
    let blocks = match compression {
        Compression::Bgzf => {
            Some(block_starts(BufReader::with_capacity(1 << 16, file)).map_err(placed)?)
        }
        _ => None,
    };
    let mut scan = Scan::new(digests);
    for text in source.texts(pipe) {
        pipe.meter.check()?;
        scan.text(text?.bytes()).map_err(placed)?;
    }
    let contigs = scan.finish().map_err(placed)?;
    Ok(FastaIndex { contigs, blocks, stamp: Stamp::of(&metadata) })
}

/// The state of a pass, between two pieces of text.
struct Scan {
    digests: Digests,
    contigs: Vec<Contig>,
    names: HashSet<String>,
    md5: Md5,
    upper: Vec<u8>,
    /// Bytes before the next one.
    offset: u64,
    line_number: u64,
    line: LineState,
    /// Whether a line of this contig was shorter than the first one, so that no base may follow.
    ended: bool,
}

/// The line under way.
#[derive(Default)]
struct LineState {
    kind: Kind,
    /// What was read of a name line.
    name: Vec<u8>,
    bases: u64,
    /// Whether the last byte was a CR, which is part of the line's end if a LF follows.
    carriage_return: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Begun,
    Name,
    Bases,
}

impl Scan {
    fn new(digests: Digests) -> Self {
        Self {
            digests,
            contigs: Vec::new(),
            names: HashSet::new(),
            md5: Md5::new(),
            upper: Vec::new(),
            offset: 0,
            line_number: 1,
            line: LineState::default(),
            ended: false,
        }
    }

    fn text(&mut self, text: &[u8]) -> Result<()> {
        let mut at = 0;
        for end in memchr::memchr_iter(b'\n', text) {
            self.piece(&text[at..end])?;
            self.end_line(true)?;
            at = end + 1;
        }
        self.piece(&text[at..])
    }

    fn finish(mut self) -> Result<Vec<Contig>> {
        if self.line.kind != Kind::Begun {
            self.end_line(false)?;
        }
        self.end_contig();
        if self.contigs.is_empty() {
            return Err(not_fasta("the file has no sequences"));
        }
        Ok(self.contigs)
    }

    /// A part of a line, without its LF.
    fn piece(&mut self, piece: &[u8]) -> Result<()> {
        let Some(first) = piece.first() else { return Ok(()) };
        self.offset += piece.len() as u64;
        if self.line.kind == Kind::Begun {
            self.line.kind = if *first == b'>' { Kind::Name } else { Kind::Bases };
        }
        if self.line.kind == Kind::Name {
            let room = MAX_NAME_LINE.saturating_sub(self.line.name.len());
            self.line.name.extend_from_slice(&piece[..room.min(piece.len())]);
            return Ok(());
        }
        if std::mem::take(&mut self.line.carriage_return) {
            return Err(self.fault("a carriage return stands inside a line"));
        }
        let bases = piece.strip_suffix(b"\r").unwrap_or(piece);
        self.line.carriage_return = bases.len() < piece.len();
        self.bases(bases)
    }

    fn bases(&mut self, bases: &[u8]) -> Result<()> {
        if bases.is_empty() {
            return Ok(());
        }
        if self.contigs.is_empty() {
            return Err(self.fault("there are bases before the first name line (`>NAME`)"));
        }
        if !bases.iter().all(|it| is_base(*it)) {
            let other = bases.iter().copied().find(|it| !is_base(*it)).unwrap_or_default();
            let other = crate::diagnostic::printable(&[other], 8);
            return Err(self.fault(&format!("`{other}` stands among the bases")));
        }
        if self.ended {
            return Err(self.fault("the lines of a contig differ in length"));
        }
        self.line.bases += bases.len() as u64;
        if self.digests == Digests::Md5 {
            self.upper.clear();
            self.upper.extend(bases.iter().map(u8::to_ascii_uppercase));
            self.md5.update(&self.upper);
        }
        Ok(())
    }

    /// Ends a line, with a LF or at the end of the file.
    fn end_line(&mut self, with_break: bool) -> Result<()> {
        self.offset += u64::from(with_break);
        let line = std::mem::take(&mut self.line);
        match line.kind {
            Kind::Name => self.begin_contig(&line.name)?,
            Kind::Bases | Kind::Begun => {
                self.end_bases(line.bases, with_break, line.carriage_return)?;
            }
        }
        self.line_number += 1;
        Ok(())
    }

    fn end_bases(&mut self, bases: u64, with_break: bool, carriage_return: bool) -> Result<()> {
        let ended = self.ended;
        let Some(contig) = self.contigs.last_mut() else { return Ok(()) };
        let width = bases + u64::from(with_break) + u64::from(carriage_return);
        if contig.length == 0 && !ended && bases > 0 {
            (contig.line_bases, contig.line_width) = (bases, width);
        }
        contig.length += bases;
        let (full, full_width) = (contig.line_bases, contig.line_width);
        self.ended |= bases < full || full == 0;
        if bases > full {
            return Err(self.fault("the lines of a contig differ in length"));
        }
        if bases == full && with_break && width != full_width {
            return Err(self.fault("the lines of a contig end in different ways (LF, CRLF)"));
        }
        Ok(())
    }

    fn begin_contig(&mut self, line: &[u8]) -> Result<()> {
        self.end_contig();
        let text = String::from_utf8_lossy(line.get(1..).unwrap_or_default()).into_owned();
        let name = text.split_ascii_whitespace().next().unwrap_or_default();
        if name.is_empty() || text.starts_with(|it: char| it.is_ascii_whitespace()) {
            return Err(self.fault("a name line has no name"));
        }
        if !self.names.insert(name.to_owned()) {
            return Err(self.fault(&format!("there are two contigs `{name}`")));
        }
        self.contigs.push(Contig {
            name: name.to_owned(),
            length: 0,
            offset: self.offset,
            line_bases: 0,
            line_width: 0,
            md5: String::new(),
        });
        self.ended = false;
        Ok(())
    }

    fn end_contig(&mut self) {
        let digest = self.md5.finalize_reset();
        if let Some(contig) = self.contigs.last_mut()
            && self.digests == Digests::Md5
        {
            contig.md5 = hex(&digest);
        }
    }

    fn fault(&self, what: &str) -> Error {
        let error = not_fasta(what).with("line", self.line_number);
        match self.contigs.last() {
            Some(contig) => error.with("contig", &contig.name),
            None => error,
        }
    }
}

/// Letters of IUPAC, and the marks for a gap and a stop, which are no base that anything aligns to.
fn is_base(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'*' | b'-')
}

fn not_fasta(what: &str) -> Error {
    Error::new(ErrorKind::Unreadable, format!("this is no FASTA file that can be indexed: {what}"))
        .with_help(
            "give a FASTA file whose contigs have lines of one length, such as `samtools faidx` \
             takes, plain or compressed with bgzip",
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str, piece: usize) -> Result<Vec<Contig>> {
        let mut scan = Scan::new(Digests::Md5);
        for piece in text.as_bytes().chunks(piece) {
            scan.text(piece)?;
        }
        scan.finish()
    }

    fn layout(text: &str) -> Vec<(String, u64, u64, u64, u64)> {
        let whole = scan(text, usize::MAX).unwrap();
        for piece in 1..text.len() {
            assert_eq!(scan(text, piece).unwrap(), whole, "pieces of {piece}");
        }
        let of =
            |it: &Contig| (it.name.clone(), it.length, it.offset, it.line_bases, it.line_width);
        whole.iter().map(of).collect()
    }

    #[test]
    fn the_layout_is_that_of_samtools_faidx() {
        let text = ">a first\nACGT\nACGT\nAC\n>b\r\nACg\r\nN\r\n>c\nA\n\n>d\n>e\nAC\nGT";
        let expected = [
            ("a", 10, 9, 4, 5),
            ("b", 4, 26, 3, 5),
            ("c", 1, 37, 1, 2),
            ("d", 0, 43, 0, 0),
            ("e", 4, 46, 2, 3),
        ];
        let expected: Vec<_> =
            expected.iter().map(|it| (it.0.to_owned(), it.1, it.2, it.3, it.4)).collect();
        assert_eq!(layout(text), expected);
    }

    #[test]
    fn md5_is_that_of_the_bases_in_upper_case() {
        let contigs = scan(">a\nacg\nt\n>b\nACGT", 2).unwrap();
        assert_eq!(contigs[0].md5, "f1f8f4bf413b16ad135722aa4591043e");
        assert_eq!(contigs[1].md5, contigs[0].md5);
    }

    #[test]
    fn faults_are_told_with_their_line() {
        let cases = [
            ("ACGT\n", "before the first name line", 1),
            (">a\nACG\nAC\nACG\n", "differ in length", 4),
            (">a\nAC\nACG\n", "differ in length", 3),
            (">a\nAC\n\nAC\n", "differ in length", 4),
            (">a\nAC\r\nAC\n", "end in different ways", 3),
            (">a\nA1\n", "`1` stands among", 2),
            (">a\nA\n>a\nA\n", "two contigs `a`", 3),
            (">\nA\n", "no name", 1),
            ("", "no sequences", 0),
        ];
        for (text, message, line) in cases {
            let error = scan(text, 1).unwrap_err();
            assert!(error.message().contains(message), "{text:?}: {error}");
            let told = error.context().iter().find(|it| it.0 == "line").map(|it| it.1.clone());
            assert_eq!(told, (line > 0).then(|| line.to_string()), "{text:?}");
        }
    }
}
