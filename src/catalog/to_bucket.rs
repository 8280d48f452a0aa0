//! How a home comes to keep its data files in a bucket, and how it comes back from there.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use super::failure::damaged;
use super::home::Home;
use super::in_bucket::{COPY, home_of, send, set_home_of};
use super::integrity::faults_of;
use super::read::file_of;
use super::resource::DataFile;
use super::rows::{self, collect};
use super::snapshot::open_unlocked;
use super::storage::{Storage, keep};
use super::{Catalog, DataAddress, new_id};
use crate::model::{Error, ErrorKind, Result};
use crate::objects::{Bucket, BucketAddress, bucket_error};

/// What a home that was recovered has, and what its bucket has beside that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Versions of its stores.
    pub versions: u64,
    /// Their data files.
    pub files: u64,
    /// Their rows.
    pub rows: u64,
    /// Data files that the catalog names and the bucket has not, or not whole.
    pub missing: Vec<String>,
    /// Data files that the bucket has and the catalog does not name: of imports after the copy of
    /// the catalog, or of some that never ended.
    pub unknown: u64,
}

impl Catalog {
    /// Keeps the data files in a bucket from now on: those that there are go there first, and stay
    /// in the home as well. `told` hears of each. Where they are in that bucket already, another
    /// endpoint or region is kept. Gives how many files were sent.
    ///
    /// [`ErrorKind::Conflict`] where another home keeps its files there, or this one keeps them in
    /// another bucket.
    pub fn keep_data_in(
        &self,
        address: BucketAddress,
        mut told: impl FnMut(&DataFile),
    ) -> Result<u64> {
        self.check_writable()?;
        let bucket = Arc::new(Bucket::new(address.clone())?);
        let home = self.write(home_id)?;
        let address = DataAddress { bucket: address, home };
        let before = self.data_address()?;
        if let Some(before) = &before
            && before.bucket.url() != address.bucket.url()
        {
            return Err(Error::new(
                ErrorKind::Conflict,
                "the home keeps its data in another bucket",
            )
            .with("data", before.bucket.url())
            .with_help("make another home for another bucket, and import there"));
        }
        check_free(&bucket, &address)?;
        set_home_of(&bucket, &address)?;
        let mut sent = HashSet::new();
        while before.is_none() {
            let files = self.read(|it| files_in_home(it, &self.inner.home))?;
            for file in files.iter().filter(|it| !sent.contains(it.place.key())) {
                send_data(&bucket, file)?;
                told(file);
            }
            sent.extend(files.into_iter().map(|it| it.place.key().to_owned()));
            // An import may have ended meanwhile.
            let is_all = self.write(|connection| {
                let now = files_in_home(connection, &self.inner.home)?;
                let is_all = now.iter().all(|it| sent.contains(it.place.key()));
                if is_all {
                    keep(connection, &address)?;
                }
                Ok(is_all)
            })?;
            if is_all {
                break;
            }
        }
        if before.is_some() {
            self.write(|connection| keep(connection, &address))?;
        }
        self.copy_to_bucket()?;
        Ok(sent.len() as u64)
    }

    /// Makes a home from the copy of its catalog in a bucket, where its data files lie. From then
    /// on the bucket is its own: a home that wrote there before is refused.
    ///
    /// [`ErrorKind::Conflict`] where there is a home at the path, [`ErrorKind::NotFound`] where no
    /// home keeps its data in the bucket.
    pub fn recover_from(path: &Path, address: BucketAddress) -> Result<(Self, Recovered)> {
        let home = Home::new(path)?;
        if home.catalog().exists() {
            return Err(Error::new(ErrorKind::Conflict, "there is a home already")
                .with("home", home.path().display())
                .with_help("name a folder that does not exist with --home"));
        }
        let bucket = Bucket::new(address.clone())?;
        let copy = bucket.read(COPY);
        let copy = copy.map_err(|it| bucket_error(&it, "read the catalog", &bucket.uri(COPY)))?;
        let copy = copy.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "no home keeps its data there")
                .with("object", bucket.uri(COPY))
                .with_help("check the bucket, the prefix and the endpoint")
        })?;
        home.make_folder(home.path())?;
        let aside = home.new_backup();
        home.write_whole(&aside, &copy)?;
        if let Some(fault) = faults_of(&open_unlocked(&aside)?).into_iter().next() {
            return Err(Error::new(ErrorKind::Storage, "the copy of the catalog is damaged")
                .with("object", bucket.uri(COPY))
                .with_source(fault));
        }
        home.write_whole(&home.catalog(), &copy)?;
        let catalog = Self::open(path)?;
        let address = DataAddress { bucket: address, home: new_id() };
        catalog.write(|connection| {
            set_home_id(connection, &address.home)?;
            keep(connection, &address)
        })?;
        set_home_of(&bucket, &address)?;
        catalog.copy_to_bucket()?;
        let recovered = catalog.compare_with(&bucket)?;
        Ok((catalog, recovered))
    }

    /// What the catalog has, and how the bucket differs.
    fn compare_with(&self, bucket: &Bucket) -> Result<Recovered> {
        let listed = bucket.list("data");
        let listed = listed.map_err(|it| bucket_error(&it, "list files", &bucket.uri("data")))?;
        let mut there: HashMap<_, _> =
            listed.into_iter().map(|(key, it)| (key, it.bytes)).collect();
        self.read(|connection| {
            let mut found = Recovered::default();
            let versions = "SELECT count(*) AS versions FROM versions";
            let versions = collect(connection, versions, &[], |row| rows::count(row, "versions"))?;
            found.versions = versions.iter().sum();
            let sql = "SELECT path, bytes, rows FROM data_files";
            let files = collect(connection, sql, &[], |row| {
                let bytes = rows::count(row, "bytes")?;
                Ok((row.get::<_, String>("path")?, bytes, rows::count(row, "rows")?))
            })?;
            for (path, bytes, rows) in files {
                (found.files, found.rows) = (found.files + 1, found.rows + rows);
                if there.remove(&path) != Some(bytes) {
                    found.missing.push(bucket.uri(&path));
                }
            }
            let removed = "SELECT path FROM removals";
            for path in collect(connection, removed, &[], |row| Ok(row.get::<_, String>(0)?))? {
                there.remove(&path);
            }
            found.unknown = there.len() as u64;
            Ok(found)
        })
    }
}

/// Refuses a bucket that another home keeps its data in.
fn check_free(bucket: &Bucket, address: &DataAddress) -> Result<()> {
    let told = |it| bucket_error(&it, "read from the bucket", &bucket.uri(COPY));
    let is_taken = match home_of(bucket)? {
        Some(home) => home != address.home,
        None => bucket.size(COPY).map_err(told)?.is_some(),
    };
    if !is_taken {
        return Ok(());
    }
    let url = address.bucket.url();
    let help = format!(
        "name another prefix; `annostore recover {url}` makes a home of what is there, for good"
    );
    Err(Error::new(ErrorKind::Conflict, "another home keeps its data there")
        .with("data", url)
        .with_help(help))
}

/// Sends a data file that is as its import wrote it, unless the bucket has it already.
fn send_data(bucket: &Arc<Bucket>, file: &DataFile) -> Result<()> {
    let key = file.place.key();
    let size = bucket.size(key);
    let size = size.map_err(|it| bucket_error(&it, "look at a file", &bucket.uri(key)))?;
    if size == Some(file.bytes) {
        return Ok(());
    }
    if let Some(fault) = file.fault(|_| Ok(()))? {
        return Err(Error::new(ErrorKind::Storage, format!("a data file {fault}"))
            .with("file", &file.place)
            .with_help("`annostore verify` finds all such files; import theirs again first"));
    }
    file.place.path().map_or(Ok(()), |path| send(bucket, key, &path))
}

fn files_in_home(connection: &Connection, home: &Home) -> Result<Vec<DataFile>> {
    let storage = Storage::in_home(home.clone());
    let sql = "SELECT * FROM data_files ORDER BY seq";
    collect(connection, sql, &[], |row| file_of(row, &storage))
}

/// The id of the home, which it gets when it is first asked for.
fn home_id(connection: &Transaction<'_>) -> Result<String> {
    let sql = "INSERT OR IGNORE INTO meta (key, value) VALUES ('home_id', ?1)";
    connection.execute(sql, [new_id().into_bytes()])?;
    let sql = "SELECT value FROM meta WHERE key = 'home_id'";
    let id: Vec<u8> = connection.query_row(sql, [], |row| row.get(0))?;
    String::from_utf8(id).map_err(|_| damaged("id of the home", "not UTF-8"))
}

fn set_home_id(connection: &Connection, id: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('home_id', ?1)";
    connection.execute(sql, [id.as_bytes()])?;
    Ok(())
}
