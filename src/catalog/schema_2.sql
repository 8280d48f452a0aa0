-- Version 2: shares. They outlive their store, as jobs do: they are its history. So they name it, without a foreign key.

CREATE TABLE shares (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    name           TEXT,
    store_id       TEXT NOT NULL,
    store_name     TEXT NOT NULL,
    owner          TEXT NOT NULL,
    subscriber     TEXT NOT NULL,
    status         TEXT NOT NULL,
    status_message TEXT NOT NULL DEFAULT '',
    created        INTEGER NOT NULL,
    updated        INTEGER NOT NULL
) STRICT;

CREATE INDEX shares_of_store ON shares (store_id);
CREATE INDEX shares_of_owner ON shares (owner, seq);
CREATE INDEX shares_of_subscriber ON shares (subscriber, seq);
CREATE INDEX live_jobs_of_version ON jobs (version_id) WHERE status IN ('SUBMITTED', 'IN_PROGRESS');
