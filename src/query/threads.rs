//! Threads of an engine's own, so that it can be used from anywhere: from a plain thread, and from
//! within an asynchronous runtime, which it neither blocks for ever nor relies on.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

use crate::model::{Error, Result};

/// The stack of a thread that plans: enough for every statement that [`super::guard`] lets through.
/// Only touched pages cost memory.
const STACK: usize = 256 << 20;

/// How long the end of a query that was given up is waited for.
const GRACE: Duration = Duration::from_secs(1);

/// Those that plan and compute, and one that watches clock and stop flag, because a busy thread
/// looks at neither.
pub struct Threads {
    workers: Background,
    watch: Background,
}

impl Threads {
    /// As many workers as told.
    pub fn start(workers: usize) -> Result<Self> {
        let watch = Background::start(Builder::new_multi_thread().worker_threads(1))?;
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(workers.max(1)).thread_stack_size(STACK);
        Ok(Self { workers: Background::start(builder)?, watch })
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
    fn start(builder: &mut Builder) -> Result<Self> {
        let runtime = builder
            .enable_time()
            .build()
            .map_err(|error| Error::internal("cannot start threads").with_source(error))?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        // A query that was given up has its temporary files removed once its tasks have ended, but
        // it may be in the middle of a long computation. An asynchronous caller may not wait at
        // all.
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
