//! References in the catalog, and what was normalized against them.

use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::failure::damaged;
use super::json::{ContigText, Json, json};
use super::rows::{self, collect, first};
use super::{Catalog, now};
use crate::model::{Error, ErrorKind, Result};
use crate::normalize::Counts;
use crate::read::fasta::{BlockStart, Contig, FastaIndex, Stamp};

/// A FASTA file that is known under an ARN.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredReference {
    /// The ARN by which stores name it.
    pub arn: String,
    /// The FASTA file, absolute.
    pub path: PathBuf,
    /// Its layout, with the MD5 of each contig.
    pub index: FastaIndex,
    /// [`FastaIndex::digest`]
    pub digest: String,
    /// When it was added.
    pub created: Timestamp,
}

/// What normalization did in a job, or in all jobs of a version with one reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalization {
    /// The ARN of the reference.
    pub reference_arn: String,
    /// The digest of the reference as it was then.
    pub digest: String,
    /// How many records came to what.
    pub counts: Counts,
}

impl Catalog {
    /// Adds a reference. [`ErrorKind::Conflict`] where there is one of that ARN.
    pub fn add_reference(
        &self,
        arn: &str,
        path: PathBuf,
        index: FastaIndex,
    ) -> Result<StoredReference> {
        let stored = StoredReference {
            digest: index.digest(),
            arn: arn.to_owned(),
            path,
            index,
            created: now(),
        };
        self.write(|connection| {
            if find(connection, arn)?.is_some() {
                return Err(arn_is_taken(arn));
            }
            connection.execute(
                "INSERT INTO fasta_references
                    (arn, path, bytes, modified, digest, contigs, blocks, created)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    arn,
                    stored.path.to_str().ok_or_else(|| {
                        Error::invalid("the path of the FASTA file is not UTF-8")
                    })?,
                    rows::signed(stored.index.stamp.bytes),
                    stored.index.stamp.modified,
                    stored.digest,
                    contigs_text(&stored.index.contigs),
                    stored.index.blocks.as_deref().map(blocks_to_bytes),
                    stored.created.as_microsecond()
                ],
            )?;
            Ok(())
        })?;
        Ok(stored)
    }

    /// The reference of an ARN. [`ErrorKind::NotFound`] where there is none.
    pub fn reference(&self, arn: &str) -> Result<StoredReference> {
        self.read(|connection| find(connection, arn))?.ok_or_else(|| absent(arn))
    }

    /// All references, in the order in which they were added.
    pub fn references(&self) -> Result<Vec<StoredReference>> {
        self.read(|connection| {
            collect(connection, "SELECT * FROM fasta_references ORDER BY seq", &[], from_row)
        })
    }

    /// Forgets a reference; its file stays. [`ErrorKind::NotFound`] where there is none.
    pub fn delete_reference(&self, arn: &str) -> Result<()> {
        self.write(|connection| {
            match connection.execute("DELETE FROM fasta_references WHERE arn = ?1", [arn])? {
                0 => Err(absent(arn)),
                _ => Ok(()),
            }
        })
    }

    /// Takes over size and time of a reference's file whose content turned out to be the same.
    pub fn restamp_reference(&self, arn: &str, index: &FastaIndex) -> Result<()> {
        self.write(|connection| {
            connection.execute(
                "UPDATE fasta_references SET bytes = ?2, modified = ?3, contigs = ?4, blocks = ?5
                 WHERE arn = ?1",
                params![
                    arn,
                    rows::signed(index.stamp.bytes),
                    index.stamp.modified,
                    contigs_text(&index.contigs),
                    index.blocks.as_deref().map(blocks_to_bytes)
                ],
            )?;
            Ok(())
        })
    }

    /// What normalization did in a job; none where it did not normalize, or has not ended.
    pub fn normalization_of_job(&self, job: &str) -> Result<Option<Normalization>> {
        let sql = "SELECT * FROM normalizations WHERE job_id = ?1";
        self.read(|connection| first(connection, sql, &[&job], normalization))
    }

    /// What normalization did in the jobs of a version, summed by reference.
    pub fn normalizations_of_version(&self, version: &str) -> Result<Vec<Normalization>> {
        let sql = "SELECT reference_arn, digest, sum(unchanged) AS unchanged, sum(moved) AS moved,
                sum(trimmed) AS trimmed, sum(split) AS split, sum(unlike) AS unlike,
                sum(left_out) AS left_out
             FROM normalizations WHERE version_id = ?1
             GROUP BY reference_arn, digest ORDER BY reference_arn, digest";
        self.read(|connection| collect(connection, sql, &[&version], normalization))
    }
}

/// Keeps what the normalization of a job did.
pub(super) fn insert_normalization(
    connection: &Connection,
    job: &str,
    version: &str,
    done: &Normalization,
) -> Result<()> {
    let counts = done.counts;
    connection.execute(
        "INSERT INTO normalizations VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            job,
            version,
            done.reference_arn,
            done.digest,
            rows::signed(counts.unchanged),
            rows::signed(counts.moved),
            rows::signed(counts.trimmed),
            rows::signed(counts.split),
            rows::signed(counts.unlike),
            rows::signed(counts.left_out)
        ],
    )?;
    Ok(())
}

fn normalization(row: &Row<'_>) -> Result<Normalization> {
    Ok(Normalization {
        reference_arn: row.get("reference_arn")?,
        digest: row.get("digest")?,
        counts: Counts {
            unchanged: rows::count(row, "unchanged")?,
            moved: rows::count(row, "moved")?,
            trimmed: rows::count(row, "trimmed")?,
            split: rows::count(row, "split")?,
            unlike: rows::count(row, "unlike")?,
            left_out: rows::count(row, "left_out")?,
        },
    })
}

fn find(connection: &Connection, arn: &str) -> Result<Option<StoredReference>> {
    first(connection, "SELECT * FROM fasta_references WHERE arn = ?1", &[&arn], from_row)
}

fn arn_is_taken(arn: &str) -> Error {
    Error::new(ErrorKind::Conflict, "there is a reference of this ARN already")
        .with("reference", arn)
        .with_help("delete it with `annostore reference delete` first, or give another ARN")
}

fn absent(arn: &str) -> Error {
    Error::new(ErrorKind::NotFound, "there is no such reference")
        .with("reference", arn.escape_debug())
        .with_help(
            "`annostore reference list` shows the references; \
             `annostore reference add FASTA --arn ARN` adds one",
        )
}

fn from_row(row: &Row<'_>) -> Result<StoredReference> {
    let stamp = Stamp { bytes: rows::count(row, "bytes")?, modified: row.get("modified")? };
    let contigs = contigs(row)?;
    let blocks = row.get::<_, Option<Vec<u8>>>("blocks")?.map(|it| blocks(&it)).transpose()?;
    Ok(StoredReference {
        arn: row.get("arn")?,
        path: row.get::<_, String>("path")?.into(),
        index: FastaIndex { contigs, blocks, stamp },
        digest: row.get("digest")?,
        created: rows::time(row, "created")?,
    })
}

fn contigs_text(contigs: &[Contig]) -> Json<Vec<ContigText>> {
    Json(contigs.iter().map(ContigText::from).collect())
}

fn contigs(row: &Row<'_>) -> Result<Vec<Contig>> {
    let contigs: Vec<ContigText> = json(row, "contigs", "list of contigs")?;
    let contigs: Vec<_> = contigs.into_iter().map(Contig::from).collect();
    // Whoever reads divides by them.
    let sound = |it: &Contig| it.length == 0 || it.line_bases > 0 && it.line_width >= it.line_bases;
    match contigs.iter().find(|it| !sound(it)) {
        Some(contig) => Err(damaged("layout of a contig", &contig.name)),
        None => Ok(contigs),
    }
}

fn blocks_to_bytes(blocks: &[BlockStart]) -> Vec<u8> {
    blocks
        .iter()
        .flat_map(|it| [it.offset.to_le_bytes(), it.inflated.to_le_bytes()].concat())
        .collect()
}

fn blocks(bytes: &[u8]) -> Result<Vec<BlockStart>> {
    let number = |it: &[u8]| it.first_chunk().copied().map(u64::from_le_bytes);
    let block =
        |it: &[u8]| Some(BlockStart { offset: number(it)?, inflated: number(it.get(8..)?)? });
    let blocks: Option<Vec<_>> = bytes.chunks(16).map(block).collect();
    blocks
        .filter(|all| all.is_sorted_by_key(|it| (it.offset, it.inflated)) && !all.is_empty())
        .ok_or_else(|| damaged("list of blocks", "of a reference"))
}
