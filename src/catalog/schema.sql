-- Version 1 of the catalog. Times are microseconds since 1970 in UTC; `seq` gives the order of creation, which a clock cannot.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stores (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    account         TEXT NOT NULL,
    name            TEXT NOT NULL,
    format          TEXT NOT NULL,
    reference_arn   TEXT,
    description     TEXT NOT NULL,
    sse_key_arn     TEXT,
    options         TEXT,
    status          TEXT NOT NULL,
    status_message  TEXT NOT NULL DEFAULT '',
    created         INTEGER NOT NULL,
    updated         INTEGER NOT NULL,
    default_version TEXT NOT NULL,
    UNIQUE (account, name)
) STRICT;

CREATE TABLE versions (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    store_id       TEXT NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    description    TEXT NOT NULL,
    options        TEXT,
    status         TEXT NOT NULL,
    status_message TEXT NOT NULL DEFAULT '',
    created        INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    UNIQUE (store_id, name)
) STRICT;

-- The first version has its store's id, so tags say what they hang on.
CREATE TABLE store_tags (
    store_id TEXT NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (store_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE version_tags (
    version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (version_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE info_columns (
    version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    key        TEXT NOT NULL,
    name       TEXT NOT NULL,
    value_type TEXT NOT NULL,
    list       INTEGER NOT NULL,
    field_id   INTEGER NOT NULL,
    PRIMARY KEY (version_id, position),
    UNIQUE (version_id, key),
    UNIQUE (version_id, name),
    UNIQUE (version_id, field_id)
) STRICT, WITHOUT ROWID;

-- A process that runs imports. Its lock file `locks/<id>.lock` tells whether it lives.
CREATE TABLE owners (
    id      TEXT PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('terminal', 'server')),
    pid     INTEGER NOT NULL,
    started INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Jobs outlive their store: they are its history. So they name it, without a foreign key.
CREATE TABLE jobs (
    seq               INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT NOT NULL UNIQUE,
    account           TEXT NOT NULL,
    store_id          TEXT NOT NULL,
    version_id        TEXT NOT NULL,
    store_name        TEXT NOT NULL,
    version_name      TEXT NOT NULL,
    role_arn          TEXT NOT NULL,
    source            TEXT NOT NULL,
    status            TEXT NOT NULL,
    status_message    TEXT NOT NULL DEFAULT '',
    created           INTEGER NOT NULL,
    updated           INTEGER NOT NULL,
    completed         INTEGER,
    left_normalize    INTEGER NOT NULL,
    format_options    TEXT,
    annotation_fields TEXT NOT NULL,
    source_sha256     TEXT NOT NULL DEFAULT '',
    rows_stored       INTEGER NOT NULL DEFAULT 0,
    lines_rejected    INTEGER NOT NULL DEFAULT 0,
    owner             TEXT,
    owner_kind        TEXT NOT NULL
) STRICT;

CREATE INDEX live_jobs ON jobs (status) WHERE status IN ('SUBMITTED', 'IN_PROGRESS');
CREATE INDEX jobs_of_account ON jobs (account, seq);

-- Paths are relative to the home, so that a home can be moved.
CREATE TABLE data_files (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    job_id     TEXT NOT NULL,
    path       TEXT NOT NULL UNIQUE,
    rows       INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    bounds     TEXT NOT NULL,
    other_keys TEXT
) STRICT;

CREATE INDEX data_files_of_version ON data_files (version_id);

-- Files that no version names any more, to be unlinked once no reader is left.
CREATE TABLE removals (
    path TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
