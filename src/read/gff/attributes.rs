//! Column nine: `tag=value` pairs, or those of GTF and GFF2.

use std::borrow::Cow;
use std::hash::Hasher as _;
use std::ops::Range;

use rustc_hash::FxHasher;

use super::columns::{decoded, decoded_but};
use super::escape::{Decoded, decode};
use super::gtf;
use super::judge::values::elements;
use super::judge::{repeats, tags, values};
use super::sink::Sink;
use super::tag::{Tag, fold};
use crate::diagnostic::printable;
use crate::diagnostic::rules::gff_attribute as rule;
use crate::read::report::LineReport;

/// Reads the attributes of a chunk's rows, one row after the other.
#[derive(Default)]
pub struct Attributes {
    entries: Vec<AttributeEntry>,
    /// What the service sees of each tag, and the tag itself where that is needed, as hashes; with
    /// the place of its entry.
    folded: Vec<((u64, u64), usize)>,
}

/// One pair, within its line.
struct AttributeEntry {
    tag: Range<usize>,
    value: Range<usize>,
    /// The values that come with the tag again.
    values: Vec<Range<usize>>,
    known: Option<Tag>,
    /// Whether its value goes into the column of its tag, else among the others.
    has_column: bool,
    /// Whether it is written the way of GTF.
    is_gtf: bool,
    /// Whether another entry has taken it in.
    merged: bool,
}

impl AttributeEntry {
    /// A pair of GFF3.
    fn new(line: &[u8], tag: Range<usize>, value: Range<usize>) -> Self {
        let known = Tag::parse(&line[tag.clone()]);
        let has_column = known.is_some_and(|it| {
            it != Tag::IsCircular || values::truth(&line[value.clone()]).is_some()
        });
        Self { tag, value, values: Vec::new(), known, has_column, is_gtf: false, merged: false }
    }

    /// A tag without a value: it is none of the known ones, which have one.
    fn flag(line: &[u8], tag: Range<usize>) -> Self {
        let value = tag.end..tag.end;
        Self { has_column: false, ..Self::new(line, tag, value) }
    }

    /// A pair of GTF, none of whose tags has a column.
    fn gtf(tag: Range<usize>, value: Range<usize>) -> Self {
        let values = Vec::new();
        Self { tag, value, values, known: None, has_column: false, is_gtf: true, merged: false }
    }

    fn tag<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        &line[self.tag.clone()]
    }

    /// All of its values.
    fn all(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        std::iter::once(self.value.clone()).chain(self.values.iter().cloned())
    }

    /// Whether a comma in its value separates values.
    fn may_be_several(&self) -> bool {
        !self.is_gtf && self.known.is_none_or(Tag::takes_several)
    }

    /// Whether its text is several values with commas between them.
    fn is_several(&self, line: &[u8]) -> bool {
        let has_comma = || memchr::memchr(b',', &line[self.value.clone()]).is_some();
        !self.values.is_empty() || self.may_be_several() && has_comma()
    }
}

impl Attributes {
    /// Reads the attributes of a row.
    pub fn read<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        line: &[u8],
        column: Range<usize>,
    ) {
        self.entries.clear();
        if matches!(&line[column.clone()], b"" | b".") {
            return;
        }
        let is_gtf = gtf::is_gtf(&line[column.clone()]);
        if is_gtf {
            self.split_gtf(report, line, column.clone());
        } else {
            self.split(report, line, column.clone());
        }
        for entry in self.entries.iter().filter(|it| it.known.is_none() && !it.is_gtf) {
            tags::judge(report, line, entry.tag.clone());
        }
        let has_repeated = self.join_repeated(line);
        if has_repeated || is_gtf {
            repeats::judge(report, line, column);
        }
        for entry in self.entries.iter().filter(|it| !it.merged) {
            emit(sink, report, line, entry);
        }
    }

    /// Splits the column at semicolons, and each entry at its first `=`.
    fn split(&mut self, report: &mut LineReport, line: &[u8], column: Range<usize>) {
        let mut at = column.start;
        let mut empty = 0;
        while at <= column.end {
            let end = memchr::memchr(b';', &line[at..column.end]).map_or(column.end, |it| at + it);
            if trimmed(line, at..end).is_empty() {
                empty += 1;
            } else {
                self.pair(report, line, at..end);
            }
            at = end + 1;
        }
        several_empty(report, line, column, empty);
    }

    /// Splits a column of GTF at the semicolons outside of quotes.
    fn split_gtf(&mut self, report: &mut LineReport, line: &[u8], column: Range<usize>) {
        report.add(&rule::GTF_ATTRIBUTES, line, column.clone(), || {
            "the attributes are those of GTF (`tag \"value\"`), not of GFF3 (`tag=value`)"
                .to_owned()
        });
        let mut empty = 0;
        for entry in gtf::entries(line, column.clone()) {
            let entry = trimmed(line, entry);
            if entry.is_empty() {
                empty += 1;
                continue;
            }
            match gtf::pair(line, entry.clone()) {
                Some((tag, value)) => self.entries.push(AttributeEntry::gtf(tag, value)),
                None => self.pair(report, line, entry),
            }
        }
        several_empty(report, line, column, empty);
    }

    fn pair(&mut self, report: &mut LineReport, line: &[u8], entry: Range<usize>) {
        let Some(equals) = memchr::memchr(b'=', &line[entry.clone()]) else {
            let tag = trimmed(line, entry);
            report.add(&rule::ATTRIBUTE_WITHOUT_EQUALS, line, tag.clone(), || {
                format!("attribute `{}` has no `=`", printable(&line[tag.clone()], 40))
            });
            return self.entries.push(AttributeEntry::flag(line, tag));
        };
        let equals = entry.start + equals;
        let tag = trimmed(line, entry.start..equals);
        let value = equals + 1..entry.end;
        if tag.len() != equals - entry.start {
            report.add(&rule::BLANK_AROUND_TAG, line, entry.start..equals, || {
                format!("there are blanks around the tag `{}`", printable(&line[tag.clone()], 40))
            });
        }
        let name = || printable(&line[tag.clone()], 40);
        if tag.is_empty() {
            report.add(&rule::EMPTY_TAG, line, entry.clone(), || "a value has no tag".to_owned());
        }
        if value.is_empty() {
            let message = || format!("attribute {} has no value", name());
            report.add(&rule::EMPTY_VALUE, line, entry.clone(), message);
        }
        if let Some(again) = memchr::memchr(b'=', &line[value.clone()]) {
            let again = value.start + again;
            report.add(&rule::UNESCAPED_EQUALS, line, again..again + 1, || {
                format!("the value of {} has an `=` that is not written as %3D", name())
            });
        }
        self.entries.push(AttributeEntry::new(line, tag, value));
    }

    /// Puts the values of tags that come again together, so that each tag is left once in its
    /// column and once among the others. Whether there is such a tag, for the specification or for
    /// the service.
    fn join_repeated(&mut self, line: &[u8]) -> bool {
        self.folded.clear();
        let tag = |it: &AttributeEntry| spelled(&line[it.tag.clone()], fold);
        self.folded.extend(self.entries.iter().map(|it| (tag(it), 0)).zip(0..));
        self.folded.sort_unstable();
        if self.folded.is_sorted_by(|one, next| one.0 < next.0) {
            return false;
        }
        // Sorted once more, so that however many there are, those of one spelling stand together.
        for it in &mut self.folded {
            it.0.1 = spelled(self.entries[it.1].tag(line), exact);
        }
        self.folded.sort_unstable();
        let mut first = Repeated::default();
        for index in 0..self.folded.len() {
            let (key, entry) = self.folded[index];
            if index > 0 && key != self.folded[index - 1].0 {
                first = Repeated::default();
            }
            self.join(entry, &mut first);
        }
        true
    }

    /// Takes an entry in where its tag stands already. A tag that can have one value only keeps the
    /// first, and its others stand beside it.
    fn join(&mut self, again: usize, first: &mut Repeated) {
        let entry = &mut self.entries[again];
        let takes_several = entry.known.is_some_and(Tag::takes_several);
        let target = match (entry.has_column, first.in_column) {
            (true, None) => {
                first.in_column = Some(again);
                return;
            }
            (true, Some(target)) if takes_several => target,
            _ => {
                entry.has_column = false;
                let Some(target) = first.beside else {
                    first.beside = Some(again);
                    return;
                };
                target
            }
        };
        entry.merged = true;
        let value = entry.value.clone();
        self.entries[target].values.push(value);
    }
}

/// Where the values of a tag go.
#[derive(Default)]
struct Repeated {
    in_column: Option<usize>,
    beside: Option<usize>,
}

fn several_empty(report: &mut LineReport, line: &[u8], column: Range<usize>, empty: usize) {
    if empty > 1 {
        report.add(&rule::SEVERAL_EMPTY_ENTRIES, line, column, || {
            "there are several semicolons with nothing between them".to_owned()
        });
    }
}

/// A hash of a tag as it is meant: `%49D` is `ID`.
fn spelled(tag: &[u8], hash: fn(&[u8]) -> u64) -> u64 {
    match decode(tag, b"") {
        Decoded::Sound(tag) | Decoded::BadEscape(_, tag) => hash(&tag),
        Decoded::NotUtf8 => hash(tag),
    }
}

/// A hash of a tag as it is spelled.
fn exact(tag: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(tag);
    hasher.finish()
}

/// The range without blanks at its ends.
fn trimmed(line: &[u8], range: Range<usize>) -> Range<usize> {
    let text = &line[range.clone()];
    let start = range.start + (text.len() - text.trim_ascii_start().len());
    start..start + text.trim_ascii().len()
}

/// Puts an entry into its column, or among the others.
fn emit<S: Sink>(sink: &mut S, report: &mut LineReport, line: &[u8], entry: &AttributeEntry) {
    match entry.known {
        Some(tag) => entry.all().for_each(|it| values::judge(report, line, tag, it)),
        None if entry.is_gtf => {}
        None => values::judge_other(report, line, entry.value.clone()),
    }
    let Some(tag) = entry.known.filter(|_| entry.has_column) else {
        let value = joined(sink, report, line, entry);
        return sink.other(&decoded(report, line, entry.tag.clone()), &value);
    };
    match tag {
        Tag::IsCircular => {
            if let Some(value) = values::truth(&line[entry.value.clone()]) {
                sink.is_circular(value);
            }
        }
        tag if tag.is_list() => {
            sink.begin_list(tag);
            for value in entry.all() {
                for element in elements(line, value) {
                    sink.element(tag, &decoded(report, line, element));
                }
            }
            sink.end_list(tag);
        }
        // Blanks separate its parts.
        Tag::Target => {
            sink.text(tag, &decoded_but(b" %", report, line, entry.value.clone()));
        }
        tag => {
            let value = joined(sink, report, line, entry);
            sink.text(tag, &value);
        }
    }
}

/// The values of an entry as one text. Where commas separate several, one that is no separator
/// stays as it is escaped.
fn joined<'a, S: Sink>(
    sink: &mut S,
    report: &mut LineReport,
    line: &'a [u8],
    entry: &AttributeEntry,
) -> Cow<'a, [u8]> {
    let is_several = entry.is_several(line);
    let keep: &[u8] = if is_several { b",%" } else { b"" };
    let one = |report: &mut LineReport, range: Range<usize>| {
        if entry.is_gtf {
            gtf::text(&line[range], is_several)
        } else {
            decoded_but(keep, report, line, range)
        }
    };
    let first = one(report, entry.value.clone());
    if !is_several {
        if entry.may_be_several() && matches!(&first, Cow::Owned(it) if it.contains(&b',')) {
            sink.escaped_comma(report.line_number);
        }
        return first;
    }
    let mut text = first.into_owned();
    for value in &entry.values {
        text.push(b',');
        text.extend_from_slice(&one(report, value.clone()));
    }
    Cow::Owned(text)
}
