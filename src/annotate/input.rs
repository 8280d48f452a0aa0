//! The file that is annotated: its header, and those of its records that are looked at.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::header::with_lines;
use super::region::Regions;
use crate::emit::{BCF, Emitter, Target, Undeclared};
use crate::model::{Error, ErrorKind, Result};
use crate::query::Region;
use crate::read::Pipe;
use crate::read::chunk::{Chunks, Text};
use crate::read::ordered::ordered;
use crate::read::recognize::Content;
use crate::read::source::{Input, Source, Texts};
use crate::read::vcf::{Header, declared_in};

/// A file whose header has been read.
pub struct OpenInput {
    /// The file, or the part of it that has all records in the regions.
    input: Input,
    /// The lines of its records.
    pub chunks: Chunks<Texts>,
    /// The lines before them.
    pub text: Vec<u8>,
    /// What those say.
    pub header: Header,
    /// The regions that records have to overlap.
    pub regions: Regions,
    /// What places of records are counted in, and how many of those come before the first; none
    /// where only a part of the file is read.
    pub before: Option<(&'static str, u64)>,
}

impl OpenInput {
    /// Opens a file; where regions are asked for and an index lies beside it, the part that the
    /// index names.
    pub fn open(input: &Input, regions: &[String], pipe: &Pipe) -> Result<Self> {
        let (mut chunks, text, is_bcf) = begin(input, pipe)?;
        let header = declared_in(&text);
        check_header(&text, &header).map_err(|error| error.with("file", input.name()))?;
        let known = |name: &str| header.contigs.iter().any(|it| it.id == name);
        let regions = regions.iter().map(|it| Region::parse(it, known));
        let regions = Regions::new(regions.collect::<Result<_>>()?);
        let part = part(input, &regions, &header);
        let before = if is_bcf { ("record", 0) } else { ("line", header.lines) };
        let before = part.is_none().then_some(before);
        if let Some(part) = &part {
            // Only the part is to be read, as far as progress is concerned.
            pipe.meter.bytes_read.store(0, Ordering::Relaxed);
            pipe.meter.bytes_total.store(0, Ordering::Relaxed);
            chunks = begin(part, pipe)?.0;
        }
        let input = part.unwrap_or_else(|| input.clone());
        Ok(Self { input, chunks, text, header, regions, before })
    }

    /// What writes the records, behind a header with the fields that are added. What records use of
    /// which BCF is not told by their header is declared, and noted, where the input can be read
    /// twice.
    pub fn emitter(
        &self,
        target: Target,
        head: &[u8],
        pipe: &Pipe,
        notes: &mut Vec<String>,
    ) -> Result<Arc<Emitter>> {
        let emitter = Arc::new(Emitter::new(target, head.to_owned())?.quickly());
        let is_again = match &self.input {
            Input::Path(path) => Path::new(path).is_file(),
            Input::Object(_) => true,
        };
        if *target.form != BCF || !is_again {
            return Ok(emitter);
        }
        let chunks = begin(&self.input, pipe)?.0;
        let of = Arc::clone(&emitter);
        let work = move |text: Text| Ok(of.undeclared(text.bytes()));
        let mut undeclared = Undeclared::default();
        for found in ordered(&pipe.pool, pipe.window(), chunks, work) {
            pipe.meter.check()?;
            undeclared.add(found?);
        }
        let Some(told) = undeclared.told() else { return Ok(emitter) };
        notes.push(format!("note: {told}"));
        Ok(Arc::new(Emitter::new(target, with_lines(head, &undeclared.lines()))?.quickly()))
    }
}

/// The records of an input, the lines before them, and whether it is BCF.
fn begin(input: &Input, pipe: &Pipe) -> Result<(Chunks<Texts>, Vec<u8>, bool)> {
    let source = Source::open_with(input, &pipe.meter, Content::Variants)?;
    let is_bcf = source.about().is_bcf;
    let mut chunks = Chunks::new(source.texts(pipe));
    let text = read_header(&mut chunks).map_err(|error| error.or_with("file", input.name()))?;
    Ok((chunks, text, is_bcf))
}

/// The part of a file that has all records in some regions, where an index tells.
fn part(input: &Input, regions: &Regions, header: &Header) -> Option<Input> {
    // Indexes of other programs know no lengths of symbolic alleles.
    let has_lengths = header.minor() >= 4 || header.info.iter().any(|it| it.key == "SVLEN");
    match input {
        Input::Path(path) if !has_lengths => regions.part_of(path).map(Input::Object),
        _ => None,
    }
}

/// The lines of the header, which are taken off the chunks.
fn read_header(chunks: &mut Chunks<Texts>) -> Result<Vec<u8>> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let mut header = Vec::new();
    while let Some(text) = chunks.next() {
        let mut text = text?;
        if header.is_empty() && text.bytes().starts_with(MARK) {
            text.advance(MARK.len());
        }
        while text.bytes().first() == Some(&b'#') {
            let end = memchr::memchr(b'\n', text.bytes()).map_or(text.bytes().len(), |it| it + 1);
            header.extend_from_slice(&text.bytes()[..end]);
            text.advance(end);
        }
        if !text.bytes().is_empty() {
            chunks.put_back(text);
            break;
        }
    }
    Ok(header)
}

fn check_header(text: &[u8], header: &Header) -> Result<()> {
    let columns = text.split(|it| *it == b'\n').filter(|it| it.starts_with(b"#CHROM")).count();
    let is_bare = |at: usize| !matches!(text.get(at + 1), None | Some(b'\n'));
    let has_bare_return = memchr::memchr_iter(b'\r', text).any(is_bare);
    if header.readable && !has_bare_return && columns == 1 {
        return Ok(());
    }
    let message = if has_bare_return {
        "the lines end in a carriage return (CR) alone, which other programs do not read"
    } else if header.is_absent() {
        "the file does not begin as a VCF file does"
    } else if columns > 1 {
        "the header has several lines of column names (#CHROM, POS, ...)"
    } else {
        "the header has no sound line of column names (#CHROM, POS, ...)"
    };
    Err(Error::new(ErrorKind::Unreadable, message)
        .with_help("annostore check says what is wrong with the file"))
}
