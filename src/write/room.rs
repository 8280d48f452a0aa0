//! Room for the columns of a chunk: as much as those of the chunk before took.
//!
//! Columns that grow from nothing copy what they have each time they double, and leave up to half
//! of their memory empty while their rows wait for their group to be full.

use std::sync::{Mutex, PoisonError};

/// The longest buffer that room is made for. One line of 64 MiB is no measure for the chunks that
/// follow it.
const MOST: usize = 1 << 21;

/// Columns, which are made of buffers.
pub trait Buffers {
    /// Shows each buffer, in an order that is always the same.
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing));
}

/// A buffer.
pub trait Growing {
    /// How many elements it has.
    fn length(&self) -> usize;

    /// Makes room for so many elements in all.
    fn make_room(&mut self, length: usize);
}

impl<T> Growing for Vec<T> {
    fn length(&self) -> usize {
        self.len()
    }

    fn make_room(&mut self, length: usize) {
        self.reserve_exact(length.saturating_sub(self.len()));
    }
}

/// How long the buffers of the last chunk were, whichever thread had it.
#[derive(Debug, Default)]
pub struct Room {
    lengths: Mutex<Vec<usize>>,
}

impl Room {
    /// Makes room in new columns.
    pub fn make(&self, columns: &mut impl Buffers) {
        let lengths = self.lengths.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut lengths = lengths.into_iter();
        columns.each_buffer(&mut |buffer| {
            let length = lengths.next().unwrap_or_default().min(MOST);
            // Chunks have about as many bytes each, and differ a little in what those become.
            buffer.make_room(length + length / 8);
        });
    }

    /// Remembers how long the buffers of finished columns are.
    pub fn keep(&self, columns: &mut impl Buffers) {
        let mut lengths = Vec::new();
        columns.each_buffer(&mut |it| lengths.push(it.length()));
        *self.lengths.lock().unwrap_or_else(PoisonError::into_inner) = lengths;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Columns(Vec<u8>, Vec<u64>);

    impl Buffers for Columns {
        fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
            see(&mut self.0);
            see(&mut self.1);
        }
    }

    #[test]
    fn new_columns_have_the_room_of_the_last_ones_and_an_eighth() {
        let room = Room::default();
        let mut first = Columns::default();
        room.make(&mut first);
        assert_eq!((first.0.capacity(), first.1.capacity()), (0, 0));
        room.keep(&mut Columns(vec![0; 80], vec![0; MOST * 2]));
        room.keep(&mut Columns(vec![0; 800], vec![0; MOST * 2]));
        let mut next = Columns::default();
        room.make(&mut next);
        assert_eq!((next.0.capacity(), next.1.capacity()), (900, MOST + MOST / 8));
    }
}
