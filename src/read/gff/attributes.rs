//! Column nine: `tag=value` pairs.

use std::borrow::Cow;
use std::hash::Hasher as _;
use std::ops::Range;

use rustc_hash::FxHasher;

use super::columns::decoded;
use super::judge::values::elements;
use super::judge::{tags, values};
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
    /// The values: more than one where the tag comes again.
    values: Vec<Range<usize>>,
    value: Range<usize>,
    known: Option<Tag>,
    /// Whether another entry has taken it in.
    merged: bool,
}

impl AttributeEntry {
    fn new(line: &[u8], tag: Range<usize>, value: Range<usize>) -> Self {
        let known = Tag::parse(&line[tag.clone()]);
        Self { tag, values: Vec::new(), value, known, merged: false }
    }

    fn tag<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        &line[self.tag.clone()]
    }

    /// All of its values.
    fn all(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        std::iter::once(self.value.clone()).chain(self.values.iter().cloned())
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
        self.split(report, line, column);
        for entry in self.entries.iter().filter(|it| it.known.is_none()) {
            tags::judge(report, line, entry.tag.clone());
        }
        self.find_repeated(report, line);
        for entry in self.entries.iter().filter(|it| !it.merged) {
            emit(sink, report, line, entry);
        }
    }

    /// Splits the column at semicolons, and each entry at its first `=`.
    fn split(&mut self, report: &mut LineReport, line: &[u8], column: Range<usize>) {
        let mut at = column.start;
        let (mut empty, mut gtf) = (0, false);
        while at <= column.end {
            let end = memchr::memchr(b';', &line[at..column.end]).map_or(column.end, |it| at + it);
            let entry = trimmed(line, at..end);
            if entry.is_empty() {
                empty += 1;
            } else if let Some((tag, value)) = gtf_pair(line, entry.clone()) {
                if !gtf {
                    gtf_attributes(report, line, column.clone());
                }
                gtf = true;
                self.entries.push(AttributeEntry::new(line, tag, value));
            } else {
                self.pair(report, line, at..end, gtf);
            }
            at = end + 1;
        }
        if empty > 1 && !gtf {
            report.add(&rule::SEVERAL_EMPTY_ENTRIES, line, column, || {
                "there are several semicolons with nothing between them".to_owned()
            });
        }
    }

    fn pair(&mut self, report: &mut LineReport, line: &[u8], entry: Range<usize>, gtf: bool) {
        let Some(equals) = memchr::memchr(b'=', &line[entry.clone()]) else {
            let tag = trimmed(line, entry);
            if !gtf {
                report.add(&rule::ATTRIBUTE_WITHOUT_EQUALS, line, tag.clone(), || {
                    format!("attribute `{}` has no `=`", printable(&line[tag.clone()], 40))
                });
            }
            return self.entries.push(AttributeEntry::new(line, tag.clone(), tag.end..tag.end));
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

    /// Finds tags that come twice, for the specification or for the service, and puts their values
    /// together.
    fn find_repeated(&mut self, report: &mut LineReport, line: &[u8]) {
        self.folded.clear();
        self.folded.extend(self.entries.iter().map(|it| (fold(it.tag(line)), 0)).zip(0..));
        self.folded.sort_unstable();
        if self.folded.is_sorted_by(|one, next| one.0 < next.0) {
            return;
        }
        // Sorted once more, so that however many there are, those of one spelling stand together.
        for it in &mut self.folded {
            it.0.1 = exact(self.entries[it.1].tag(line));
        }
        self.folded.sort_unstable();
        let mut beside = None;
        let mut first = self.folded[0];
        for index in 1..self.folded.len() {
            let (before, it) = (self.folded[index - 1], self.folded[index]);
            if it.0 == before.0 {
                let entry = &self.entries[it.1];
                report.add(&rule::DUPLICATE_TAG, line, entry.tag.clone(), || {
                    format!("attribute {} comes twice", printable(entry.tag(line), 40))
                });
                self.merge(first.1, it.1, &mut beside);
                continue;
            }
            if it.0.0 == before.0.0 {
                self.colliding(report, line, before.1, it.1);
            }
            (first, beside) = (it, None);
        }
    }

    fn colliding(&self, report: &mut LineReport, line: &[u8], one: usize, other: usize) {
        let [earlier, later] = [one.min(other), one.max(other)].map(|it| &self.entries[it]);
        report.add(&rule::COLLIDING_TAGS, line, later.tag.clone(), || {
            let names = [earlier, later].map(|it| printable(it.tag(line), 40));
            format!("the service cannot tell the tags {} apart", names.join(" and "))
        });
    }

    /// Takes the value of a tag that comes again into its first entry, where that can have several;
    /// else the tag is kept beside it.
    fn merge(&mut self, first: usize, again: usize, beside: &mut Option<usize>) {
        let single = self.entries[first].known.is_some_and(|it| !it.takes_several());
        let target = if single { *beside } else { Some(first) };
        let Some(target) = target else {
            *beside = Some(again);
            self.entries[again].known = None;
            return;
        };
        let value = self.entries[again].value.clone();
        self.entries[again].merged = true;
        self.entries[target].values.push(value);
    }
}

/// A hash of a tag as it is spelled.
fn exact(tag: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(tag);
    hasher.finish()
}

fn gtf_attributes(report: &mut LineReport, line: &[u8], column: Range<usize>) {
    report.add(&rule::GTF_ATTRIBUTES, line, column, || {
        "the attributes are those of GTF (`tag \"value\"`), not of GFF3 (`tag=value`)".to_owned()
    });
}

/// The range without blanks at its ends.
fn trimmed(line: &[u8], range: Range<usize>) -> Range<usize> {
    let text = &line[range.clone()];
    let start = range.start + (text.len() - text.trim_ascii_start().len());
    start..start + text.trim_ascii().len()
}

/// The tag and value of `tag "value"`, the way of GTF and GFF2.
fn gtf_pair(line: &[u8], entry: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let text = &line[entry.clone()];
    let blank = text.iter().position(|it| !it.is_ascii_alphanumeric() && !b"_.-".contains(it))?;
    let rest = text[blank..].trim_ascii_start();
    if blank == 0 || text[blank] != b' ' || rest.first() != Some(&b'"') {
        return None;
    }
    let value = rest.strip_prefix(b"\"").unwrap_or(rest);
    let end = entry.end - usize::from(value.last() == Some(&b'"'));
    let start = entry.end - value.len();
    Some((entry.start..entry.start + blank, start..end.max(start)))
}

/// Puts an entry into its column, or among the others.
fn emit<S: Sink>(sink: &mut S, report: &mut LineReport, line: &[u8], entry: &AttributeEntry) {
    let Some(tag) = entry.known else {
        let value = joined(report, line, entry);
        let tag = decoded(report, line, entry.tag.clone());
        values::judge_other(report, line, entry.value.clone());
        return sink.other(&tag, &value);
    };
    for value in entry.all() {
        values::judge(report, line, tag, value);
    }
    match tag {
        Tag::IsCircular => match values::truth(&line[entry.value.clone()]) {
            Some(value) => sink.is_circular(value),
            None => sink.other(tag.as_str().as_bytes(), &joined(report, line, entry)),
        },
        tag if tag.is_list() => {
            sink.begin_list(tag);
            for value in entry.all() {
                for element in elements(line, value) {
                    sink.element(tag, &decoded(report, line, element));
                }
            }
            sink.end_list(tag);
        }
        tag => sink.text(tag, &joined(report, line, entry)),
    }
}

/// The values of an entry as one text, decoded.
fn joined<'a>(report: &mut LineReport, line: &'a [u8], entry: &AttributeEntry) -> Cow<'a, [u8]> {
    let first = decoded(report, line, entry.value.clone());
    if entry.values.is_empty() {
        return first;
    }
    let mut text = first.into_owned();
    for value in &entry.values {
        text.push(b',');
        text.extend_from_slice(&decoded(report, line, value.clone()));
    }
    Cow::Owned(text)
}
