//! An import on its way to its one commit.
//!
//! The files of a run are written to `staging/<job id>/`. Its commit is one transaction: while it
//! holds the catalog's write lock it checks that job and version are still there, renames the files
//! into `data/`, and adds their rows. A process that dies before the transaction is through leaves
//! files that no row names, under a job whose owner is gone: `recovery` removes both.
//!
//! Where data files lie in a bucket, they are uploaded to their places at once, with notes in the
//! staging folder, and the transaction names them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, TransactionBehavior, params};

use super::failure::io_error;
use super::home::{Home, remove_file, sync_folder};
use super::job::{self, JobEnd};
use super::json::{BoundsText, Json};
use super::lock::{OwnerLock, Running, open_folder, try_lock};
use super::reference::insert_normalization;
use super::removal::{self, remove_if_empty};
use super::resource::{DataFile, Job, JobStatus, OwnerKind, Store, Version};
use super::result::{ImportResult, NewFile};
use super::storage::{Storage, Uploads};
use super::{Catalog, Patience, commits, header, merge, new_id, rows};
use crate::model::info::merge_columns;
use crate::model::{Account, Error, ErrorKind, Result};
use crate::write::{BlockChecksums, NewFiles, OnDisk};

/// A running import. Ends with [`commit`](Self::commit), [`fail`](Self::fail) or
/// [`interrupt`](Self::interrupt); one that is dropped fails.
/// However it ends, nothing but what it committed is left in the home.
#[derive(Debug)]
pub struct ImportRun {
    catalog: Catalog,
    account: Account,
    job: String,
    /// Tells the threads of this process that the job is run, until all is over.
    _running: Running,
    store: Store,
    version: Version,
    kind: OwnerKind,
    staging: PathBuf,
    /// Where the files go.
    storage: Storage,
    /// Keeps this process known as alive.
    owner: Arc<OwnerLock>,
    /// Files in `data/` whose commit failed halfway, relative to the home.
    in_doubt: Vec<String>,
    /// Held while this run, and no other, puts small files of the version together.
    merging: OnceLock<File>,
    ended: bool,
}

/// A file on its way from staging to `data/`.
struct Move<'a> {
    file: &'a NewFile,
    /// Relative to the home.
    path: String,
}

impl ImportRun {
    /// A run of a job that is `IN_PROGRESS`, with its staging folder.
    pub(super) fn start(
        account: Account,
        running: Running,
        (store, version): (Store, Version),
        kind: OwnerKind,
        owner: Arc<OwnerLock>,
    ) -> Result<Self> {
        let (catalog, job) = (running.catalog.clone(), running.job.clone());
        let run = Self {
            account,
            staging: catalog.inner.home.staging_of(&job),
            storage: catalog.storage()?,
            catalog,
            job,
            _running: running,
            store,
            version,
            kind,
            owner,
            in_doubt: Vec::new(),
            merging: OnceLock::new(),
            ended: false,
        };
        // After the job: a staging folder without a job is one that nobody needs any more.
        run.catalog.inner.home.make_passing_folder(&run.staging)?;
        if run.storage.bucket().is_some() {
            let ready = run.catalog.check_bucket_is_ours();
            if let Err(error) = ready.and_then(|()| run.catalog.recover_uploads()) {
                run.fail_for(&error)?;
                return Err(error);
            }
        }
        Ok(run)
    }

    /// The catalog that the run adds to.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The job's id: the `importjobid` of its rows.
    pub fn job_id(&self) -> &str {
        &self.job
    }

    /// The folder of the new files: of this run alone, on the disk of the home.
    pub fn staging_dir(&self) -> &Path {
        &self.staging
    }

    /// Who takes the new files, which are called by paths in [`ImportRun::staging_dir`] wherever
    /// they go. `stop` ends the waiting for a server.
    pub fn new_files(&self, stop: &Arc<AtomicBool>) -> Result<Arc<dyn NewFiles>> {
        let Some(bucket) = self.storage.bucket() else { return Ok(Arc::new(OnDisk)) };
        let home = self.catalog.inner.home.clone();
        let folder = Home::data_folder(&self.store.id, &self.version.id);
        let (bucket, stop) = (Arc::clone(bucket), Arc::clone(stop));
        Ok(Arc::new(Uploads { home, bucket, folder, stop }))
    }

    /// Where to leave what is to stay about the input, such as rejected lines. Made by the first
    /// call; what has to be there after a power cut, too, waits for [`ImportRun::sync_reports`].
    pub fn report_dir(&self) -> Result<PathBuf> {
        let folder = self.catalog.inner.home.report_of(&self.job);
        self.catalog.inner.home.make_passing_folder(&folder)?;
        Ok(folder)
    }

    /// Waits until the names in [`ImportRun::report_dir`] are on the disk.
    pub fn sync_reports(&self) -> Result<()> {
        let folder = self.report_dir()?;
        sync_folder(&folder)?;
        folder.parent().map_or(Ok(()), sync_folder)
    }

    /// Gives a file that is to go to [`ImportRun::report_dir`] the rights of what lies there.
    pub fn settle(&self, path: &Path) -> Result<()> {
        self.catalog.inner.home.settle(path)
    }

    /// Leaves a text about the input in [`ImportRun::report_dir`]: all of it, or none.
    pub fn keep_report(&self, name: &str, text: &str) -> Result<()> {
        self.catalog.inner.home.write_whole(&self.report_dir()?.join(name), text.as_bytes())
    }

    /// The store as it was when the run began.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The version as it was when the run began, with its INFO columns.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The jobs that imported a file of so many bytes, or of an unknown size, into the version,
    /// oldest first, each with the SHA-256 of its file in hex.
    pub fn imports_of_size(&self, bytes: u64) -> Result<Vec<(String, String)>> {
        self.catalog.read(|connection| job::of_size(connection, &self.version.id, bytes))
    }

    /// Small files of the version that are to be put together, oldest first; none where they are
    /// few, or another run does so just now. Until this run ends, no other is given any.
    pub fn small_files(&self) -> Result<Vec<DataFile>> {
        let few = merge::small_files(&self.catalog, &self.version.id)?.is_empty();
        if few || self.merging.get().is_some() || !self.merges_alone()? {
            return Ok(Vec::new());
        }
        // Whoever held the lock before has put some of them together meanwhile.
        merge::small_files(&self.catalog, &self.version.id)
    }

    fn merges_alone(&self) -> Result<bool> {
        let folder = Home::data_folder(&self.store.id, &self.version.id);
        let path = self.catalog.inner.home.resolve(&folder);
        if self.storage.bucket().is_some() {
            // For its lock alone.
            self.catalog.inner.home.make_passing_folder(&path)?;
        }
        let Some(lock) = open_folder(&path)? else { return Ok(false) };
        Ok(try_lock(&lock, &path)? && self.merging.set(lock).is_ok())
    }

    /// Whether somebody cancelled the job or deleted its version meanwhile, so that a commit would
    /// be refused. Cheap enough to ask once per chunk.
    pub fn is_cancelled(&self) -> bool {
        let status = self.catalog.read(|connection| job::status(connection, &self.job));
        // Where the catalog cannot be read, the commit will say so.
        status.is_ok_and(|found| found.is_none_or(|status| !status.is_live()))
    }

    /// Adds the files to the version and ends the job, both or neither. Gives the job as it ended.
    ///
    /// [`ErrorKind::Interrupted`] where the job was cancelled, [`ErrorKind::NotFound`] where store
    /// or version were deleted, [`ErrorKind::Conflict`] where the INFO columns no longer fit those
    /// of the version. After an error the job is FAILED, or what it was made by another process,
    /// and nothing is stored.
    pub fn commit(mut self, result: &ImportResult) -> Result<Job> {
        // Another home may have been recovered from the bucket since the run began.
        let ours = self.catalog.check_bucket_is_ours();
        match ours.and_then(|()| self.try_commit(result)) {
            Ok(job) => {
                self.ended = true;
                // What is left there is of no use; whoever opens the home next tries again.
                let _ = self.catalog.clear_staging(&self.staging);
                if result.merge.is_some() {
                    self.catalog.purge_quietly();
                }
                Ok(job)
            }
            Err(error) => {
                // The first error is the one to tell. Where the job cannot be ended now, it will be
                // when this process is gone.
                let _ = self.end(JobStatus::Failed, &self.words_of(&error));
                Err(error)
            }
        }
    }

    /// Ends the job as FAILED, with nothing stored.
    pub fn fail(mut self, message: &str) -> Result<()> {
        self.end(JobStatus::Failed, message)
    }

    /// Ends the job as FAILED for an error, with nothing stored.
    pub fn fail_for(self, error: &Error) -> Result<()> {
        let words = self.words_of(error);
        self.fail(&words)
    }

    /// An error as the message of the job: that of a server's is for whoever calls the server.
    fn words_of(&self, error: &Error) -> String {
        match self.kind {
            OwnerKind::Terminal => error.to_string(),
            OwnerKind::Server => error.for_clients_in_full(),
        }
    }

    /// Ends the run because its process was told to stop, with nothing stored: the job of a
    /// terminal run is CANCELLED, that of a server waits for the next server.
    pub fn interrupt(mut self, message: &str) -> Result<()> {
        if self.kind == OwnerKind::Terminal {
            return self.end(JobStatus::Cancelled, message);
        }
        self.ended = true;
        let staging = self.catalog.clear_staging(&self.staging);
        self.catalog.write(|connection| {
            job::put_back(connection, &self.job, Some(self.owner.id()))?;
            job::forget_owner(connection, self.owner.id())
        })?;
        staging
    }

    fn try_commit(&mut self, result: &ImportResult) -> Result<Job> {
        let folder = Home::data_folder(&self.store.id, &self.version.id);
        let target = |file: &NewFile| {
            // In a bucket a file has its place already, by its name.
            let uploaded = self.storage.bucket().and_then(|_| file.path.file_name()?.to_str());
            let name = uploaded.map_or_else(|| format!("{}.parquet", new_id()), str::to_owned);
            format!("{folder}/{name}")
        };
        let target = |file| Move { file, path: target(file) };
        let merged = result.merge.iter().flat_map(|it| &it.files);
        let moves: Vec<_> = result.files.iter().chain(merged).map(target).collect();
        let catalog = self.catalog.clone();
        let committed = catalog.with_writer(Patience::Wait, |connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let job = match self.apply(&transaction, result, &moves) {
                Ok(job) => job,
                Err(error) => {
                    // Still under the write lock, which the transaction gives back at the end of
                    // this block.
                    if self.storage.bucket().is_none() {
                        self.in_doubt = undo(&self.catalog.inner.home, &folder, &moves);
                    }
                    return Err(error);
                }
            };
            transaction.commit().inspect_err(|_| {
                // Perhaps it reached the disk all the same: the files go only once the job is known
                // not to have.
                self.in_doubt = moves.iter().map(|it| it.path.clone()).collect();
            })?;
            Ok(job)
        })?;
        committed.ok_or_else(|| Error::internal("a commit did not get its turn"))
    }

    fn apply(
        &self,
        connection: &Connection,
        result: &ImportResult,
        moves: &[Move<'_>],
    ) -> Result<Job> {
        self.check_still_wanted(connection)?;
        if self.catalog.inner.storage(connection)?.place("") != self.storage.place("") {
            return Err(Error::new(
                ErrorKind::Conflict,
                "the home keeps its data elsewhere by now",
            )
            .with_help("nothing was stored; start the import again"));
        }
        let number = commits::begin(connection, &self.version.id)?;
        let known = rows::info_columns(connection, &self.version.id)?;
        let columns = merge_columns(&known, &result.info_columns)?;
        rows::extend_info_columns(connection, &self.version.id, known.len(), &columns)?;
        let merges = result.merge.as_ref().map_or(Ok(false), |merge| {
            merge::take_out(connection, &self.catalog, (&self.version.id, number), &merge.replaced)
        })?;
        let moves = if merges { moves } else { &moves[..result.files.len()] };
        for one in moves {
            self.insert_file(connection, one)?;
        }
        let end = JobEnd {
            status: result.status,
            message: &result.status_message,
            source_sha256: &result.source_sha256,
            source_bytes: result.source_bytes,
            rows_stored: result.rows_stored,
            lines_rejected: result.lines_rejected,
        };
        job::end(connection, &self.job, &end)?;
        if let Some(done) = &result.normalization {
            insert_normalization(connection, &self.job, &self.version.id, done)?;
        }
        if let Some(text) = &result.header {
            header::insert(connection, &self.job, &self.version.id, text)?;
        }
        commits::keep(connection, &self.job, number, columns.len())?;
        job::forget_owner(connection, self.owner.id())?;
        let job = job::load(connection, &self.account, &self.job)?;
        self.move_files(moves)?;
        Ok(job)
    }

    /// Job and version may have gone since the run began.
    fn check_still_wanted(&self, connection: &Connection) -> Result<()> {
        let job = job::load(connection, &self.account, &self.job)?;
        match job.status {
            JobStatus::InProgress => {}
            JobStatus::Cancelled => {
                return Err(Error::new(ErrorKind::Interrupted, "the job was cancelled")
                    .with("job", &self.job)
                    .with_help("nothing was stored; start the import again to have the file"));
            }
            _ => {
                return Err(Error::new(ErrorKind::NotFound, job.status_message)
                    .with("job", &self.job)
                    .with("store", &self.store.name)
                    .with("version", &self.version.name));
            }
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM versions WHERE id = ?1)";
        if connection.query_row(sql, [&self.version.id], |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        Err(Error::new(ErrorKind::NotFound, "the version was deleted while the import ran")
            .with("store", &self.store.name)
            .with("version", &self.version.name))
    }

    fn insert_file(&self, connection: &Connection, one: &Move<'_>) -> Result<()> {
        let file = one.file;
        connection.execute(
            "INSERT INTO data_files
                (version_id, job_id, path, rows, bytes, sha256, bounds, other_keys, crc32c)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.version.id,
                self.job,
                one.path,
                rows::signed(file.rows),
                rows::signed(file.bytes),
                file.sha256,
                Json(file.bounds.iter().map(BoundsText::from).collect::<Vec<_>>()),
                file.other_keys.as_ref().map(Json),
                file.checksums.as_ref().map(BlockChecksums::to_bytes)
            ],
        )?;
        Ok(())
    }

    fn move_files(&self, moves: &[Move<'_>]) -> Result<()> {
        let home = &self.catalog.inner.home;
        if moves.is_empty() || self.storage.bucket().is_some() {
            return Ok(());
        }
        let folder = home.resolve(&Home::data_folder(&self.store.id, &self.version.id));
        home.make_folder(&folder)?;
        for one in moves {
            if one.file.path.parent() != Some(&self.staging) {
                return Err(Error::internal("a new file is not in the staging folder")
                    .with("path", one.file.path.display()));
            }
            home.settle(&one.file.path)?;
            fs::rename(&one.file.path, home.resolve(&one.path))
                .map_err(|error| io_error(error, "move a new data file", &one.file.path))?;
        }
        sync_folder(&folder)
    }

    /// Ends the job with nothing stored, unless another process ended it, and removes what the run
    /// wrote.
    fn end(&mut self, status: JobStatus, message: &str) -> Result<()> {
        self.ended = true;
        let ended = self.catalog.write(|connection| {
            let stored = matches!(
                job::status(connection, &self.job)?,
                Some(JobStatus::Completed | JobStatus::CompletedWithFailures)
            );
            for path in self.in_doubt.iter().filter(|_| !stored) {
                removal::put_on_list(connection, path, None)?;
            }
            job::end(connection, &self.job, &JobEnd::empty(status, message))?;
            job::forget_owner(connection, self.owner.id())
        });
        // Once it is known whether the job's files are stored.
        let staging = self.catalog.clear_staging(&self.staging);
        if !self.in_doubt.is_empty() {
            self.catalog.purge_quietly();
        }
        ended.and(staging).and_then(|()| self.catalog.remove_report_of_gone(&self.job))
    }
}

impl Drop for ImportRun {
    fn drop(&mut self) {
        if !self.ended {
            // Where this fails, the next process that opens the home does it.
            let _ = self
                .end(JobStatus::Failed, "the import ended before it was done; nothing was stored");
        }
    }
}

/// Removes the files that a failed commit has moved already, and gives those that could not be
/// removed.
fn undo(home: &Home, folder: &str, moves: &[Move<'_>]) -> Vec<String> {
    let mut left = Vec::new();
    for one in moves {
        if remove_file(&home.resolve(&one.path)).is_err() {
            left.push(one.path.clone());
        }
    }
    // An empty folder does no harm.
    let _ = remove_if_empty(&home.resolve(folder));
    left
}
