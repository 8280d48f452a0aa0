-- Version 3 of the catalog. References: FASTA files outside of the home, known under an ARN.

CREATE TABLE fasta_references (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    arn      TEXT NOT NULL UNIQUE,
    path     TEXT NOT NULL,
    bytes    INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    digest   TEXT NOT NULL,
    contigs  TEXT NOT NULL,
    -- Of a BGZF file: where each block begins in the file and in its text, as pairs of little-endian numbers of 64 bits.
    blocks   BLOB,
    created  INTEGER NOT NULL
) STRICT;

-- What the normalization of a job did. Like the job, it outlives store, version and reference.
CREATE TABLE normalizations (
    job_id        TEXT PRIMARY KEY,
    version_id    TEXT NOT NULL,
    reference_arn TEXT NOT NULL,
    digest        TEXT NOT NULL,
    unchanged     INTEGER NOT NULL,
    moved         INTEGER NOT NULL,
    trimmed       INTEGER NOT NULL,
    split         INTEGER NOT NULL,
    unlike        INTEGER NOT NULL,
    left_out      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX normalizations_of_version ON normalizations (version_id);
