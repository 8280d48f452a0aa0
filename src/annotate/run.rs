//! One run, from the file to the output.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::assembly::lengths_within;
use super::chunk::{Annotator, ChunkOutcome, LINE_ROOM, Lines, refused};
use super::counts::RecordCounts;
use super::filter::Filter;
use super::header::with_fields;
use super::input::OpenInput;
use super::opening::{OpenedSources, Opening};
use super::request::{OnMany, With};
use super::told;
use crate::catalog::Catalog;
use crate::emit::{Destination, EmitFile, EmitPiece, Emitted, Emitter, Target};
use crate::model::{Account, Result, ValueType};
use crate::read::Pipe;
use crate::read::chunk::Text;
use crate::read::fasta::{Digests, Fasta, index};
use crate::read::ordered::ordered;
use crate::read::source::Input;
use crate::read::vcf::declared_in;

/// Bytes of lines that are written together: with room for one more they fit a spare buffer.
const PIECE_BYTES: usize = (2 << 20) - LINE_ROOM;
/// Bytes of a chunk where texts are added, which may be long.
const CHUNK_WITH_TEXTS: usize = 256 << 10;

/// What to add, and how.
#[derive(Clone, Debug, Default)]
pub struct AnnotateOptions {
    /// The stores and their fields.
    pub with: Vec<With>,
    /// What to do with several rows of one variant.
    pub on_many: OnMany,
    /// Whether to write only records that got something.
    pub only_hits: bool,
    /// The regions that records have to overlap; all records where there are none.
    pub regions: Vec<String>,
    /// A condition in SQL that records have to meet, with what was added to them.
    pub filter: Option<String>,
    /// A FASTA file, against which alleles are compared in their one form.
    pub reference: Option<String>,
    /// Whether to go on where the file is of another assembly.
    pub force: bool,
    /// The command for the header; none where it is not to be told.
    pub command: Option<String>,
}

/// What a run came to.
#[derive(Debug)]
pub struct Annotated {
    /// What became of the records.
    pub counts: RecordCounts,
    /// The stores with their versions.
    pub tables: Vec<String>,
    /// What was written.
    pub emitted: Emitted,
    /// What people are to know.
    pub notes: Vec<String>,
}

/// Puts values of stores into the records of a VCF file.
///
/// An error of the kind `Unreadable` for an input that is no VCF, or has a line that is no record;
/// `Conflict` for an output that exists, or a file of another assembly.
pub fn annotate(
    (catalog, account): (&Catalog, &Account),
    input: &Input,
    (to, target): (Destination, Target),
    pipe: &Pipe,
    options: &AnnotateOptions,
) -> Result<Annotated> {
    let opened = OpenInput::open(input, &options.regions, pipe)?;
    let (name, header) = (input.name(), &opened.header);
    let reference = options.reference.as_deref().map(|it| open_reference(it, pipe)).transpose()?;
    let (on_many, force) = (options.on_many, options.force);
    let opening = Opening { catalog, account, pipe, reference, on_many, header, force };
    let unlike = match (&opening.reference, &options.reference) {
        (Some(fasta), Some(path)) => opening.checked(&lengths_within(fasta), path)?,
        _ => None,
    };
    let OpenedSources { mut sources, mut notes, guard } = opening.open(&options.with)?;
    notes.extend(unlike);
    let head = with_fields(&opened.text, header, &mut sources, options.command.as_deref())?;
    let filter = filter(options, &head, &sources, pipe)?;
    let emitter = opened.emitter(target, &head, pipe, &mut notes)?;
    let mut out = EmitFile::create(to, &emitter, None)?;
    let OpenInput { mut chunks, header, regions, before, .. } = opened;
    if sources.iter().flat_map(|it| &it.fields).any(|it| it.field.value == ValueType::String) {
        chunks.limit(CHUNK_WITH_TEXTS.min(pipe.chunk_bytes));
    }
    let annotator = Arc::new(Annotator::new(sources, header, options.only_hits, regions));
    let work = worker(&annotator, filter, &emitter);
    let mut run = SoFar { counts: RecordCounts::new(annotator.sources.len()), before, last: None };
    for worked in ordered(&pipe.pool, pipe.window(), chunks, work) {
        pipe.meter.check()?;
        let (pieces, outcome) = worked?;
        pieces.into_iter().try_for_each(|it| out.add(it))?;
        pipe.meter.records.fetch_add(outcome.counts.records, Ordering::Relaxed);
        run.add(outcome).map_err(|error| error.with("file", name))?;
    }
    drop(guard);
    let written = out.finish()?;
    notes.extend(told::notes(&annotator.sources, &run.counts, !annotator.regions.is_empty()));
    let tables = annotator.sources.iter().map(|it| it.table.clone()).collect();
    Ok(Annotated { counts: run.counts, tables, emitted: written, notes })
}

/// What a worker does with a chunk.
fn worker(
    annotator: &Arc<Annotator>,
    filter: Option<Filter>,
    emitter: &Arc<Emitter>,
) -> impl Fn(Text) -> Result<(Vec<EmitPiece>, ChunkOutcome)> + Send + Sync + 'static {
    let (annotator, emitter) = (Arc::clone(annotator), Arc::clone(emitter));
    move |text| {
        let (mut pieces, mut written) = (Vec::new(), 0);
        let mut outcome = annotator.work(text.bytes(), PIECE_BYTES, |lines| {
            let Lines { text, ends } = match &filter {
                Some(filter) => filter.keep(lines)?,
                None => lines,
            };
            written += ends.len() as u64;
            pieces.push(emitter.piece(text)?);
            Ok(())
        })?;
        outcome.counts.written = written;
        Ok((pieces, outcome))
    }
}

/// What the chunks came to so far.
struct SoFar {
    counts: RecordCounts,
    /// How many lines or records there were; none where only a part of the file is read.
    before: Option<(&'static str, u64)>,
    last: Option<(Vec<u8>, i64)>,
}

impl SoFar {
    fn add(&mut self, outcome: ChunkOutcome) -> Result<()> {
        if let Some(fault) = &outcome.fault {
            return Err(refused(fault, self.before));
        }
        self.before = self.before.map(|(what, it)| (what, it + outcome.lines));
        self.counts.add(outcome.counts);
        self.counts.is_open = outcome.is_open;
        if let Some([first, last]) = outcome.bounds {
            let before = self.last.replace(last);
            let goes_back = before.is_some_and(|it| it.0 == first.0 && it.1 > first.1);
            self.counts.unsorted |= goes_back;
        }
        Ok(())
    }
}

/// The condition of `--filter`, over the keys of the header with what is added.
fn filter(
    options: &AnnotateOptions,
    head: &[u8],
    sources: &[super::source::Source],
    pipe: &Pipe,
) -> Result<Option<Filter>> {
    let Some(sql) = &options.filter else { return Ok(None) };
    let added = sources.iter().flat_map(|it| &it.fields).map(|it| it.field.key.as_str());
    let added: Vec<&str> = added.collect();
    Filter::new(sql, &declared_in(head), &added, pipe.pool.current_num_threads()).map(Some)
}

fn open_reference(path: &str, pipe: &Pipe) -> Result<Arc<Fasta>> {
    let index = index(path, pipe, Digests::None)?;
    Ok(Arc::new(Fasta::open(path.as_ref(), index)?))
}
