//! The annotations of VEP and SnpEff: an INFO value becomes a list with one row per entry.
//!
//! ```text
//! CSQ=A|missense_variant&splice_region_variant|MODERATE|...,A|intron_variant|MODIFIER|...
//!     ╰──────────────────── an entry: fields by `|` ─────╯
//! ```
//!
//! The header says which key has them and which fields an entry has ([`header`]). The text itself
//! stays in INFO as that of any other key: whatever cannot be taken apart is still there.

mod eff;
mod header;

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;

use super::percent;
use super::sink::Sink;
use crate::diagnostic::rules::vcf_annotation as rule;
use crate::model::AnnotationKind;
use crate::model::annotation::Shape;
use crate::read::report::LineReport;

pub use header::InfoLines;

/// What the header of one file says about its annotations: at most one key of each kind.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    sources: Vec<AnnotationSource>,
}

/// The annotations of one INFO key.
#[derive(Clone, Debug)]
pub struct AnnotationSource {
    kind: AnnotationKind,
    key: String,
    /// The place of the key among the header's INFO definitions.
    info: usize,
    grammar: Grammar,
}

#[derive(Clone, Debug)]
enum Grammar {
    /// Fields by `|`, each with its place.
    Pipes(Vec<FieldPlace>),
    /// `Effect(field|field|...)`
    Effect(eff::EffLayout),
}

/// Where a field of an entry goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum FieldPlace {
    Column(usize),
    /// The map of other fields, under this key.
    Extra(String),
    /// Nowhere: a field behind it has the same name, and holds.
    Nowhere,
}

/// Puts this in the place of those that come again behind; the first of them, if there are any.
fn keep_last<T: Clone + Eq + Hash>(places: &mut [T], nowhere: &T) -> Option<usize> {
    let mut later = HashSet::new();
    let mut first = None;
    for (index, place) in places.iter_mut().enumerate().rev() {
        if !later.insert(place.clone()) {
            *place = nowhere.clone();
            first = Some(index);
        }
    }
    first
}

/// The INFO values of one record that are annotations, source by source.
pub type AnnotationValues = [Option<Range<usize>>; 2];

impl Annotations {
    /// Which kinds the file has.
    pub fn kinds(&self) -> Vec<AnnotationKind> {
        self.sources.iter().map(|it| it.kind).collect()
    }

    /// The INFO columns to watch, source by source.
    pub fn info_columns(&self) -> [Option<usize>; 2] {
        std::array::from_fn(|index| self.sources.get(index).map(|it| it.info))
    }

    /// Takes the values of a record, which may have percent codes, apart. `alternates` is ALT.
    pub fn read<S: Sink>(
        &self,
        sink: &mut S,
        report: &mut LineReport,
        line: &[u8],
        (values, has_codes): (AnnotationValues, bool),
        alternates: &[u8],
    ) {
        for (source, value) in self.sources.iter().zip(values) {
            let Some(value) = value.filter(|it| &line[it.clone()] != b".") else { continue };
            sink.annotations(source.kind);
            if has_codes && has_coded_separator(&line[value.clone()]) {
                report.add(&rule::ANNOTATION_SEPARATOR_AS_CODE, line, value.clone(), || {
                    format!("{} has a comma or a bar as a percent code", source.key)
                });
            }
            let mut entry = AnnotationEntry { source, sink, report, line, has_codes };
            match &source.grammar {
                Grammar::Pipes(places) => entry.pipes(value, places),
                Grammar::Effect(layout) => entry.effects(value, layout, alternates),
            }
        }
    }
}

/// Whether codes stand for what separates entries or fields.
fn has_coded_separator(value: &[u8]) -> bool {
    let count = |it: &[u8]| memchr::memchr2_iter(b'|', b',', it).count();
    count(&percent::decoded(value)) > count(value)
}

/// Puts entries of one value into the sink.
struct AnnotationEntry<'a, S> {
    source: &'a AnnotationSource,
    sink: &'a mut S,
    report: &'a mut LineReport,
    line: &'a [u8],
    /// Whether INFO has percent codes.
    has_codes: bool,
}

/// Fields that an entry may have before their places no longer fit on the stack.
const USUAL_FIELDS: usize = 128;

impl<S: Sink> AnnotationEntry<'_, S> {
    fn pipes(&mut self, value: Range<usize>, places: &[FieldPlace]) {
        let text = &self.line[value.clone()];
        // The places of the pipes of the entry at hand; those of longer entries are only counted.
        let mut pipes = [0; USUAL_FIELDS];
        let (mut start, mut found) = (0, 0);
        let ends = memchr::memchr2_iter(b'|', b',', text).chain([text.len()]);
        for at in ends {
            if text.get(at) == Some(&b'|') {
                if let Some(pipe) = pipes.get_mut(found) {
                    *pipe = at;
                }
                found += 1;
                continue;
            }
            if found + 1 == places.len() {
                if let Some(pipes) = pipes.get(..found) {
                    self.fields(text, start, pipes.iter().copied(), at, places);
                } else {
                    let pipes = memchr::memchr_iter(b'|', &text[start..at]);
                    self.fields(text, start, pipes.map(|it| start + it), at, places);
                }
            } else {
                let range = value.start + start..value.start + at;
                self.wrong_count(range, found + 1, &places.len().to_string());
            }
            (start, found) = (at + 1, 0);
        }
    }

    fn fields(
        &mut self,
        text: &[u8],
        start: usize,
        pipes: impl Iterator<Item = usize>,
        end: usize,
        places: &[FieldPlace],
    ) {
        let kind = self.source.kind;
        self.sink.annotation(kind);
        let mut at = start;
        for (place, stop) in places.iter().zip(pipes.chain([end])) {
            let field = &text[at..stop];
            match place {
                FieldPlace::Column(column) => self.put(*column, field),
                FieldPlace::Extra(key) => self.extra(key, field),
                FieldPlace::Nowhere => {}
            }
            at = stop + 1;
        }
    }

    /// A field as it is to be read. Its codes say nothing of where it ends.
    fn readable<'f>(&self, field: &'f [u8]) -> Cow<'f, [u8]> {
        if self.has_codes { percent::decoded(field) } else { Cow::Borrowed(field) }
    }

    /// Puts a field that has no column, with its key.
    fn extra(&mut self, key: &str, field: &[u8]) {
        let field = self.readable(field);
        self.sink.annotation_extra(self.source.kind, key, &field);
    }

    /// Puts a field into its column, in the column's shape.
    fn put(&mut self, column: usize, field: &[u8]) {
        let kind = self.source.kind;
        let field = &*self.readable(field);
        match kind.columns()[column].shape {
            Shape::Text => self.sink.annotation_text(kind, column, field),
            Shape::Texts if !field.is_empty() => {
                self.sink.annotation_texts(kind, column, field, b'&');
            }
            Shape::Pair(..) if !field.is_empty() => {
                let slash = memchr::memchr(b'/', field);
                let (first, second) = match slash {
                    Some(at) => (&field[..at], Some(&field[at + 1..])),
                    None => (field, None),
                };
                self.sink.annotation_pair(kind, column, Some(first), second);
            }
            Shape::Texts | Shape::Pair(..) => {}
        }
    }

    fn wrong_count(&mut self, range: Range<usize>, found: usize, expected: &str) {
        let key = &self.source.key;
        self.report.add(&rule::ANNOTATION_FIELD_COUNT, self.line, range, || {
            let fields = if found == 1 { "field" } else { "fields" };
            format!("an entry of {key} has {found} {fields}, but the header names {expected}")
        });
    }
}
