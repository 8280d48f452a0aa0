//! Threads of an engine's own, so that it can be used from anywhere: from a plain thread, and from
//! within an asynchronous runtime, which it neither blocks for ever nor relies on.

use std::fs;
use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

use crate::model::{Error, Result};

/// The stack of a thread that plans: enough for every statement that [`super::guard`] lets through,
/// whose calls need several times as much where they are not optimized.
/// Only touched pages cost memory.
const STACK: usize = if cfg!(debug_assertions) { 256 << 20 } else { 64 << 20 };

/// How long the end of a query that was given up is waited for.
const GRACE: Duration = Duration::from_secs(1);

/// How long threads that were asked for may take before it is asked whether the system refuses
/// them.
const PATIENCE: Duration = Duration::from_millis(50);

/// A thread without work stays: whether there is another one would be found out in the middle of a
/// query. A year is as good as for ever.
const KEPT: Duration = Duration::from_hours(365 * 24);

/// Those that plan and compute, and one that watches clock and stop flag, because a busy thread
/// looks at neither.
pub struct Threads {
    workers: Background,
    watch: Background,
}

impl Threads {
    /// As many workers as told, and as many threads that read for them.
    pub fn start(workers: usize) -> Result<Self> {
        let workers = workers.max(1);
        try_threads(2 * workers + 1)?;
        let watch = Background::start(1, 0)?;
        Ok(Self { workers: Background::start(workers, workers)?, watch })
    }

    /// Computes on the workers.
    pub fn compute<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.workers.handle.spawn(work)
    }

    /// Watches on the thread that does nothing else.
    pub fn watch(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.watch.handle.spawn(work);
    }
}

/// A runtime that ends without being waited for, or nearly so.
struct Background {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Background {
    /// A runtime with workers, and with readers, which wait for the disk. All of them run when it
    /// returns: tokio by itself starts a thread when there is work for it, and panics, or never
    /// does the work, where there is none to be had by then.
    fn start(workers: usize, readers: usize) -> Result<Self> {
        let started = Arc::new(Started::default());
        let count = Arc::clone(&started);
        let build = || -> io::Result<Self> {
            let runtime = Builder::new_multi_thread()
                .worker_threads(workers)
                .max_blocking_threads(readers.max(1))
                .thread_stack_size(STACK)
                .thread_keep_alive(KEPT)
                .on_thread_start(move || count.add())
                .enable_time()
                .build()?;
            let background = Self { handle: runtime.handle().clone(), runtime: Some(runtime) };
            let all = workers + readers;
            for _ in 0..readers {
                let started = Arc::clone(&started);
                // Each keeps its thread until all are there, so that the next one gets another.
                background.handle.spawn_blocking(move || while started.fewer_than(all) {});
            }
            while started.fewer_than(all) {
                if let Err(error) = thread::Builder::new().stack_size(STACK).spawn(|| ()) {
                    started.give_up();
                    return Err(error);
                }
                // Tokio asks the system again only when it gets more to do.
                background.handle.spawn_blocking(|| ());
            }
            Ok(background)
        };
        catch_unwind(AssertUnwindSafe(build))
            .unwrap_or_else(|_| Err(io::Error::other("tokio cannot start a thread")))
            .map_err(no_threads)
    }
}

/// Whether the system lets so many threads run at once, before tokio asks for them: where it gets
/// some of its workers only, it waits for them for ever.
fn try_threads(count: usize) -> Result<()> {
    let before = threads_of_process();
    let gate = Arc::new(Mutex::new(()));
    let closed = gate.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = |_| {
        let gate = Arc::clone(&gate);
        thread::Builder::new().stack_size(STACK).spawn(move || drop(gate.lock()))
    };
    let all: io::Result<Vec<_>> = (0..count).map(waiting).collect();
    drop(closed);
    for thread in all.map_err(no_threads)? {
        // It does nothing that could panic.
        let _ = thread.join();
    }
    // The system counts a thread for a moment after its end.
    let until = Instant::now() + PATIENCE;
    while threads_of_process() > before && Instant::now() < until {
        thread::yield_now();
    }
    Ok(())
}

/// How many threads the process has; none where the system does not tell.
fn threads_of_process() -> Option<usize> {
    fs::read_dir("/proc/self/task").ok().map(Iterator::count)
}

fn no_threads(error: io::Error) -> Error {
    Error::internal("the system lets the query start no further thread")
        .with_help(
            "use fewer with --threads, or raise the limits of processes and of memory (`ulimit -u` \
             and `ulimit -v`, or those of the container)",
        )
        .with_source(error)
}

/// How many threads of a runtime have started.
#[derive(Default)]
struct Started {
    count: Mutex<usize>,
    changed: Condvar,
}

impl Started {
    fn add(&self) {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.changed.notify_all();
    }

    /// Whether there are fewer than these, also after some time.
    fn fewer_than(&self, all: usize) -> bool {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(count, PATIENCE, |it| *it < all);
        *waited.unwrap_or_else(PoisonError::into_inner).0 < all
    }

    /// Nobody is to wait for more.
    fn give_up(&self) {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX;
        self.changed.notify_all();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        // The tasks of a query that was given up keep data files that were deleted until they end,
        // but they may be in the middle of a long computation. An asynchronous caller may not wait
        // at all.
        match Handle::try_current() {
            Ok(_) => runtime.shutdown_background(),
            Err(_) => runtime.shutdown_timeout(GRACE),
        }
    }
}

/// Waits on this thread, whatever runs on it: tokio's `block_on` refuses a thread of a runtime.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    // Without it a thread of a tokio runtime is made to yield now and then, to a loop that is this
    // one.
    let mut future = pin!(tokio::task::unconstrained(future));
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
