//! Cleaning up after processes that died in an import.
//!
//! A process lives while it holds its lock file, so whoever can take the lock, or finds no file, knows that it is gone. Its terminal jobs
//! fail; the jobs of a server are left for the next server. Looking needs no write lock, so opening a home costs next to nothing
//! while nobody has died.

use std::collections::HashMap;
use std::fs::File;

use rusqlite::Connection;

use super::Catalog;
use super::home::{Home, names_in, remove_file, remove_tree};
use super::job::{self, JobEnd};
use super::lock::{Owner, inspect_owner};
use super::removal::remove_if_empty;
use super::resource::{JobStatus, OwnerKind};
use super::rows::{collect, first};
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
    /// Fails the jobs of dead processes and removes what they left, then what waits for the last reader.
    pub(super) fn recover(&self) -> Result<()> {
        let remains = self.find_remains()?;
        if !remains.jobs.is_empty() {
            self.write(|it| {
                remains.jobs.iter().try_for_each(|job| fail_dead_job(it, &self.inner.home, job))
            })?;
        }
        for job in &remains.staging {
            remove_tree(&self.inner.home.staging_of(job))?;
        }
        for (owner, _held) in &remains.held {
            self.write(|it| job::forget_owner(it, owner))?;
            remove_file(&self.inner.home.owner_lock(owner))?;
        }
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
        // The folders are listed before the jobs are read: a job is in the catalog before it has a folder.
        let folders = names_in(&home.staging())?;
        for job in self.read(|it| live_jobs(it, "%", OwnerKind::Terminal))? {
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

    /// Lets the jobs of servers that died wait once more, and removes what they left. A server calls this when it starts.
    pub fn put_back_jobs_of_dead_servers(&self) -> Result<u64> {
        let mut remains = Remains::default();
        let mut dead = Vec::new();
        for job in self.read(|it| live_jobs(it, "IN_PROGRESS", OwnerKind::Server))? {
            let owner = job.owner.as_deref();
            if owner.map(|it| remains.lives(&self.inner.home, it)).transpose()? != Some(true) {
                dead.push(job);
            }
        }
        let home = &self.inner.home;
        for job in &dead {
            remove_tree(&home.staging_of(&job.id))?;
            self.write(|it| {
                job::put_back(it, &job.id)?;
                remove_strays(it, home, job)
            })?;
        }
        for (owner, _held) in &remains.held {
            self.write(|it| job::forget_owner(it, owner))?;
            remove_file(&home.owner_lock(owner))?;
        }
        Ok(dead.len() as u64)
    }

    /// Whether nobody will use a staging folder any more: its job is unknown, or has ended and its process is gone. A process that still lives
    /// removes it itself, also where another one cancelled the job.
    fn is_abandoned(&self, remains: &mut Remains, job: &str) -> Result<bool> {
        let sql = "SELECT status, owner FROM jobs WHERE id = ?1";
        let found = self.read(|it| {
            first(it, sql, &[&job], |row| {
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
fn fail_dead_job(it: &Connection, home: &Home, job: &DeadJob) -> Result<()> {
    job::end(it, &job.id, &JobEnd::empty(JobStatus::Failed, MESSAGE))?;
    if let Some(owner) = &job.owner {
        job::forget_owner(it, owner)?;
    }
    remove_strays(it, home, job)
}

/// Removes the files in the folder of a job's version that no row names: a process moved them there and died.
fn remove_strays(it: &Connection, home: &Home, job: &DeadJob) -> Result<()> {
    let relative = Home::data_folder(&job.store, &job.version);
    let folder = home.resolve(&relative);
    let known = "SELECT EXISTS (SELECT 1 FROM data_files WHERE path = ?1)
        OR EXISTS (SELECT 1 FROM removals WHERE path = ?1)";
    let names = names_in(&folder)?;
    for name in &names {
        let path = format!("{relative}/{name}");
        if !it.query_row(known, [&path], |row| row.get::<_, bool>(0))? {
            remove_file(&folder.join(name))?;
        }
    }
    remove_if_empty(&folder)
}

/// The live jobs of a kind of process in a state, or any live state for `%`.
fn live_jobs(it: &Connection, status: &str, kind: OwnerKind) -> Result<Vec<DeadJob>> {
    let sql = "SELECT id, owner, store_id, version_id FROM jobs
        WHERE status IN ('SUBMITTED', 'IN_PROGRESS') AND status LIKE ?1 AND owner_kind = ?2";
    collect(it, sql, &[&status, &kind.as_str()], |row| {
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
