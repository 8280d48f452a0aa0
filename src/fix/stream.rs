//! The texts of a file, mended on their way to whoever reads them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::differ::Differ;
use super::lines::{Edits, LinesOf, Mender, Standing, apply};
use super::mend::{Mend, Mends};
use super::split::Splitter;
use super::writer::TextWriter;
use crate::model::Result;
use crate::read::chunk::{Chunks, Terminator, Text};
use crate::read::lines::any_line_length;
use crate::read::ordered::ordered;
use crate::read::source::Texts;
use crate::read::{Pipe, tsv};

/// Who gets what of a file while it is mended.
#[derive(Default)]
pub struct Taking {
    /// The mended text.
    pub text: Option<TextWriter>,
    /// What changed.
    pub diff: Option<Differ>,
    /// The mended lines, each to its place.
    pub split: Option<Splitter>,
    /// What was mended so far.
    pub mends: Mends,
}

/// The takers of a run, which its texts and its check share.
#[derive(Clone)]
pub struct Takers(Arc<Mutex<Taking>>);

impl Takers {
    /// Those of a run.
    pub fn new(taking: Taking) -> Self {
        Self(Arc::new(Mutex::new(taking)))
    }

    /// All of them.
    pub fn get(&self) -> MutexGuard<'_, Taking> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, piece: &MendedChunk, lines_before: u64) -> Result<()> {
        let mut taking = self.get();
        taking.mends.append(&piece.edits.mends, lines_before);
        let (before, text) = (piece.before.as_ref().unwrap_or(&piece.text), piece.text.bytes());
        if let Some(diff) = &mut taking.diff {
            diff.push(before.bytes(), &piece.edits.all)?;
        }
        if let Some(split) = &mut taking.split {
            split.push(text);
        }
        taking.text.as_mut().map_or(Ok(()), |it| it.write(text))
    }
}

/// A chunk that was mended.
struct MendedChunk {
    text: Text,
    /// The text as it was, where it is asked for and another one.
    before: Option<Text>,
    edits: Edits,
}

impl MendedChunk {
    fn of(mender: &Mender, text: Text, standing: Standing, keep: bool) -> Result<Self> {
        let mut edits = mender.edits(text.bytes(), standing);
        if edits.all.is_empty() {
            return Ok(Self { text, before: None, edits });
        }
        let changed = Text::written(text.bytes().len() + 1024, |out| {
            apply(out, text.bytes(), &edits.all);
            Ok(())
        })?;
        let before = keep.then_some(text);
        if !keep {
            edits.all = Vec::new();
        }
        Ok(Self { text: changed, before, edits })
    }
}

/// Mends texts on all threads, and hands each to the takers before it goes on.
pub fn mended(texts: Texts, mender: Mender, pipe: &Pipe, takers: &Takers) -> Texts {
    let mut standing = Standing { is_first: true, header_lines: 0 };
    if let LinesOf::Vcf(survey) = &mender.lines {
        standing.header_lines = survey.header.lines;
    }
    let keep = takers.get().diff.is_some();
    let chunks = Chunks::ending_in(terminator(&mender, keep), texts).map(move |text| {
        let (text, here) = (text?, standing);
        standing.is_first = false;
        standing.header_lines = lines_left(text.bytes(), here.header_lines);
        Ok((text, here))
    });
    let pieces = ordered(&pipe.pool, pipe.window(), chunks, move |(text, standing)| {
        MendedChunk::of(&mender, text, standing, keep)
    });
    let (takers, meter, mut lines) = (takers.clone(), Arc::clone(&pipe.meter), 0);
    Box::new(pieces.map(move |piece| {
        meter.check()?;
        let piece = piece?;
        takers.take(&piece, lines)?;
        lines += piece.edits.lines;
        Ok(piece.text)
    }))
}

/// What chunks end in: that of lines, or LF alone where a diff is made of each.
fn terminator(mender: &Mender, has_diff: bool) -> Terminator {
    match &mender.lines {
        LinesOf::Tsv(dialect) if dialect.line_sep.is_some() => tsv::terminator(dialect),
        LinesOf::Gff if !mender.ends_in_cr => Terminator::Newline,
        _ if has_diff => Terminator::Newline,
        _ => Terminator::Any,
    }
}

/// How many of so many lines come behind a text.
fn lines_left(text: &[u8], mut lines: u64) -> u64 {
    let mut rest = text;
    while lines > 0 && !rest.is_empty() {
        rest = &rest[any_line_length(rest)..];
        lines -= 1;
    }
    lines
}

/// Whether the last line of a file had no end.
pub fn had_open_end(mends: &Mends) -> bool {
    mends.count(Mend::FinalNewline) > 0
}
