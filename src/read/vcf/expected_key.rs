//! Keys that are expected, compared as numbers: INFO has dozens of keys in each record, and nearly
//! all are the ones expected.

/// A key that the next entry may have.
pub struct ExpectedKey<'k> {
    key: &'k [u8],
    /// Its first bytes, and which of them it has.
    head: u64,
    mask: u64,
    /// Its last bytes, where it is longer than the head.
    tail: u64,
}

/// How many bytes the head has, and the tail.
const PART: usize = size_of::<u64>();

impl<'k> ExpectedKey<'k> {
    /// Expects this key.
    pub fn of(key: &'k [u8]) -> Self {
        let known = key.len().min(PART);
        let mut mask = [0; PART];
        mask[..known].fill(u8::MAX);
        let tail = key.last_chunk().map_or(0, |it| u64::from_le_bytes(*it));
        Self { key, head: padded(&key[..known]), mask: u64::from_le_bytes(mask), tail }
    }

    /// The bytes of the key.
    pub fn len(&self) -> usize {
        self.key.len()
    }

    /// Whether a text begins with it.
    #[inline]
    pub fn begins(&self, text: &[u8]) -> bool {
        let head = text.first_chunk().map_or_else(|| padded(text), |it| u64::from_le_bytes(*it));
        if head & self.mask != self.head {
            return false;
        }
        let Some(text) = text.get(..self.key.len()) else { return false };
        match text.last_chunk() {
            // Head and tail are all of it.
            Some(tail) if text.len() <= 2 * PART => u64::from_le_bytes(*tail) == self.tail,
            Some(_) => text == self.key,
            None => true,
        }
    }
}

/// The first bytes, with zeros behind them where they are fewer.
fn padded(text: &[u8]) -> u64 {
    let mut bytes = [0; PART];
    let known = text.len().min(PART);
    bytes[..known].copy_from_slice(&text[..known]);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_the_key_or_not() {
        let texts: [&[u8]; 14] = [
            b"",
            b"A",
            b"A\0",
            b"AF=0.5",
            b"AF_popma",
            b"AF_popmax",
            b"AF_popmax=1",
            b"AF_popmix=1",
            b"AF_popmax_nfe_xy",
            b"AF_popmax_xfe_xy",
            b"AF_popmax_nfe_xy=0",
            b"age_hist_het_bin_freq",
            b"age_hist_het_bin_freq=0",
            b"age_hist_hom_bin_freq=0",
        ];
        for key in texts {
            let expected = ExpectedKey::of(key);
            assert_eq!(expected.len(), key.len());
            for text in texts {
                assert_eq!(expected.begins(text), text.starts_with(key), "{key:?} {text:?}");
            }
        }
    }
}
