-- What Iceberg's metadata is made from: the number of each commit within its version, and how many
-- INFO columns the version had once it was through (which jobs of earlier programs do not say).
-- Also when something was taken out of the catalog, and for files that others took the place of,
-- the commit that did so.

ALTER TABLE versions ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN commit_number INTEGER;
ALTER TABLE jobs ADD COLUMN info_columns INTEGER;
ALTER TABLE removals ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE removals ADD COLUMN replaced_by INTEGER;

WITH of_jobs AS (
    SELECT job_id, version_id, min(seq) AS first FROM data_files GROUP BY job_id
), numbered AS (
    SELECT job_id, row_number() OVER (PARTITION BY version_id ORDER BY first) AS number FROM of_jobs
)
UPDATE jobs SET commit_number = numbered.number FROM numbered WHERE numbered.job_id = jobs.id;

WITH counted AS (
    SELECT version_id, count(DISTINCT job_id) AS commits FROM data_files GROUP BY version_id
)
UPDATE versions SET commits = counted.commits FROM counted WHERE counted.version_id = versions.id;

CREATE INDEX data_files_of_job ON data_files (job_id);
