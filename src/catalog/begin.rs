//! How an import begins: at once on a terminal, or once a server claims the job that waits.

use rusqlite::Connection;

use super::commit::ImportRun;
use super::job::{self, JobEnd, NewJob, Waiting};
use super::lock::Running;
use super::resource::{Job, JobStatus, OwnerKind, Store, Version};
use super::{Catalog, store, version};
use crate::model::{Error, ErrorKind, Result};

impl Catalog {
    /// Begins an import: makes its job, `IN_PROGRESS` and owned by this process, and its staging
    /// folder.
    ///
    /// [`ErrorKind::NotFound`] where store or version do not exist, [`ErrorKind::InvalidInput`]
    /// where the format options are of another format, [`ErrorKind::Conflict`] where the version
    /// takes no imports.
    pub fn begin_import(&self, new: &NewJob) -> Result<ImportRun> {
        let owner = self.owner_lock()?;
        // A job that a power failure takes away has stored nothing.
        let (job, store, version) = self.write_unsynced(|connection| {
            let (store, version) = job::check_target(connection, new)?;
            let job = job::insert(connection, new, &store, &version, Some(owner.id()))?;
            Ok((Running::of(self, &job), store, version))
        })?;
        ImportRun::start(new.account.clone(), job, (store, version), new.owner, owner)
    }

    /// Begins the import of the job whose turn it is: accounts take turns, and of each goes first
    /// what has waited longest. None where none waits.
    pub fn claim_job(&self) -> Result<Option<(Job, ImportRun)>> {
        // Most looks find nothing, and need no write lock.
        if self.read(job::next_waiting)?.is_none() {
            return Ok(None);
        }
        let owner = self.owner_lock()?;
        let claimed = self.write(|connection| {
            while let Some(waiting) = job::next_waiting(connection)? {
                if let Some(target) = target_of(connection, &waiting)? {
                    job::begin(connection, &waiting.job.id, owner.id())?;
                    let job = job::load(connection, &waiting.job.account, &waiting.job.id)?;
                    return Ok(Some((Running::of(self, &job.id), job, target)));
                }
                let gone = "the version was deleted before the job began; nothing was stored";
                job::end(connection, &waiting.job.id, &JobEnd::empty(JobStatus::Failed, gone))?;
            }
            Ok(None)
        })?;
        let Some((running, job, target)) = claimed else { return Ok(None) };
        let account = job.account.clone();
        let run = ImportRun::start(account, running, target, OwnerKind::Server, owner)?;
        Ok(Some((job, run)))
    }
}

/// What a waiting job imports into, if that is still there.
fn target_of(connection: &Connection, waiting: &Waiting) -> Result<Option<(Store, Version)>> {
    let job = &waiting.job;
    let find = || {
        let store = store::load_own(connection, &job.account, job.store_name.as_str())?;
        let version = version::load(connection, &store, job.version_name.as_str())?;
        Ok((store, version))
    };
    match find() {
        Ok((store, version)) => {
            let same = store.id == waiting.store_id && version.id == waiting.version_id;
            Ok(same.then_some((store, version)))
        }
        Err(error) if Error::kind(&error) == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
