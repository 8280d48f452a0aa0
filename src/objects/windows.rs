//! Parts of objects that never change, for who reads them in small pieces on many threads.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};

/// Bytes of a window.
const WINDOW: u64 = 1 << 20;
/// Windows that are kept, those that were used last.
const MOST: usize = 64;

/// The windows that were read last, of all objects.
#[derive(Debug, Default)]
pub struct Windows(Mutex<VecDeque<Window>>);

#[derive(Debug)]
struct Window {
    key: String,
    number: u64,
    content: Bytes,
}

impl Windows {
    /// A part of an object of this size. The windows that are missing are read as one range.
    pub fn read(
        &self,
        key: &str,
        range: Range<u64>,
        size: u64,
        read: impl FnOnce(Range<u64>) -> io::Result<Bytes>,
    ) -> io::Result<Bytes> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let numbers = range.start / WINDOW..range.end.div_ceil(WINDOW);
        // What is long is read by who goes through it: it would only drive others out.
        if numbers.end - numbers.start > MOST as u64 / 8 {
            return read(range);
        }
        let mut windows: Vec<_> = numbers.clone().map(|it| self.find(key, it)).collect();
        let missing = |(at, it): (usize, &Option<Bytes>)| it.is_none().then_some(at as u64);
        let (mut first, mut last) = (None, 0);
        for at in windows.iter().enumerate().filter_map(missing) {
            first = first.or(Some(at));
            last = at;
        }
        if let Some(first) = first {
            let start = (numbers.start + first) * WINDOW;
            let end = ((numbers.start + last + 1) * WINDOW).min(size);
            let mut content = read(start..end)?;
            if content.len() as u64 != end - start {
                return Err(io::Error::other("the server sent less than it was asked for"));
            }
            for at in first..=last {
                let length = content.len().min(usize::try_from(WINDOW).unwrap_or(usize::MAX));
                let window = content.split_to(length);
                self.keep(key, numbers.start + at, &window);
                if let Some(place) = usize::try_from(at).ok().and_then(|at| windows.get_mut(at)) {
                    *place = Some(window);
                }
            }
        }
        cut_out(&range, numbers.start * WINDOW, windows.into_iter().flatten())
    }

    fn find(&self, key: &str, number: u64) -> Option<Bytes> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|it| it.number == number && it.key == key)?;
        let window = kept.remove(at)?;
        let content = window.content.clone();
        kept.push_back(window);
        Some(content)
    }

    fn keep(&self, key: &str, number: u64, content: &Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have read it meanwhile.
        kept.retain(|it| it.number != number || it.key != key);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(Window { key: key.to_owned(), number, content: content.clone() });
    }
}

/// A range of what windows hold that begin at a place.
fn cut_out(
    range: &Range<u64>,
    begin: u64,
    windows: impl Iterator<Item = Bytes>,
) -> io::Result<Bytes> {
    let outside = || io::Error::other("a part of an object lies behind its end");
    let within = |at: u64| usize::try_from(at - begin).map_err(io::Error::other);
    let (start, end) = (within(range.start)?, within(range.end)?);
    let windows: Vec<Bytes> = windows.collect();
    if let [only] = windows.as_slice() {
        return if end <= only.len() { Ok(only.slice(start..end)) } else { Err(outside()) };
    }
    let mut all = BytesMut::with_capacity(windows.iter().map(Bytes::len).sum());
    for window in &windows {
        all.extend_from_slice(window);
    }
    let all = all.freeze();
    if end <= all.len() { Ok(all.slice(start..end)) } else { Err(outside()) }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn parts_are_what_the_object_has_there_and_windows_are_read_once() {
        let object: Bytes =
            (0..3 * WINDOW + 17).map(|it| it.to_le_bytes()[0] ^ it.to_le_bytes()[1]).collect();
        let (windows, requests) = (Windows::default(), Cell::new(0));
        let size = object.len() as u64;
        let cut = |it: &Range<u64>| {
            let place = |at: u64| usize::try_from(at).unwrap();
            object.slice(place(it.start)..place(it.end))
        };
        let read = |range: Range<u64>| {
            let asked = |it: Range<u64>| {
                requests.set(requests.get() + 1);
                Ok(cut(&it))
            };
            windows.read("a", range, size, asked)
        };
        for range in [0..1, WINDOW - 1..WINDOW + 1, 5..5, 0..size, size - 3..size, 7..2 * WINDOW] {
            assert_eq!(read(range.clone()).unwrap(), cut(&range), "{range:?}");
        }
        // The first window; the second; the other two together.
        assert_eq!(requests.get(), 3);
        assert!(read(size - 1..size + 1).is_err());
    }
}
