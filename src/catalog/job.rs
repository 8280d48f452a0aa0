//! Import jobs in the catalog. A job goes from SUBMITTED to `IN_PROGRESS` to one of its ends, and
//! never back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::{Connection, Row, params};

use super::home::names_in;
use super::json::{FormatOptionsText, Json, json, optional_json};
use super::resource::{Job, JobStatus, OwnerKind, ResourceStatus, Store, Version};
use super::rows::{self, collect, first, page};
use super::{Catalog, Page, new_id, now, store, version};
use crate::model::{Account, Error, ErrorKind, FormatOptions, Name, Result};

/// An import to be begun.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Who starts it.
    pub account: Account,
    /// The store to import into.
    pub store: Name,
    /// The version to import into; the store's first one where none is named.
    pub version: Option<Name>,
    /// Kept and shown.
    pub role_arn: String,
    /// The file: an absolute path, `-` or an S3 URI.
    pub source: String,
    /// Whether to left-normalize.
    pub left_normalize: bool,
    /// Has to be of the store's format.
    pub format_options: Option<FormatOptions>,
    /// Kept and shown.
    pub annotation_fields: BTreeMap<String, String>,
    /// What runs it.
    pub owner: OwnerKind,
}

/// Which jobs to list.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// Only those with one of these ids.
    pub ids: Option<Vec<String>>,
    /// Only those in this state.
    pub status: Option<JobStatus>,
    /// Only those into the store of this name.
    pub store: Option<String>,
    /// Only those after this place: [`Page::next`] of the page before.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// How a job ended.
pub(super) struct JobEnd<'a> {
    pub(super) status: JobStatus,
    pub(super) message: &'a str,
    pub(super) source_sha256: &'a str,
    pub(super) source_bytes: u64,
    pub(super) rows_stored: u64,
    pub(super) lines_rejected: u64,
}

impl<'a> JobEnd<'a> {
    /// An end with nothing stored.
    pub(super) fn empty(status: JobStatus, message: &'a str) -> Self {
        Self {
            status,
            message,
            source_sha256: "",
            source_bytes: 0,
            rows_stored: 0,
            lines_rejected: 0,
        }
    }
}

impl Catalog {
    /// A job of an account. [`ErrorKind::NotFound`] where there is none of that id.
    pub fn job(&self, account: &Account, id: &str) -> Result<Job> {
        self.read(|connection| load(connection, account, id))
    }

    /// The files that a job has left in the home: its report, and the lines that it rejected.
    pub fn job_files(&self, job: &Job) -> Result<Vec<PathBuf>> {
        let folder = self.inner.home.report_of(&job.id);
        let mut names = names_in(&folder)?;
        // A process that died may have left a half-written one.
        names.retain(|name| !name.starts_with('.'));
        names.sort_unstable();
        Ok(names.into_iter().map(|it| folder.join(it)).collect())
    }

    /// The jobs of an account, newest first.
    pub fn jobs(&self, account: &Account, filter: &JobFilter) -> Result<Page<Job>> {
        self.read(|connection| {
            let sql = "SELECT * FROM jobs WHERE account = ?1 AND seq < ?2
                 AND (?3 IS NULL OR status = ?3)
                 AND (?4 IS NULL OR store_name = ?4)
                 AND (?5 IS NULL OR id IN (SELECT value FROM json_each(?5)))
                 ORDER BY seq DESC LIMIT ?6";
            let after = filter.after.unwrap_or(i64::MAX);
            let status = filter.status.map(JobStatus::as_str);
            let ids = filter.ids.as_ref().map(Json);
            let limit = i64::from(filter.limit) + 1;
            let values = params![account.as_str(), after, status, filter.store, ids, limit];
            page(connection, sql, values, filter.limit, from_row)
        })
    }

    /// Adds a job that waits for a server.
    ///
    /// Fails as [`Catalog::begin_import`], and with [`ErrorKind::QuotaExceeded`] where the account
    /// has `quota` live jobs already.
    pub fn submit_job(&self, new: &NewJob, quota: Option<u32>) -> Result<Job> {
        self.write(|connection| {
            check_quota(connection, &new.account, quota)?;
            let (store, version) = check_target(connection, new)?;
            let id = insert(connection, new, &store, &version, None)?;
            load(connection, &new.account, &id)
        })
    }
}

/// A job that waits for a server, with what it imports into.
pub(super) struct Waiting {
    pub(super) job: Job,
    pub(super) store_id: String,
    pub(super) version_id: String,
}

/// The job whose turn it is: of the account that has the fewest jobs with servers, and among those
/// whose last job began or ended the longest ago; of that account, the one that has waited longest.
pub(super) fn next_waiting(connection: &Connection) -> Result<Option<Waiting>> {
    let sql = "WITH next AS (
            SELECT account, min(seq) AS seq FROM jobs WHERE status = 'SUBMITTED' GROUP BY account)
         SELECT jobs.* FROM next JOIN jobs USING (seq)
         ORDER BY (SELECT count(*) FROM jobs AS it WHERE it.status = 'IN_PROGRESS'
                AND it.account = next.account AND it.owner_kind = 'server'),
            (SELECT it.updated FROM jobs AS it WHERE it.account = next.account
                AND it.status <> 'SUBMITTED' ORDER BY it.seq DESC LIMIT 1),
            next.seq
         LIMIT 1";
    first(connection, sql, &[], |row| {
        Ok(Waiting {
            job: from_row(row)?,
            store_id: row.get("store_id")?,
            version_id: row.get("version_id")?,
        })
    })
}

/// Gives a waiting job to the process with this lock.
pub(super) fn begin(connection: &Connection, id: &str, owner: &str) -> Result<()> {
    insert_owner(connection, owner, OwnerKind::Server)?;
    connection.execute(
        "UPDATE jobs SET status = 'IN_PROGRESS', owner = ?2, updated = max(updated, ?3)
         WHERE id = ?1 AND status = 'SUBMITTED'",
        params![id, owner, now().as_microsecond()],
    )?;
    Ok(())
}

/// Lets a job that a process runs, or ran, wait for a server once more. False where it has ended,
/// or another process has it by now.
pub(super) fn put_back(connection: &Connection, id: &str, owner: Option<&str>) -> Result<bool> {
    let changed = connection.execute(
        "UPDATE jobs SET status = 'SUBMITTED', owner = NULL, updated = max(updated, ?3)
         WHERE id = ?1 AND status = 'IN_PROGRESS' AND owner IS ?2",
        params![id, owner, now().as_microsecond()],
    )?;
    Ok(changed == 1)
}

/// A job of an account, or [`ErrorKind::NotFound`].
pub(super) fn load(connection: &Connection, account: &Account, id: &str) -> Result<Job> {
    let sql = "SELECT * FROM jobs WHERE account = ?1 AND id = ?2";
    first(connection, sql, params![account.as_str(), id], from_row)?.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "there is no such job")
            .with("job", id.escape_debug())
            .with_help("`annostore job list` shows the jobs of the account")
    })
}

/// The state of a job, whoever it belongs to.
pub(super) fn status(connection: &Connection, id: &str) -> Result<Option<JobStatus>> {
    let sql = "SELECT status FROM jobs WHERE id = ?1";
    first(connection, sql, &[&id], |row| rows::word(row, "status", JobStatus::parse))
}

/// Adds a job: one that begins at once, run by the process with this lock, or one that waits for a
/// server.
pub(super) fn insert(
    connection: &Connection,
    new: &NewJob,
    store: &Store,
    version: &Version,
    owner: Option<&str>,
) -> Result<String> {
    let id = new_id();
    let status = match owner {
        Some(owner) => {
            insert_owner(connection, owner, new.owner)?;
            JobStatus::InProgress
        }
        None => JobStatus::Submitted,
    };
    connection.execute(
        "INSERT INTO jobs (id, account, store_id, version_id, store_name, version_name, role_arn,
            source, status, created, updated, left_normalize, format_options, annotation_fields,
            owner, owner_kind)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            id,
            new.account.as_str(),
            store.id,
            version.id,
            store.name.as_str(),
            version.name.as_str(),
            new.role_arn,
            new.source,
            status.as_str(),
            now().as_microsecond(),
            new.left_normalize,
            new.format_options.as_ref().map(|it| Json(FormatOptionsText::from(it))),
            Json(&new.annotation_fields),
            owner,
            new.owner.as_str()
        ],
    )?;
    Ok(id)
}

fn insert_owner(connection: &Connection, owner: &str, kind: OwnerKind) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO owners (id, kind, pid, started) VALUES (?1, ?2, ?3, ?4)",
        params![owner, kind.as_str(), std::process::id(), now().as_microsecond()],
    )?;
    Ok(())
}

/// Ends a live job. False, and nothing changed, where it had ended already.
pub(super) fn end(connection: &Connection, id: &str, end: &JobEnd<'_>) -> Result<bool> {
    let changed = connection.execute(
        "UPDATE jobs SET status = ?2, status_message = ?3, source_sha256 = ?4, rows_stored = ?5,
            lines_rejected = ?6, updated = max(updated, ?7), completed = max(updated, ?7),
            source_bytes = ?8
         WHERE id = ?1 AND status IN ('SUBMITTED', 'IN_PROGRESS')",
        params![
            id,
            end.status.as_str(),
            end.message,
            end.source_sha256,
            rows::signed(end.rows_stored),
            rows::signed(end.lines_rejected),
            now().as_microsecond(),
            rows::signed(end.source_bytes)
        ],
    )?;
    Ok(changed == 1)
}

/// The imports of so many bytes into a version, oldest first: each job with the digest of what it
/// read. Those that do not say how many they read are among them.
pub(super) fn of_size(
    connection: &Connection,
    version: &str,
    bytes: u64,
) -> Result<Vec<(String, String)>> {
    let sql = "SELECT id, source_sha256 FROM jobs
         WHERE version_id = ?1 AND (source_bytes = ?2 OR source_bytes IS NULL)
         AND status IN ('COMPLETED', 'COMPLETED_WITH_FAILURES') ORDER BY seq";
    collect(connection, sql, params![version, rows::signed(bytes)], |row| {
        Ok((row.get("id")?, row.get("source_sha256")?))
    })
}

/// Forgets a process that has no job left.
pub(super) fn forget_owner(connection: &Connection, owner: &str) -> Result<()> {
    connection.execute(
        "DELETE FROM owners WHERE id = ?1 AND NOT EXISTS (
            SELECT 1 FROM jobs WHERE owner = ?1 AND status IN ('SUBMITTED', 'IN_PROGRESS'))",
        [owner],
    )?;
    Ok(())
}

/// The store and the version that a job is to import into, if they take it.
pub(super) fn check_target(connection: &Connection, new: &NewJob) -> Result<(Store, Version)> {
    let store = store::load_own(connection, &new.account, new.store.as_str())?;
    let version = version::resolve(connection, &store, new.version.as_ref().map(Name::as_str))?;
    check_takes_imports(&version)?;
    if let Some(options) = &new.format_options {
        options.check_fits(store.format)?;
    }
    Ok((store, version))
}

fn check_quota(connection: &Connection, account: &Account, quota: Option<u32>) -> Result<()> {
    let sql =
        "SELECT count(*) FROM jobs WHERE account = ?1 AND status IN ('SUBMITTED', 'IN_PROGRESS')";
    let found: u32 = connection.query_row(sql, [account.as_str()], |row| row.get(0))?;
    if quota.is_none_or(|it| found < it) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::QuotaExceeded,
        format!("{found} import jobs of the account run or wait, which is all it may have"),
    )
    .with_help("wait for one of them to end, or cancel one"))
}

/// Refuses a version that takes no imports.
fn check_takes_imports(version: &Version) -> Result<()> {
    if version.status == ResourceStatus::Active {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, format!("the version is {}", version.status.as_str()))
        .with("store", &version.store_name)
        .with("version", &version.name)
        .with_help("only an ACTIVE version takes imports"))
}

fn from_row(row: &Row<'_>) -> Result<Job> {
    let options: Option<FormatOptionsText> = optional_json(row, "format_options", "format option")?;
    Ok(Job {
        id: row.get("id")?,
        account: Account::new(&row.get::<_, String>("account")?)?,
        store_name: rows::name(row, "store_name")?,
        version_name: rows::name(row, "version_name")?,
        role_arn: row.get("role_arn")?,
        source: row.get("source")?,
        status: rows::word(row, "status", JobStatus::parse)?,
        status_message: row.get("status_message")?,
        created: rows::time(row, "created")?,
        updated: rows::time(row, "updated")?,
        completed: row.get::<_, Option<i64>>("completed")?.map(rows::to_time).transpose()?,
        left_normalize: row.get("left_normalize")?,
        format_options: options.map(FormatOptions::from),
        annotation_fields: json(row, "annotation_fields", "map of words")?,
        source_sha256: row.get("source_sha256")?,
        rows_stored: rows::count(row, "rows_stored")?,
        lines_rejected: rows::count(row, "lines_rejected")?,
    })
}
