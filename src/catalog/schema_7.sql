-- How many bytes a job read, so that the same bytes are found again before they are read whole.
-- Jobs of earlier programs do not say.

ALTER TABLE jobs ADD COLUMN source_bytes INTEGER;

CREATE INDEX jobs_of_version ON jobs (version_id, source_bytes);
