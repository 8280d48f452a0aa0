//! How a home comes back from the bucket that its data files lie in.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::home::{Home, TABLES, publish, remove_file};
use super::in_bucket::{COPY, take_over_bucket};
use super::integrity::faults_of;
use super::lock::lock_patiently;
use super::removal::put_on_list;
use super::rows::{self, collect};
use super::snapshot::open_unlocked;
use super::storage::keep;
use super::{Catalog, DataAddress, migrations, new_id};
use crate::model::{Error, ErrorKind, Result};
use crate::objects::{Bucket, BucketAddress, ListedObject, Stop};

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
    /// the catalog, or of some that never ended. They are removed as those of what is deleted.
    pub unknown: u64,
}

impl Catalog {
    /// Makes a home from the copy of its catalog in a bucket, where its data files lie. From then
    /// on the bucket is its own: a home that wrote there before is refused. What no version names
    /// there is put on the list of removals, as nobody else would ever remove it.
    ///
    /// [`ErrorKind::Conflict`] where there is a home at the path, [`ErrorKind::NotFound`] where no
    /// home keeps its data in the bucket. After an error there is no home, so that it can be tried
    /// again.
    pub fn recover_from(path: &Path, address: BucketAddress) -> Result<(Self, Recovered)> {
        let home = Home::new(path)?;
        check_absent(&home)?;
        let bucket = Bucket::new(address, Stop::default())?;
        let copy = bucket.read(COPY);
        let copy = copy.map_err(|it| bucket.failure(&it, "read the catalog", COPY))?;
        let copy = copy.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "no home keeps its data there")
                .with("object", bucket.uri(COPY))
                .with_help("check the bucket, the prefix and the endpoint")
        })?;
        home.make_folder(home.path())?;
        let recovered = {
            let setup = home.setup_lock();
            home.make_folder(&home.locks())?;
            let _setup = lock_patiently(home.open_lock(&setup)?, &setup)?;
            check_absent(&home)?;
            let aside = home.new_backup();
            let written = home.write_whole(&aside, &copy);
            let made = written.and_then(|()| begin_anew(&home, &aside, &bucket));
            if made.is_err() {
                // The error to tell is the first one.
                let _ = remove_file(&aside);
            }
            made?
        };
        let catalog = Self::open(path)?;
        catalog.copy_to_bucket()?;
        Ok((catalog, recovered))
    }
}

fn check_absent(home: &Home) -> Result<()> {
    if !home.catalog().exists() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, "there is a home already")
        .with("home", home.path().display())
        .with_help("name a folder that does not exist with --home"))
}

/// Has the copy of the catalog of a bucket, which nobody else uses, be the catalog of a new home,
/// which the bucket belongs to from then on.
fn begin_anew(home: &Home, copy: &Path, bucket: &Bucket) -> Result<Recovered> {
    if let Some(fault) = faults_of(&open_unlocked(copy)?).into_iter().next() {
        return Err(Error::new(ErrorKind::Storage, "the copy of the catalog is damaged")
            .with("object", bucket.uri(COPY))
            .with_source(fault));
    }
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    migrations::check(home, &connection).map_err(|error| error.with("object", bucket.uri(COPY)))?;
    // Whoever opens the home turns the log on again.
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    let transaction = connection.unchecked_transaction()?;
    let address = DataAddress { bucket: bucket.address().clone(), home: new_id() };
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('home_id', ?1)";
    transaction.execute(sql, [address.home.as_bytes()])?;
    keep(&transaction, &address)?;
    let recovered = compare(&transaction, bucket)?;
    transaction.commit()?;
    drop(connection);
    take_over_bucket(bucket, &address.home)?;
    // Until here there is no home.
    publish(copy, &home.catalog())?;
    Ok(recovered)
}

/// What the catalog has, and how the bucket differs.
fn compare(connection: &Connection, bucket: &Bucket) -> Result<Recovered> {
    let data = listed(bucket, "data")?.into_iter().filter(|(key, _)| is_data_file(key));
    let mut there: HashMap<_, _> = data.map(|(key, it)| (key, it.bytes)).collect();
    let metadata = listed(bucket, TABLES)?;
    let mut tables: BTreeSet<_> = metadata.iter().filter_map(|(key, _)| table_of(key)).collect();
    let mut found = Recovered::default();
    for (path, bytes, rows) in named_files(connection)? {
        (found.files, found.rows) = (found.files + 1, found.rows + rows);
        if there.remove(&path) != Some(bytes) {
            found.missing.push(bucket.uri(&path));
        }
    }
    for table in named_tables(connection)? {
        found.versions += 1;
        tables.remove(table.as_str());
    }
    let removed = "SELECT path FROM removals";
    for path in collect(connection, removed, &[], |row| Ok(row.get::<_, String>(0)?))? {
        there.remove(&path);
    }
    found.unknown = there.len() as u64;
    let strays = there.keys().map(String::as_str).chain(tables);
    strays.into_iter().try_for_each(|it| put_on_list(connection, it, None))?;
    Ok(found)
}

fn listed(bucket: &Bucket, folder: &str) -> Result<Vec<(String, ListedObject)>> {
    bucket.list(folder).map_err(|error| bucket.failure(&error, "list files", folder))
}

/// Key, bytes and rows of the files of all versions.
fn named_files(connection: &Connection) -> Result<Vec<(String, u64, u64)>> {
    let sql = "SELECT path, bytes, rows FROM data_files";
    collect(connection, sql, &[], |row| {
        Ok((row.get("path")?, rows::count(row, "bytes")?, rows::count(row, "rows")?))
    })
}

/// The folders of what other engines are told of all versions.
fn named_tables(connection: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT store_id, id FROM versions";
    collect(connection, sql, &[], |row| {
        let (store, version): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(Home::table_folder(&store, &version))
    })
}

/// Whether a key of the bucket is that of a data file, `data/<store>/<version>/<file>.parquet`, and
/// not of something that others keep there.
fn is_data_file(key: &str) -> bool {
    let parts: Vec<_> = key.split('/').collect();
    matches!(parts.as_slice(), ["data", store, version, file]
        if is_id(store) && is_id(version) && file.ends_with(".parquet"))
}

/// The folder of the Iceberg table that a key of the bucket belongs to.
fn table_of(key: &str) -> Option<&str> {
    let mut parts = key.split('/');
    let (folder, store, version) = (parts.next()?, parts.next()?, parts.next()?);
    let length = folder.len() + store.len() + version.len() + 2;
    key.get(..length).filter(|_| folder == TABLES && is_id(store) && is_id(version))
}

fn is_id(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}
