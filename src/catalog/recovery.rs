//! Cleaning up after processes that died in an import.
//!
//! A process lives while it holds its lock file, so whoever can take the lock, or finds no file,
//! knows that it is gone. Its terminal jobs fail; the jobs of a server are left for the next
//! server. Looking needs no write lock, so opening a home costs next to nothing while nobody has
//! died.

use std::collections::HashMap;
use std::fs::File;

use rusqlite::Connection;

use super::ending::is_for_a_version;
use super::home::{Home, names_in, remove_file, remove_tree, remove_unfinished};
use super::in_bucket::{put_strays_on_list, unnamed};
use super::job::{self, JobEnd};
use super::line::forget_dead_tickets;
use super::lock::{Owner, inspect_owner};
use super::removal::remove_strays;
use super::resource::{JobStatus, OwnerKind};
use super::rows::{collect, first};
use super::storage::{Noted, uploads_in};
use super::{Catalog, locked};
use crate::model::Result;

const MESSAGE: &str = "the process that ran it ended before it was done; nothing was stored";

/// What dead processes left.
#[derive(Default)]
struct Remains {
    /// Whether each owner that was asked about lives.
    alive: HashMap<String, bool>,
    /// The locks of the dead, held until all is cleaned up.
    held: Vec<(String, File)>,
    /// Owners in the catalog that are dead, and have no job any more.
    owners: Vec<String>,
    jobs: Vec<DeadJob>,
    /// Ids of jobs whose staging folder nobody needs.
    staging: Vec<String>,
}

struct DeadJob {
    id: String,
    owner: Option<String>,
    store: String,
    version: String,
}

impl Catalog {
    /// Fails the jobs of dead processes and removes what they left, then what waits for the last
    /// reader.
    pub(super) fn recover(&self) -> Result<()> {
        let home = &self.inner.home;
        let remains = self.find_remains()?;
        if !remains.jobs.is_empty() || !remains.owners.is_empty() {
            self.write(|connection| {
                remains.jobs.iter().try_for_each(|job| fail_dead_job(connection, home, job))?;
                remains.owners.iter().try_for_each(|owner| job::forget_owner(connection, owner))
            })?;
        }
        for job in &remains.staging {
            let staging = home.staging_of(job);
            // What was sent to a bucket is for the next import: its server may not answer now.
            if uploads_in(&staging)?.is_empty() {
                self.clear_staging(&staging)?;
            }
            self.remove_report_of_gone(job)?;
        }
        remains.release(home)?;
        forget_dead_tickets(home)?;
        self.forget_half_backup()?;
        self.purge_home()?;
        Ok(())
    }

    /// Takes back what dead processes had sent to a bucket, and no version names.
    pub(super) fn recover_uploads(&self) -> Result<()> {
        let remains = self.find_remains()?;
        let staging = remains.staging.iter().map(|it| self.inner.home.staging_of(it));
        staging.into_iter().try_for_each(|it| self.clear_staging(&it))
    }

    fn find_remains(&self) -> Result<Remains> {
        let home = &self.inner.home;
        let mut remains = Remains::default();
        for name in names_in(&home.locks())? {
            if let Some(owner) = name.strip_suffix(".lock").filter(|it| is_id(it)) {
                remains.lives(home, owner)?;
            }
        }
        for owner in self.read(owners_without_jobs)? {
            if !remains.lives(home, &owner)? {
                remains.owners.push(owner);
            }
        }
        // The folders are listed before the jobs are read: a job is in the catalog before it has a
        // folder.
        let folders = names_in(&home.staging())?;
        for job in self.read(|connection| live_jobs(connection, "%", OwnerKind::Terminal))? {
            let lives = job.owner.as_deref().map(|it| remains.lives(home, it)).transpose()?;
            if lives != Some(true) {
                remains.staging.push(job.id.clone());
                remains.jobs.push(job);
            }
        }
        for folder in folders.into_iter().filter(|it| is_id(it)) {
            if self.is_abandoned(&mut remains, &folder)? {
                remains.staging.push(folder);
            }
        }
        Ok(remains)
    }

    /// Lets the jobs of servers wait once more that nobody runs, removes what is left of them, and
    /// gives how many they are: those of servers that died, and those of this one whose end could
    /// not be written, as on a disk that was full. A server calls this when it starts, and now and
    /// then while it lives.
    pub fn put_back_abandoned_jobs(&self) -> Result<u64> {
        let in_progress =
            self.read(|connection| live_jobs(connection, "IN_PROGRESS", OwnerKind::Server))?;
        let mut remains = Remains::default();
        let own = locked(&self.inner.owner).upgrade();
        let mut abandoned = Vec::new();
        for job in in_progress {
            let runs = match (&job.owner, &own) {
                (None, _) => false,
                (Some(owner), Some(own)) if owner == own.id() => self.runs(&job.id),
                (Some(owner), _) => remains.lives(&self.inner.home, owner)?,
            };
            if !runs {
                abandoned.push(job);
            }
        }
        let mut put_back = 0;
        if !abandoned.is_empty() {
            let mut strays = Vec::new();
            self.write(|connection| {
                for job in &abandoned {
                    put_back += u64::from(self.put_back(connection, job, &mut strays)?);
                }
                Ok(())
            })?;
            self.give_up(strays)?;
        }
        remains.release(&self.inner.home)?;
        Ok(put_back)
    }

    /// Puts back a job that nobody runs, unless another server has done so since it was read: it
    /// may run again by now, also here, and have new files. What it had sent to a bucket is
    /// put on a list, and added to `strays`.
    fn put_back(
        &self,
        connection: &Connection,
        job: &DeadJob,
        strays: &mut Vec<Noted>,
    ) -> Result<bool> {
        let home = &self.inner.home;
        if self.runs(&job.id) || !job::put_back(connection, &job.id, job.owner.as_deref())? {
            return Ok(false);
        }
        let staging = home.staging_of(&job.id);
        let left = unnamed(connection, uploads_in(&staging)?)?;
        put_strays_on_list(connection, &left)?;
        strays.extend(left);
        remove_tree(&staging)?;
        remove_unfinished(&home.report_of(&job.id))?;
        remove_strays(connection, home, &job.store, &job.version)?;
        forget_owner_of(connection, job)?;
        Ok(true)
    }

    /// Whether a thread of this process runs a job.
    fn runs(&self, job: &str) -> bool {
        locked(&self.inner.running).contains(job)
    }

    /// Removes what an ended job left about its input, where the version it was for is gone.
    pub(super) fn remove_report_of_gone(&self, job: &str) -> Result<()> {
        let folder = self.inner.home.report_of(job);
        if folder.exists() && !self.read(|connection| is_for_a_version(connection, job))? {
            remove_tree(&folder)?;
        }
        Ok(())
    }

    /// Whether nobody will use a staging folder any more: its job is unknown, or has ended and its
    /// process is gone. A process that still lives removes it itself, also where another one
    /// cancelled the job.
    fn is_abandoned(&self, remains: &mut Remains, job: &str) -> Result<bool> {
        let sql = "SELECT status, owner FROM jobs WHERE id = ?1";
        let found = self.read(|connection| {
            first(connection, sql, &[&job], |row| {
                let status: String = row.get(0)?;
                Ok((JobStatus::parse(&status), row.get::<_, Option<String>>(1)?))
            })
        })?;
        Ok(match found {
            Some((Some(status), _)) if status.is_live() => false,
            None | Some((_, None)) => true,
            Some((_, Some(owner))) => !remains.lives(&self.inner.home, &owner)?,
        })
    }
}

impl Remains {
    /// Whether an owner lives. The lock of a dead one is kept.
    fn lives(&mut self, home: &Home, owner: &str) -> Result<bool> {
        if let Some(alive) = self.alive.get(owner) {
            return Ok(*alive);
        }
        let alive = match inspect_owner(home, owner)? {
            Owner::Alive => true,
            Owner::Gone => false,
            Owner::Dead(file) => {
                self.held.push((owner.to_owned(), file));
                false
            }
        };
        self.alive.insert(owner.to_owned(), alive);
        Ok(alive)
    }

    /// Removes the lock files of the dead.
    fn release(&self, home: &Home) -> Result<()> {
        self.held.iter().try_for_each(|(owner, _held)| remove_file(&home.owner_lock(owner)))
    }
}

/// Fails a job, and removes what its process had moved into the version's folder when it died.
fn fail_dead_job(connection: &Connection, home: &Home, job: &DeadJob) -> Result<()> {
    job::end(connection, &job.id, &JobEnd::empty(JobStatus::Failed, MESSAGE))?;
    forget_owner_of(connection, job)?;
    remove_unfinished(&home.report_of(&job.id))?;
    remove_strays(connection, home, &job.store, &job.version)
}

fn forget_owner_of(connection: &Connection, job: &DeadJob) -> Result<()> {
    job.owner.as_deref().map_or(Ok(()), |owner| job::forget_owner(connection, owner))
}

/// The owners in the catalog that have no live job: their jobs were ended by others.
fn owners_without_jobs(connection: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT id FROM owners WHERE id NOT IN (
        SELECT owner FROM jobs WHERE status IN ('SUBMITTED', 'IN_PROGRESS') AND owner IS NOT NULL)";
    collect(connection, sql, &[], |row| Ok(row.get(0)?))
}

/// The live jobs of a kind of process in a state, or any live state for `%`.
fn live_jobs(connection: &Connection, status: &str, kind: OwnerKind) -> Result<Vec<DeadJob>> {
    let sql = "SELECT id, owner, store_id, version_id FROM jobs
        WHERE status IN ('SUBMITTED', 'IN_PROGRESS') AND status LIKE ?1 AND owner_kind = ?2";
    collect(connection, sql, &[&status, &kind.as_str()], |row| {
        Ok(DeadJob {
            id: row.get(0)?,
            owner: row.get(1)?,
            store: row.get(2)?,
            version: row.get(3)?,
        })
    })
}

/// Names that are not ours, such as `readers.lock`, are left alone.
fn is_id(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}
