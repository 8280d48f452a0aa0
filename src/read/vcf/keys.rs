//! Keys without a definition that records use, with what their values show.

use rustc_hash::FxHashMap;

/// Keys of one kind that are told apart at most. A file with more has no keys there.
const MAX_KEYS: usize = 10_000;

/// What the uses of a key show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Whether it stands without a value somewhere.
    pub is_bare: bool,
    /// Whether it has a value somewhere.
    pub has_value: bool,
    /// Whether a value is not what the specification asks of the reserved key.
    pub is_misfit: bool,
}

/// Keys in the order in which they first came.
#[derive(Debug, Default)]
pub struct FoundKeys {
    keys: Vec<(Box<[u8]>, Evidence)>,
    places: FxHashMap<Box<[u8]>, usize>,
}

impl FoundKeys {
    /// What is known of a key; none where there are too many.
    pub fn of(&mut self, key: &[u8]) -> Option<&mut Evidence> {
        if let Some(place) = self.places.get(key) {
            return self.keys.get_mut(*place).map(|it| &mut it.1);
        }
        if self.keys.len() == MAX_KEYS {
            return None;
        }
        self.places.insert(key.into(), self.keys.len());
        self.keys.push((key.into(), Evidence::default()));
        self.keys.last_mut().map(|it| &mut it.1)
    }

    /// Adds what the next stretch of the file shows.
    pub fn append(&mut self, next: Self) {
        for (key, shown) in next.keys {
            if let Some(known) = self.of(&key) {
                known.is_bare |= shown.is_bare;
                known.has_value |= shown.has_value;
                known.is_misfit |= shown.is_misfit;
            }
        }
    }

    /// The keys.
    pub fn all(&self) -> impl Iterator<Item = (&[u8], Evidence)> {
        self.keys.iter().map(|(key, evidence)| (&**key, *evidence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_add_up() {
        let (mut first, mut next) = (FoundKeys::default(), FoundKeys::default());
        first.of(b"b").unwrap().is_bare = true;
        next.of(b"a").unwrap().has_value = true;
        next.of(b"b").unwrap().has_value = true;
        first.append(next);
        let both = Evidence { is_bare: true, has_value: true, is_misfit: false };
        let one = Evidence { has_value: true, ..Evidence::default() };
        assert_eq!(first.all().collect::<Vec<_>>(), [(&b"b"[..], both), (b"a", one)]);
    }

    #[test]
    fn too_many_keys_are_left_out() {
        let mut keys = FoundKeys::default();
        for key in 0..=MAX_KEYS {
            assert_eq!(keys.of(key.to_string().as_bytes()).is_some(), key < MAX_KEYS);
        }
        assert!(keys.of(b"7").is_some());
    }
}
