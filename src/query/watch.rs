//! What ends a query before its time: the clock, and whoever stops it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::options::Options;
use super::threads::Threads;
use crate::model::{Error, ErrorKind, Result};

/// How often the stop flag is looked at while nothing else happens.
const LOOK: Duration = Duration::from_millis(50);

/// Watches over one query, from its planning to its last batch.
pub struct Watch {
    stop: Option<Arc<AtomicBool>>,
    /// Why the query has to end; none where nothing can end it, or it was told.
    ended: Option<oneshot::Receiver<Error>>,
}

impl Watch {
    /// The time starts now.
    pub fn start(threads: &Threads, options: &Options) -> Self {
        let (stop, timeout) = (options.stop.clone(), options.timeout);
        if stop.is_none() && timeout.is_none() {
            return Self { stop, ended: None };
        }
        let deadline = timeout.and_then(|it| Instant::now().checked_add(it));
        let (mut sender, ended) = oneshot::channel();
        let flag = stop.clone();
        threads.watch(async move {
            let why = tokio::select! {
                () = sender.closed() => return,
                () = time_is_up(deadline) => too_slow(timeout.unwrap_or_default()),
                () = is_set(flag) => interrupted(),
            };
            // The query may have ended meanwhile.
            let _ = sender.send(why);
        });
        Self { stop, ended: Some(ended) }
    }

    /// Polls the work, and fails once the query has to end. After it has failed it is not to be
    /// polled again.
    pub fn poll<T>(
        &mut self,
        context: &mut Context<'_>,
        work: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<Result<T>> {
        // Work that is always ready would never wait, and a stop between two batches be lost.
        if self.stop.as_ref().is_some_and(|it| it.load(Ordering::Relaxed)) {
            return Poll::Ready(Err(interrupted()));
        }
        if let Poll::Ready(done) = work(context) {
            return Poll::Ready(Ok(done));
        }
        let Some(ended) = &mut self.ended else { return Poll::Pending };
        match Pin::new(ended).poll(context) {
            Poll::Ready(Ok(why)) => Poll::Ready(Err(why)),
            Poll::Ready(Err(_)) => {
                self.ended = None;
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

async fn time_is_up(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

async fn is_set(flag: Option<Arc<AtomicBool>>) {
    let Some(flag) = flag else { return std::future::pending().await };
    while !flag.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
    }
}

fn interrupted() -> Error {
    Error::new(ErrorKind::Interrupted, "the query was interrupted")
}

fn too_slow(timeout: Duration) -> Error {
    let seconds = timeout.as_secs_f64();
    Error::new(ErrorKind::QuotaExceeded, format!("the query took longer than {seconds} s"))
        .with_help("give it more time with --timeout, or narrow it with --region or WHERE")
}
