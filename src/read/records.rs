//! The parsed chunks of a file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ordered::ordered;
use super::{Meter, Parsed, Pipe};
use crate::model::Result;

/// The parsed chunks of a file, in file order.
pub struct Records<T> {
    parsed: Box<dyn Iterator<Item = Result<Parsed<T>>>>,
    limit: Limit,
    meter: Arc<Meter>,
}

/// How many findings a chunk keeps whole.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    most: usize,
    /// Set once no finding will be kept any more, so that workers only count.
    count_only: Arc<AtomicBool>,
}

impl Limit {
    /// Not more than so many.
    pub fn new(most: usize) -> Self {
        Self { most, count_only: Arc::default() }
    }

    /// As many as the next chunk has to keep.
    pub fn get(&self) -> usize {
        if self.count_only.load(Ordering::Relaxed) { 0 } else { self.most }
    }
}

impl<T: Send + 'static> Records<T> {
    /// Parses the pieces of a file on the threads of the pipe.
    pub(super) fn new<I: Send + 'static>(
        pipe: Pipe,
        limit: Limit,
        pieces: impl Iterator<Item = Result<I>> + 'static,
        parse: impl Fn(I) -> Result<Parsed<T>> + Send + Sync + 'static,
    ) -> Self {
        let parsed = Box::new(ordered(&pipe.pool, pipe.window(), pieces, parse));
        Self { parsed, limit, meter: pipe.meter }
    }
}

impl<T> Records<T> {
    /// The same chunks with something else made of what their sinks made.
    pub fn map_output<U>(self, mut make: impl FnMut(T) -> U + 'static) -> Records<U>
    where
        T: 'static,
    {
        let parsed = self.parsed.map(move |it| it.map(|it| it.map(&mut make)));
        Records { parsed: Box::new(parsed), limit: self.limit, meter: self.meter }
    }

    /// Tells the workers that no more findings will be kept: from now on they need only be counted.
    pub fn count_only(&self) {
        self.limit.count_only.store(true, Ordering::Relaxed);
    }
}

impl<T> Iterator for Records<T> {
    type Item = Result<Parsed<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(stopped) = self.meter.check() {
            return Some(Err(stopped));
        }
        let parsed = self.parsed.next()?;
        if let Ok(parsed) = &parsed {
            self.meter.records.fetch_add(parsed.records, Ordering::Relaxed);
        }
        Some(parsed)
    }
}
