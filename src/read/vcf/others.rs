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
struct OtherEntry {
    key: Range<usize>,
    value: Option<Range<usize>>,
    column: Option<usize>,
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
            key: entry.key.clone(),
            value: entry.value.clone(),
            column,
            comes_again: false,
            holds: true,
        });
        self.entries.len() - 1
    }

    /// The text at a place, if that is one of this column.
    pub fn text<'l>(&self, line: &'l [u8], place: usize, column: usize) -> Option<&'l [u8]> {
        let entry = self.entries.get(place).filter(|it| it.column == Some(column))?;
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
                let (key, value) = (it.key.clone(), it.value.clone());
                judge::repeated(report, &Entry { line, key, value }, true);
            }
            if it.column.map_or(it.holds, |column| place_of(column) == place) {
                let text = it.text(line);
                let text = if has_codes { percent::decoded(text) } else { Cow::Borrowed(text) };
                sink.other(&line[it.key.clone()], &text);
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
        self.hashed.extend(free.map(|(place, it)| (hash(&line[it.key.clone()]), place)));
        let key = |place: usize| &line[entries[place].key.clone()];
        self.hashed.sort_unstable_by(|(one, a), (other, b)| {
            one.cmp(other).then_with(|| key(*a).cmp(key(*b))).then(a.cmp(b))
        });
        for pair in self.hashed.windows(2) {
            let ((one, earlier), (other, later)) = (pair[0], pair[1]);
            if one == other
                && line[entries[earlier].key.clone()] == line[entries[later].key.clone()]
            {
                entries[earlier].holds = false;
                entries[later].comes_again = true;
            }
        }
    }
}

impl OtherEntry {
    /// The value, or `.` where the key stands bare.
    fn text<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        self.value.clone().map_or(b".", |it| &line[it])
    }
}

fn hash(key: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key);
    hasher.finish()
}
