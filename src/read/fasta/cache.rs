//! Blocks of bases that were read lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxBuildHasher;

/// A contig and the number of a block in it.
pub type Key = (usize, u64);

/// So many blocks, those that were asked for last. Many threads share it.
#[derive(Debug)]
pub struct Cache {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    blocks: HashMap<Key, (Arc<[u8]>, u64), FxBuildHasher>,
    /// Counts what was asked for.
    clock: u64,
}

impl Cache {
    /// An empty cache of at most `capacity` blocks.
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), entries: Mutex::default() }
    }

    /// A block that is there.
    pub fn get(&self, key: Key) -> Option<Arc<[u8]>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.clock += 1;
        let now = entries.clock;
        let (block, asked) = entries.blocks.get_mut(&key)?;
        *asked = now;
        Some(Arc::clone(block))
    }

    /// Adds a block, in the place of the one that was not asked for for the longest time where the cache is full.
    pub fn put(&self, key: Key, block: &Arc<[u8]>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.blocks.len() >= self.capacity {
            let oldest = entries.blocks.iter().min_by_key(|(_, it)| it.1).map(|(key, _)| *key);
            oldest.and_then(|it| entries.blocks.remove(&it));
        }
        entries.clock += 1;
        let now = entries.clock;
        entries.blocks.insert(key, (Arc::clone(block), now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_that_was_not_asked_for_goes() {
        let cache = Cache::new(2);
        let block: Arc<[u8]> = Arc::from(*b"A");
        cache.put((0, 0), &block);
        cache.put((0, 1), &block);
        assert!(cache.get((0, 0)).is_some());
        cache.put((1, 0), &block);
        let there = [(0, 0), (0, 1), (1, 0)].map(|it| cache.get(it).is_some());
        assert_eq!(there, [true, false, true]);
    }
}
