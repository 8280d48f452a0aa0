//! Runs the import jobs of a home, a few at once; the others wait in the catalog, the oldest first.
//!
//! A job belongs to the server that claimed it until it ends. A server that is told to stop puts
//! its jobs back; those of one that died are put back by another one that lives or starts. A job
//! whose end could not be written, as on a full disk, begins anew.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tracing::{error, info, warn};

use super::Quotas;
use super::references::normalize;
use crate::catalog::{Catalog, ImportRun, Job};
use crate::import::{ImportOptions, Normalize, OnError, import};
use crate::model::{AnnotationFields, Error, ErrorKind, Listener, Result, StoreFormat};
use crate::normalize::NormalizeOptions;
use crate::objects::Objects;
use crate::read::source::Input;
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Jobs that run at once where nobody says otherwise, as in the service.
pub const JOBS_AT_ONCE: usize = 5;

/// How long a worker sleeps where nobody wakes it: another process may have put a job back.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The threads that run the jobs.
pub struct Workers {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    catalog: Catalog,
    objects: Arc<dyn Objects>,
    quotas: Quotas,
    pipe: Pipe,
    stop: Arc<AtomicBool>,
    /// Counts how often somebody woke the workers.
    calls: Mutex<u64>,
    called: Condvar,
    /// When one of the workers last looked for jobs that nobody runs.
    looked: Mutex<Instant>,
}

impl Workers {
    /// Puts the jobs that nobody runs back and starts to run `jobs` at once. `threads` is how many
    /// parse and encode, over all jobs; one per processor where none is given.
    pub fn start(
        catalog: Catalog,
        objects: Arc<dyn Objects>,
        quotas: Quotas,
        jobs: usize,
        threads: Option<usize>,
    ) -> Result<Self> {
        catalog.check_writable()?;
        put_back_jobs(&catalog)?;
        let stop = Arc::new(AtomicBool::new(false));
        let shared = Arc::new(Shared {
            catalog,
            objects,
            quotas,
            pipe: Pipe::new(threads, DEFAULT_CHUNK_BYTES)?,
            stop,
            calls: Mutex::new(0),
            looked: Mutex::new(Instant::now()),
            called: Condvar::new(),
        });
        let this = Self { shared, threads: Mutex::default() };
        for index in 0..jobs {
            let shared = Arc::clone(&this.shared);
            let thread = thread::Builder::new()
                .name(format!("job-{index}"))
                .spawn(move || shared.work())
                .map_err(|error| Error::internal("cannot start a thread").with_source(error))?;
            this.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        }
        Ok(this)
    }

    /// Tells the workers that there is a job.
    pub fn wake(&self) {
        self.shared.wake();
    }

    /// Tells the jobs that run to stop; they wait for the next server then.
    pub fn begin_to_stop(&self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.shared.wake();
    }

    /// Stops the jobs that run, and waits until they have.
    pub fn stop(&self) {
        self.begin_to_stop();
        for thread in self.take_threads() {
            // A worker catches what a job does wrong.
            let _ = thread.join();
        }
    }

    /// Stops the jobs that run, and waits for them until `end`. One that does not notice, since the
    /// disk does not answer, ends with the process, as one of a server that died.
    pub fn stop_by(&self, end: Instant) {
        self.begin_to_stop();
        let mut threads = self.take_threads();
        while !threads.is_empty() && Instant::now() < end {
            threads.retain(|it| !it.is_finished());
            thread::sleep(Duration::from_millis(5));
        }
        if !threads.is_empty() {
            warn!(workers = threads.len(), "jobs did not stop in time");
        }
    }

    fn take_threads(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn wake(&self) {
        *self.calls.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.called.notify_all();
    }

    fn work(&self) {
        while !self.stop.load(Ordering::SeqCst) {
            let calls = *self.calls.lock().unwrap_or_else(PoisonError::into_inner);
            match self.catalog.claim_job() {
                Ok(Some((job, run))) => self.run(&job, run),
                Ok(None) => {
                    self.look_for_abandoned_jobs();
                    self.wait(calls);
                }
                Err(error) => {
                    error!(%error, "cannot look for jobs");
                    self.wait(calls);
                }
            }
        }
    }

    /// Takes over the jobs of servers that died, and those whose end could not be written. One
    /// worker in a second looks, for all of them.
    fn look_for_abandoned_jobs(&self) {
        {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            if looked.elapsed() < LOOK_AGAIN {
                return;
            }
            *looked = Instant::now();
        }
        match put_back_jobs(&self.catalog) {
            Ok(0) => {}
            Ok(_) => self.wake(),
            Err(error) => error!(%error, "cannot look for jobs that nobody runs"),
        }
    }

    /// Waits until somebody has called since the count was taken.
    fn wait(&self, calls: u64) {
        let held = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.called.wait_timeout_while(held, LOOK_AGAIN, |now| *now == calls);
    }

    fn run(&self, job: &Job, run: ImportRun) {
        let began = Instant::now();
        let (account, store) = (&job.account, &job.store_name);
        info!(job = job.id, %account, %store, source = job.source, "job begins");
        let outcome = catch_unwind(AssertUnwindSafe(|| self.import(job, run)));
        let seconds = began.elapsed().as_secs_f64();
        match outcome {
            Ok(Ok(status)) => info!(job = job.id, status, seconds, "job ended"),
            Ok(Err(error)) if error.kind() == ErrorKind::Interrupted => {
                info!(job = job.id, seconds, "job was stopped");
            }
            Ok(Err(error)) => warn!(job = job.id, seconds, %error, "job failed"),
            Err(_) => error!(job = job.id, seconds, "job failed by a fault of annostore"),
        }
    }

    fn import(&self, job: &Job, run: ImportRun) -> Result<&'static str> {
        let pipe = self.pipe.clone().stopped_by(&self.stop);
        let (input, normalize) = match self.open(job, &run, &pipe) {
            Ok(opened) => opened,
            Err(error) => {
                // A reference that is indexed again hears of the end of the server, too.
                match error.kind() {
                    ErrorKind::Interrupted => run.interrupt(&error.in_full())?,
                    _ => run.fail_for(&error)?,
                }
                return Err(error);
            }
        };
        let id = job.id.clone();
        let options = ImportOptions {
            format: job.format_options.clone(),
            on_error: match run.store().format {
                // As the service does, but the job's message says what was dropped.
                StoreFormat::Gff => OnError::Drop,
                StoreFormat::Tsv | StoreFormat::Vcf => OnError::Fail,
            },
            annotations: AnnotationFields::of_request(&job.annotation_fields),
            normalize,
            listener: Listener::new(move |text| info!(job = id, "{text}")),
            ..ImportOptions::default()
        };
        let imported = import(run, input, &pipe, &options)?;
        Ok(imported.job.map_or("FAILED", |it| it.status.as_str()))
    }

    /// Opens the source of a job, and the reference where it is to normalize.
    fn open(&self, job: &Job, run: &ImportRun, pipe: &Pipe) -> Result<(Input, Option<Normalize>)> {
        let normalize = job
            .left_normalize
            .then(|| normalize(&self.catalog, run.store(), NormalizeOptions::default(), pipe))
            .transpose()?;
        let object = self.objects.open(&job.source, &self.stop)?;
        if let Some(most) = self.quotas.file_bytes()
            && object.length() > most
        {
            return Err(Error::new(
                ErrorKind::QuotaExceeded,
                format!(
                    "the object has {} bytes, but a file may have at most {most}",
                    object.length()
                ),
            )
            .with("source", &job.source)
            .with_help("cut it into several files, each with its header"));
        }
        Ok((Input::Object(object), normalize))
    }
}

/// Lets the jobs of servers that nobody runs wait once more, and gives how many they are.
fn put_back_jobs(catalog: &Catalog) -> Result<u64> {
    let jobs = catalog.put_back_abandoned_jobs()?;
    if jobs > 0 {
        info!(jobs, "jobs that nobody ran start anew");
    }
    Ok(jobs)
}
