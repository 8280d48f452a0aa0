//! The headers of imported files: each text once, for all jobs whose files begin with it.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::Catalog;
use super::failure::damaged;
use super::read::ReadLock;
use super::rows::{self, collect, first};
use crate::model::Result;
use crate::read::HeaderText;

/// A header with the jobs whose files have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobsHeader {
    /// SHA-256 of its text, for [`Catalog::header`]; none where an earlier program imported the
    /// files, which kept no headers.
    pub sha256: Option<String>,
    /// The ids of the jobs, in order.
    pub jobs: Vec<String>,
}

/// Headers that are looked into for what a version's keys mean.
const RECENT: u32 = 16;

impl ReadLock {
    /// The texts of the headers of a version that came last, the newest first. Those that are too
    /// long to be kept are not among them.
    pub fn recent_headers(&self, version: &str) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT h.sha256, h.bytes, h.lines, h.packed FROM headers h
            JOIN (SELECT m.sha256 AS sha256, max(j.seq) AS seq FROM job_headers m
                  JOIN jobs j ON j.id = m.job_id WHERE m.version_id = ?1 GROUP BY m.sha256) v
            ON v.sha256 = h.sha256 ORDER BY v.seq DESC LIMIT ?2";
        let headers = self.view(|it| collect(it, sql, params![version, RECENT], header_of_row))?;
        Ok(headers.iter().filter_map(HeaderText::text).collect())
    }
}

fn header_of_row(row: &Row<'_>) -> Result<HeaderText> {
    Ok(HeaderText {
        sha256: row.get("sha256")?,
        bytes: rows::count(row, "bytes")?,
        lines: rows::count(row, "lines")?,
        packed: row.get("packed")?,
    })
}

impl Catalog {
    /// The header of what a job has in a version; none where it has nothing there.
    pub fn header_of_job(&self, job: &str) -> Result<Option<JobsHeader>> {
        let sql = "SELECT sha256 FROM job_headers WHERE job_id = ?1 UNION ALL
            SELECT NULL FROM data_files WHERE job_id = ?1 LIMIT 1";
        self.read(|connection| {
            first(connection, sql, &[&job], |row| {
                Ok(JobsHeader { sha256: row.get(0)?, jobs: vec![job.to_owned()] })
            })
        })
    }

    /// The headers of what is in a version, in the order in which they came.
    pub fn headers_of_version(&self, version: &str) -> Result<Vec<JobsHeader>> {
        let sql = "SELECT DISTINCT j.seq, j.id, h.sha256 FROM
                (SELECT job_id FROM job_headers WHERE version_id = ?1
                 UNION SELECT job_id FROM data_files WHERE version_id = ?1) v
            JOIN jobs j ON j.id = v.job_id LEFT JOIN job_headers h ON h.job_id = v.job_id
            ORDER BY j.seq";
        let jobs = self.read(|connection| {
            collect(connection, sql, &[&version], |row| {
                Ok((row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
            })
        })?;
        let mut headers = Vec::<JobsHeader>::new();
        let mut places = HashMap::new();
        for (job, sha256) in jobs {
            let place = *places.entry(sha256.clone()).or_insert(headers.len());
            if place == headers.len() {
                headers.push(JobsHeader { sha256, jobs: Vec::new() });
            }
            headers[place].jobs.push(job);
        }
        Ok(headers)
    }

    /// The header of a digest; none where no job has it any more.
    pub fn header(&self, sha256: &str) -> Result<Option<HeaderText>> {
        let sql = "SELECT sha256, bytes, lines, packed FROM headers WHERE sha256 = ?1";
        let header = self.read(|connection| first(connection, sql, &[&sha256], header_of_row))?;
        match header {
            Some(it) if it.packed.is_some() && it.text().is_none() => {
                Err(damaged("text of a header", sha256))
            }
            header => Ok(header),
        }
    }
}

/// Keeps the header of a job's file: its text only where no other job has it.
pub(super) fn insert(
    connection: &Connection,
    job: &str,
    version: &str,
    header: &HeaderText,
) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO headers (sha256, bytes, lines, packed) VALUES (?1, ?2, ?3, ?4)",
        params![
            header.sha256,
            rows::signed(header.bytes),
            rows::signed(header.lines),
            header.packed
        ],
    )?;
    connection.execute(
        "INSERT INTO job_headers (job_id, version_id, sha256) VALUES (?1, ?2, ?3)",
        params![job, version, header.sha256],
    )?;
    Ok(())
}

/// Removes the headers that no job has any more.
pub(super) fn forget_unused(connection: &Connection) -> Result<()> {
    connection.execute(
        "DELETE FROM headers WHERE NOT EXISTS
            (SELECT 1 FROM job_headers h WHERE h.sha256 = headers.sha256)",
        [],
    )?;
    Ok(())
}
