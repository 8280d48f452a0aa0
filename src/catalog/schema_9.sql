-- The user's own views: queries with a name, which SQL takes for tables.

CREATE TABLE views (
    account TEXT NOT NULL,
    name    TEXT NOT NULL,
    sql     TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
