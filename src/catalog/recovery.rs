//! Cleaning up after processes that died in an import.
//!
//! A process lives while it holds its lock file, so whoever can take the lock, or finds no file,
//! knows that it is gone. Its terminal jobs fail; the jobs of a server are left for the next
//! server. Looking needs no write lock, so opening a home costs next to nothing while nobody has
//! died.

use std::collections::HashMap;
use std::fs::File;

use rusqlite::Connection;

use super::home::{Home, names_in, remove_file, remove_tree};
use super::job::{self, JobEnd};
use super::lock::{Owner, inspect_owner};
use super::removal::remove_if_empty;
use super::resource::{JobStatus, OwnerKind};
use super::rows::{collect, first};
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
        let remains = self.find_remains()?;
        if !remains.jobs.is_empty() {
            self.write(|connection| {
                let mut dead = remains.jobs.iter();
                dead.try_for_each(|job| fail_dead_job(connection, &self.inner.home, job))
            })?;
        }
        for job in &remains.staging {
            remove_tree(&self.inner.home.staging_of(job))?;
        }
        self.forget(&remains)?;
        self.purge()?;
        Ok(())
    }

    fn find_remains(&self) -> Result<Remains> {
        let home = &self.inner.home;
        let mut remains = Remains::default();
        for name in names_in(&home.locks())? {
            if let Some(owner) = name.strip_suffix(".lock").filter(|it| is_id(it)) {
                remains.lives(home, owner)?;
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

    /// Lets the jobs of servers that died wait once more, removes what they left, and gives how
    /// many they are. A server calls this when it starts, and now and then while it lives.
    pub fn put_back_jobs_of_dead_servers(&self) -> Result<u64> {
        let running =
            self.read(|connection| live_jobs(connection, "IN_PROGRESS", OwnerKind::Server))?;
        let mut remains = Remains::default();
        if let Some(own) = locked(&self.inner.owner).upgrade() {
            remains.alive.insert(own.id().to_owned(), true);
        }
        let mut put_back = 0;
        for job in &running {
            let owner = job.owner.as_deref();
            if owner.map(|it| remains.lives(&self.inner.home, it)).transpose()? != Some(true) {
                put_back += u64::from(self.put_back(job)?);
            }
        }
        self.forget(&remains)?;
        Ok(put_back)
    }

    /// Puts the job of a dead server back, unless another server has done so since it was read: it
    /// may run again by now, and have new files.
    fn put_back(&self, job: &DeadJob) -> Result<bool> {
        let home = &self.inner.home;
        self.write(|connection| {
            let is_ours = job::put_back(connection, &job.id, job.owner.as_deref())?;
            if is_ours {
                remove_tree(&home.staging_of(&job.id))?;
                remove_strays(connection, home, job)?;
                forget_owner_of(connection, job)?;
            }
            Ok(is_ours)
        })
    }

    /// Removes the lock files of dead processes, and forgets those that have no job any more.
    fn forget(&self, remains: &Remains) -> Result<()> {
        for (owner, _held) in &remains.held {
            self.write(|connection| job::forget_owner(connection, owner))?;
            remove_file(&self.inner.home.owner_lock(owner))?;
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
}

/// Fails a job, and removes what its process had moved into the version's folder when it died.
fn fail_dead_job(connection: &Connection, home: &Home, job: &DeadJob) -> Result<()> {
    job::end(connection, &job.id, &JobEnd::empty(JobStatus::Failed, MESSAGE))?;
    forget_owner_of(connection, job)?;
    remove_strays(connection, home, job)
}

fn forget_owner_of(connection: &Connection, job: &DeadJob) -> Result<()> {
    job.owner.as_deref().map_or(Ok(()), |owner| job::forget_owner(connection, owner))
}

/// Removes the files in the folder of a job's version that no row names: a process moved them there
/// and died.
fn remove_strays(connection: &Connection, home: &Home, job: &DeadJob) -> Result<()> {
    let relative = Home::data_folder(&job.store, &job.version);
    let folder = home.resolve(&relative);
    let known = "SELECT EXISTS (SELECT 1 FROM data_files WHERE path = ?1)
        OR EXISTS (SELECT 1 FROM removals WHERE path = ?1)";
    let names = names_in(&folder)?;
    for name in &names {
        let path = format!("{relative}/{name}");
        if !connection.query_row(known, [&path], |row| row.get::<_, bool>(0))? {
            remove_file(&folder.join(name))?;
        }
    }
    remove_if_empty(&folder)
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
