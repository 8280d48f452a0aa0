//! Jobs that are ended from outside of the process that runs them.

use rusqlite::Connection;

use super::Catalog;
use super::home::Home;
use super::job::{JobEnd, end, load};
use super::removal::remove_strays;
use super::resource::{Job, JobStatus};
use super::rows::{collect, first};
use crate::model::{Account, Error, ErrorKind, Result};

impl Catalog {
    /// Cancels a job, so that its commit will be refused; the process that runs it notices by
    /// itself. [`ErrorKind::InvalidInput`] where the job has ended already.
    pub fn cancel_job(&self, account: &Account, id: &str) -> Result<Job> {
        self.write(|connection| {
            let job = load(connection, account, id)?;
            if !job.status.is_live() {
                return Err(Error::invalid(format!(
                    "the job has ended already: it is {}",
                    job.status.as_str()
                ))
                .with("job", id));
            }
            let cancelled = JobEnd::empty(JobStatus::Cancelled, "cancelled on request");
            end_of_another(connection, &self.inner.home, id, &cancelled)?;
            load(connection, account, id)
        })
    }

    /// Whether a job is one of a version that is still there. With a version goes what its jobs
    /// left about their inputs.
    pub fn is_for_a_version(&self, job: &Job) -> Result<bool> {
        self.read(|connection| is_for_a_version(connection, &job.id))
    }
}

/// Sees to it that no job runs into a version that is about to go: with `force` they fail, else it
/// is refused.
pub(super) fn end_jobs_of(
    connection: &Connection,
    home: &Home,
    version: &str,
    force: bool,
    why: &str,
) -> Result<()> {
    let sql =
        "SELECT id FROM jobs WHERE version_id = ?1 AND status IN ('SUBMITTED', 'IN_PROGRESS')";
    let live = collect(connection, sql, &[&version], |row| Ok(row.get::<_, String>(0)?))?;
    if let (Some(job), false) = (live.first(), force) {
        return Err(Error::new(ErrorKind::Conflict, "an import is in progress")
            .with("job", job)
            .with_help(
                "wait for it, cancel it with `annostore job cancel`, or delete with `force` \
                 (on the terminal: --force)",
            ));
    }
    let message = format!("{why} while the job ran; nothing was stored");
    for job in live {
        end_of_another(connection, home, &job, &JobEnd::empty(JobStatus::Failed, &message))?;
    }
    Ok(())
}

/// Ends a live job that another process may run, or have run until it died within its commit:
/// then its files lie where no row names them.
fn end_of_another(connection: &Connection, home: &Home, id: &str, how: &JobEnd<'_>) -> Result<()> {
    let sql = "SELECT store_id, version_id FROM jobs WHERE id = ?1 AND status = 'IN_PROGRESS'";
    let begun = first(connection, sql, &[&id], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    end(connection, id, how)?;
    begun.map_or(Ok(()), |(store, version)| remove_strays(connection, home, &store, &version))
}

/// Whether there is the version that a job is for.
pub(super) fn is_for_a_version(connection: &Connection, id: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (
        SELECT 1 FROM jobs j JOIN versions v ON v.id = j.version_id WHERE j.id = ?1)";
    Ok(connection.query_row(sql, [id], |row| row.get(0))?)
}
