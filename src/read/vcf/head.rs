//! The beginnings of keys, compared as one number: INFO has dozens of keys in each record, and nearly all are the ones expected.

/// The first bytes of a key.
pub struct Head {
    bytes: u64,
    mask: u64,
    /// The bytes of the whole key.
    pub length: usize,
}

/// How many bytes a head has.
const HEAD: usize = size_of::<u64>();

impl Head {
    /// The head of a key.
    pub fn of(key: &[u8]) -> Self {
        let known = key.len().min(HEAD);
        let (mut bytes, mut mask) = ([0; HEAD], [0; HEAD]);
        bytes[..known].copy_from_slice(&key[..known]);
        mask[..known].fill(u8::MAX);
        let [bytes, mask] = [bytes, mask].map(u64::from_le_bytes);
        Self { bytes, mask, length: key.len() }
    }

    /// Whether it is the whole key.
    pub fn is_whole(&self) -> bool {
        self.length <= HEAD
    }

    /// Whether a text begins with it, and has room for the rest of the key.
    #[inline]
    pub fn begins(&self, text: &[u8]) -> bool {
        let first = text.first_chunk().map_or_else(|| padded(text), |it| u64::from_le_bytes(*it));
        first & self.mask == self.bytes && self.length <= text.len()
    }
}

/// Fewer bytes than a head has, with zeros behind them.
fn padded(text: &[u8]) -> u64 {
    let mut bytes = [0; HEAD];
    bytes[..text.len()].copy_from_slice(text);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_a_head_where_it_begins_with_the_key() {
        let texts: [&[u8]; 6] = [b"", b"A", b"AF=0.5", b"AF_popmax=1", b"A\0", b"AF_popmax_nfe"];
        for key in [b"A".as_slice(), b"AF", b"A\0", b"AF_popma", b"AF_popmax"] {
            let head = Head::of(key);
            for text in texts {
                let head_of_text =
                    text.len() >= key.len() && text.starts_with(&key[..key.len().min(HEAD)]);
                assert_eq!(head.begins(text), head_of_text, "{key:?} {text:?}");
            }
            assert_eq!(head.is_whole(), key.len() <= 8);
        }
    }
}
