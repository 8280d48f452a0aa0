//! Avro's object container files, as far as they are written here: records that are encoded one
//! after the other, in blocks. [Specification](https://avro.apache.org/docs/1.11.1/specification/).
//!
//! Ours, since it is a screen of code: crates that write Avro bring a second Arrow or change the
//! features of others.

use sha2::{Digest, Sha256};

/// Bytes from which on a block ends.
const BLOCK: usize = 64 << 10;

/// The fields of a record, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Vec<u8>);

impl Record {
    /// An integer: `int` or `long`.
    pub fn long(&mut self, value: i64) -> &mut Self {
        // Zigzag: small numbers of either sign are short.
        let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
        while rest >= 0x80 {
            self.0.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        self.0.push(rest.to_le_bytes()[0]);
        self
    }

    /// A count, as a `long`.
    pub fn count(&mut self, value: u64) -> &mut Self {
        self.long(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// `bytes`, or a `string`.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.count(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// The choice of a value that may be null, before the value itself: null is the first.
    pub fn some(&mut self) -> &mut Self {
        self.long(1)
    }

    /// An `array`, each item by its own call.
    pub fn array<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) -> &mut Self {
        if !items.is_empty() {
            self.count(items.len() as u64);
            for it in items {
                item(self, it);
            }
        }
        self.long(0)
    }
}

/// A container file with these metadata, beside its schema. All records are of that schema.
pub fn container(
    schema: &str,
    metadata: &[(&str, &str)],
    records: impl IntoIterator<Item = Record>,
) -> Vec<u8> {
    let mut head = Record(b"Obj\x01".to_vec());
    let own = [("avro.schema", schema), ("avro.codec", "null")];
    let all: Vec<_> = own.iter().chain(metadata).collect();
    head.array(&all, |it, (key, value)| {
        it.bytes(key.as_bytes()).bytes(value.as_bytes());
    });
    // Any bytes do that are rare in the records: the same content gives the same file.
    let sync: [u8; 32] = Sha256::digest(&head.0).into();
    let sync = &sync[..16];
    let Record(mut file) = head;
    file.extend_from_slice(sync);
    let (mut count, mut block) = (0, Vec::new());
    let mut end = |count: &mut u64, block: &mut Vec<u8>| {
        if *count > 0 {
            let mut framed = Record(Vec::with_capacity(block.len() + 32));
            framed.count(*count).bytes(block);
            file.extend_from_slice(&framed.0);
            file.extend_from_slice(sync);
            (*count, *block) = (0, Vec::new());
        }
    };
    for Record(record) in records {
        block.extend_from_slice(&record);
        count += 1;
        if block.len() >= BLOCK {
            end(&mut count, &mut block);
        }
    }
    end(&mut count, &mut block);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_those_of_the_specification() {
        for (value, bytes) in [
            (0, &[0][..]),
            (-1, &[1]),
            (1, &[2]),
            (-64, &[0x7f]),
            (64, &[0x80, 0x01]),
            (i64::MAX, &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
            (i64::MIN, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        ] {
            assert_eq!(Record::default().long(value).0, bytes, "{value}");
        }
    }

    #[test]
    fn blocks_hold_all_records_and_end_with_the_marker() {
        let record = |it: i64| Record::default().long(it).clone();
        let file = container("\"long\"", &[("a", "b")], (0..100_000).map(record));
        let marker = &file[file.len() - 16..];
        let blocks = file.windows(16).filter(|it| *it == marker).count() - 1;
        assert!((4..8).contains(&blocks), "{blocks}");
        assert_eq!(container("\"long\"", &[], []).windows(3).filter(|it| *it == b"Obj").count(), 1);
    }
}
