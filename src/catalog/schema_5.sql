-- Version 5 of the catalog. What a TSV store has beside the options of the API: marks of null,
-- and how its files are read by default.

ALTER TABLE stores ADD COLUMN settings TEXT;
