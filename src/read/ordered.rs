//! Work on many threads whose results come back in the order of the input.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use rayon::ThreadPool;

use crate::model::{Error, Result};

/// An iterator that hands each item of `input` to the pool and yields the results in the order of
/// the input.
///
/// At most `window` items are under way, which bounds the memory. The input is pulled by whoever
/// pulls this iterator. The first error of the input or of the work ends it.
pub struct Ordered<I, W, O> {
    input: I,
    work: Arc<W>,
    pool: Arc<ThreadPool>,
    window: usize,
    under_way: VecDeque<Receiver<Result<O>>>,
    ended: Option<Error>,
    exhausted: bool,
}

/// Runs `work` on every item of `input`; see [`Ordered`].
pub fn ordered<T, I, W, O>(
    pool: &Arc<ThreadPool>,
    window: usize,
    input: I,
    work: W,
) -> Ordered<I, W, O>
where
    I: Iterator<Item = Result<T>>,
    W: Fn(T) -> Result<O> + Send + Sync + 'static,
{
    Ordered {
        input,
        work: Arc::new(work),
        pool: Arc::clone(pool),
        window: window.max(1),
        under_way: VecDeque::new(),
        ended: None,
        exhausted: false,
    }
}

impl<T, I, W, O> Ordered<I, W, O>
where
    T: Send + 'static,
    O: Send + 'static,
    I: Iterator<Item = Result<T>>,
    W: Fn(T) -> Result<O> + Send + Sync + 'static,
{
    fn fill(&mut self) {
        while !self.exhausted && self.under_way.len() < self.window {
            match self.input.next() {
                Some(Ok(item)) => self.hand_over(item),
                Some(Err(error)) => {
                    self.ended = Some(error);
                    self.exhausted = true;
                }
                None => self.exhausted = true,
            }
        }
    }

    fn hand_over(&mut self, item: T) {
        let (sender, receiver) = sync_channel(1);
        let work = Arc::clone(&self.work);
        self.pool.spawn_fifo(move || {
            // Nobody waits any more where the run ended early.
            let _ = sender.send(work(item));
        });
        self.under_way.push_back(receiver);
    }
}

impl<T, I, W, O> Iterator for Ordered<I, W, O>
where
    T: Send + 'static,
    O: Send + 'static,
    I: Iterator<Item = Result<T>>,
    W: Fn(T) -> Result<O> + Send + Sync + 'static,
{
    type Item = Result<O>;

    fn next(&mut self) -> Option<Self::Item> {
        self.fill();
        let Some(front) = self.under_way.pop_front() else {
            return self.ended.take().map(Err);
        };
        let result =
            front.recv().unwrap_or_else(|_| Err(Error::internal("a worker thread failed")));
        if result.is_err() {
            self.exhausted = true;
            self.under_way.clear();
            self.ended = None;
        }
        Some(result)
    }
}
