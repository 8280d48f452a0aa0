//! INFO entries of a record that go to the others as text, each key once.

use std::borrow::Cow;
use std::hash::Hasher as _;
use std::ops::Range;

use rustc_hash::FxHasher;

use super::judge::info::{self as judge, Entry};
use super::percent;
use super::sink::Sink;
use crate::read::report::LineReport;

/// The entries of the record under way.
#[derive(Default)]
pub struct Others {
    entries: Vec<OtherEntry>,
    /// A hash of each key without a column, with the place of its entry.
    hashed: Vec<(u64, usize)>,
}

/// An entry, within its line.
///
/// A line has at most 64 MiB, and a record may have millions of entries.
struct OtherEntry {
    key: Range<u32>,
    value: Option<Range<u32>>,
    column: Option<u32>,
    /// Whether its key has come before.
    comes_again: bool,
    /// Whether it is the last of its key, which holds.
    holds: bool,
}

impl Others {
    /// Whether the record has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an entry, of a key with this column; where it stands.
    pub fn add(&mut self, entry: &Entry<'_>, column: Option<usize>) -> usize {
        self.entries.push(OtherEntry {
            key: narrow(&entry.key),
            value: entry.value.as_ref().map(narrow),
            column: column.and_then(|it| u32::try_from(it).ok()),
            comes_again: false,
            holds: true,
        });
        self.entries.len() - 1
    }

    /// The text at a place, if that is one of this column.
    pub fn text<'l>(&self, line: &'l [u8], place: usize, column: usize) -> Option<&'l [u8]> {
        let entry = self.entries.get(place).filter(|it| it.column() == Some(column))?;
        Some(entry.text(line))
    }

    /// Gives the entries of a line, which may have percent codes, to the sink, and forgets them. Of
    /// a column that holds which stands where `place_of` says, of any other key the last one.
    pub fn put<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        (line, has_codes): (&[u8], bool),
        place_of: impl Fn(usize) -> usize,
    ) {
        if self.entries.len() > 1 {
            self.find_repeated(line);
        }
        for (place, it) in self.entries.iter().enumerate() {
            if it.comes_again {
                let (key, value) = (it.key(), it.value.as_ref().map(wide));
                judge::repeated(report, &Entry { line, key, value }, true);
            }
            if it.column().map_or(it.holds, |column| place_of(column) == place) {
                let text = it.text(line);
                let text = if has_codes { percent::decoded(text) } else { Cow::Borrowed(text) };
                sink.other(&line[it.key()], &text);
            }
        }
        self.entries.clear();
    }

    /// Finds keys without a column that come twice. They are sorted by a hash, so that a line of
    /// many keys takes no longer than its length.
    fn find_repeated(&mut self, line: &[u8]) {
        let entries = &mut self.entries;
        let free = entries.iter().enumerate().filter(|(_, it)| it.column.is_none());
        self.hashed.clear();
        self.hashed.extend(free.map(|(place, it)| (hash(&line[it.key()]), place)));
        let key = |place: usize| &line[entries[place].key()];
        self.hashed.sort_unstable_by(|(one, a), (other, b)| {
            one.cmp(other).then_with(|| key(*a).cmp(key(*b))).then(a.cmp(b))
        });
        for pair in self.hashed.windows(2) {
            let ((one, earlier), (other, later)) = (pair[0], pair[1]);
            if one == other && line[entries[earlier].key()] == line[entries[later].key()] {
                entries[earlier].holds = false;
                entries[later].comes_again = true;
            }
        }
    }
}

impl OtherEntry {
    fn key(&self) -> Range<usize> {
        wide(&self.key)
    }

    fn column(&self) -> Option<usize> {
        self.column.map(|it| it as usize)
    }

    /// The value, or `.` where the key stands bare.
    fn text<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        self.value.as_ref().map_or(b".", |it| &line[wide(it)])
    }
}

fn narrow(range: &Range<usize>) -> Range<u32> {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    narrow(range.start)..narrow(range.end)
}

fn wide(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn hash(key: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key);
    hasher.finish()
}
