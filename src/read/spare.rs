//! Buffers that are done with, for whoever needs one.
//!
//! Texts are made as fast as they are used up, and have few sizes: to take over a buffer spares
//! clearing it, and asking the system for its pages.

use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// How many buffers are kept.
const MOST: usize = 8;
/// The sizes of buffers that are kept: those of whole chunks.
const SIZES: RangeInclusive<usize> = 1 << 18..=1 << 21;

/// An empty buffer of at least this capacity: a spare one, if there is one.
pub fn emptied(capacity: usize) -> Vec<u8> {
    take(capacity).map_or_else(
        || Vec::with_capacity(capacity),
        |mut buffer| {
            buffer.clear();
            buffer
        },
    )
}

/// A spare buffer of at least this capacity, if there is one. It has the bytes of who had it
/// before.
pub fn take(capacity: usize) -> Option<Vec<u8>> {
    if !SIZES.contains(&capacity) {
        return None;
    }
    let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
    let fitting = spare.iter().enumerate().filter(|(_, it)| it.capacity() >= capacity);
    let (index, _) = fitting.min_by_key(|(_, it)| it.capacity())?;
    Some(spare.swap_remove(index))
}

/// Keeps a buffer for others, unless there are enough that are as large.
pub fn give_back(buffer: Vec<u8>) {
    if !SIZES.contains(&buffer.capacity()) {
        return;
    }
    let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
    if spare.len() < MOST {
        spare.push(buffer);
    } else if let Some(smallest) = spare.iter_mut().min_by_key(|it| it.capacity())
        && smallest.capacity() < buffer.capacity()
    {
        *smallest = buffer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Other tests use the same buffers, so that one cannot tell which comes.
    #[test]
    fn a_buffer_that_comes_is_large_enough() {
        for capacity in [1 << 10, 1 << 18, 3 << 18, 1 << 20, 1 << 22] {
            give_back(Vec::with_capacity(capacity));
        }
        assert!(take(1 << 10).is_none());
        assert!(take(1 << 22).is_none());
        for _ in 0..=MOST {
            assert!(take(3 << 18).is_none_or(|it| it.capacity() >= 3 << 18));
        }
    }
}
