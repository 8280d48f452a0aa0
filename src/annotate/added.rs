//! What is added to one record: values by field, in the spelling of INFO.

use rustc_hash::FxHashSet;

/// Values that are joined for one field of one record at most.
pub const MOST_VALUES: usize = 1000;
/// Values up to which those that came are looked through one by one.
const FEW: usize = 8;

/// The fields that are added to a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    text: Vec<u8>,
    entries: Vec<AddedField>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct AddedField {
    /// The number of the field among those of all stores.
    field: u16,
    /// Where its `KEY=VALUE` ends in the text; it begins where the one before ends.
    end: u32,
}

impl Added {
    /// Whether nothing is added.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.entries.len() * size_of::<AddedField>()
    }

    /// Takes everything off.
    pub fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
    }

    /// Adds a field, where `write` finds a value of it; a flag has an empty one.
    pub fn add<E>(
        &mut self,
        field: usize,
        key: &[u8],
        write: impl FnOnce(&mut Vec<u8>) -> Result<bool, E>,
    ) -> Result<(), E> {
        let begin = self.text.len();
        self.text.extend_from_slice(key);
        self.text.push(b'=');
        let value = self.text.len();
        if !write(&mut self.text)? {
            self.text.truncate(begin);
            return Ok(());
        }
        if self.text.len() == value {
            self.text.pop();
        }
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.entries.push(AddedField { field: u16::try_from(field).unwrap_or(u16::MAX), end });
        Ok(())
    }

    /// Each field with its `KEY=VALUE`.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let mut from = 0;
        self.entries.iter().map(move |it| {
            let text = &self.text[from..it.end as usize];
            from = it.end as usize;
            (usize::from(it.field), text)
        })
    }
}

/// Values of one field, each once, between commas.
#[derive(Debug, Default)]
pub struct Joined {
    text: Vec<u8>,
    values: usize,
    seen: FxHashSet<Vec<u8>>,
    /// Whether there were more values than are joined.
    pub is_cut: bool,
}

impl Joined {
    /// Takes everything off.
    pub fn clear(&mut self) {
        self.text.clear();
        self.seen.clear();
        (self.values, self.is_cut) = (0, false);
    }

    /// Adds a value that has no comma, unless it is there.
    pub fn add(&mut self, value: &[u8]) {
        if value.is_empty() || value == b"." || self.has(value) {
            return;
        }
        if self.values == MOST_VALUES {
            self.is_cut = true;
            return;
        }
        if self.values >= FEW {
            if self.seen.is_empty() {
                self.seen.extend(self.text.split(|it| *it == b',').map(<[u8]>::to_vec));
            }
            self.seen.insert(value.to_vec());
        }
        if self.values > 0 {
            self.text.push(b',');
        }
        self.text.extend_from_slice(value);
        self.values += 1;
    }

    fn has(&self, value: &[u8]) -> bool {
        if self.seen.is_empty() {
            return self.values > 0 && self.text.split(|it| *it == b',').any(|it| it == value);
        }
        self.seen.contains(value)
    }

    /// The values; empty where there are none.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_comes_once_and_no_more_than_are_joined() {
        let mut joined = Joined::default();
        for round in 0..3 {
            for number in 0..MOST_VALUES + round {
                joined.add(number.to_string().as_bytes());
            }
        }
        let expected: Vec<String> = (0..MOST_VALUES).map(|it| it.to_string()).collect();
        assert_eq!(joined.text(), expected.join(",").as_bytes());
        assert!(joined.is_cut);
        joined.clear();
        for value in [&b"a"[..], b"", b".", b"a", b"b"] {
            joined.add(value);
        }
        assert_eq!((joined.text(), joined.is_cut), (&b"a,b"[..], false));
    }

    #[test]
    fn fields_without_a_value_are_not_added() {
        let mut added = Added::default();
        let mut add = |field, key: &[u8], value: Option<&[u8]>| {
            let write = |out: &mut Vec<u8>| {
                out.extend_from_slice(value.unwrap_or_default());
                Ok::<_, ()>(value.is_some())
            };
            added.add(field, key, write).unwrap();
        };
        add(0, b"A", Some(b"1,2"));
        add(1, b"B", None);
        add(7, b"FLAG", Some(b""));
        let all: Vec<_> = added.iter().collect();
        assert_eq!(all, [(0, &b"A=1,2"[..]), (7, b"FLAG")]);
    }
}
