//! Integers that VCF's have no bits for.

use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The integers of VCF: 32 bits, of which eight values are reserved.
pub const INTEGERS: RangeInclusive<i64> = i32::MIN as i64 + 8..=i32::MAX as i64;

/// How many integers beyond them went out, and the key of the first.
#[derive(Debug, Default)]
pub struct WideIntegers {
    count: AtomicU64,
    key: OnceLock<String>,
}

impl WideIntegers {
    /// Counts some of a key.
    #[cold]
    pub fn add(&self, key: &[u8], count: usize) {
        if count > 0 {
            self.count.fetch_add(count as u64, Ordering::Relaxed);
            self.key.get_or_init(|| String::from_utf8_lossy(key).into_owned());
        }
    }

    /// What is to be told of them.
    pub fn told(&self) -> Option<String> {
        let key = self.key.get()?;
        let (integers, them) = match self.count.load(Ordering::Relaxed) {
            1 => ("1 integer of INFO lies".to_owned(), "it"),
            count => (format!("{count} integers of INFO lie"), "them"),
        };
        Some(format!(
            "{integers} beyond the 32 bits of VCF's Integer, as one of {key}: bcftools reads \
             {them} as missing"
        ))
    }
}
