-- Version 4 of the catalog. The headers of imported files, each text once, whichever jobs read
-- it. They go with the versions of those jobs.

CREATE TABLE headers (
    sha256 TEXT PRIMARY KEY,
    bytes  INTEGER NOT NULL,
    lines  INTEGER NOT NULL,
    -- The text as it stands in the file, in zlib's form; null where that is larger than 16 MiB.
    packed BLOB
) STRICT;

-- A job of an earlier program has none.
CREATE TABLE job_headers (
    job_id     TEXT PRIMARY KEY,
    version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    sha256     TEXT NOT NULL REFERENCES headers (sha256)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_headers_of_version ON job_headers (version_id);
CREATE INDEX job_headers_of_header ON job_headers (sha256);
