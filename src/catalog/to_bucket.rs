//! How a home comes to keep its data files in a bucket, and how it comes back from there.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags, Transaction};

use super::failure::damaged;
use super::home::{Home, TABLES, publish, remove_file};
use super::in_bucket::{COPY, home_of, send, take_bucket, take_over_bucket, taken};
use super::integrity::faults_of;
use super::read::file_of;
use super::removal::put_on_list;
use super::resource::DataFile;
use super::rows::{self, collect};
use super::snapshot::open_unlocked;
use super::storage::{Storage, keep};
use super::{Catalog, DataAddress, new_id};
use crate::model::{Error, ErrorKind, Result};
use crate::objects::{Bucket, BucketAddress, Stop};

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
        let bucket = Arc::new(Bucket::new(address.clone(), Arc::clone(&self.inner.stop))?);
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
        check_free(&bucket, Some(&address.home))?;
        take_bucket(&bucket, &address)?;
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

    /// Looks whether a new home can keep its data files in a bucket: [`ErrorKind::Conflict`] where
    /// another one does, [`ErrorKind::Storage`] where there is no such bucket, or it cannot be read.
    pub fn check_bucket(address: &BucketAddress) -> Result<()> {
        check_free(&Bucket::new(address.clone(), Stop::default())?, None)
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
        let bucket = Bucket::new(address, Stop::default())?;
        let copy = bucket.read(COPY);
        let copy = copy.map_err(|it| bucket.failure(&it, "read the catalog", COPY))?;
        let copy = copy.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "no home keeps its data there")
                .with("object", bucket.uri(COPY))
                .with_help("check the bucket, the prefix and the endpoint")
        })?;
        home.make_folder(home.path())?;
        let aside = home.new_backup();
        let made =
            home.write_whole(&aside, &copy).and_then(|()| begin_anew(&home, &aside, &bucket));
        if made.is_err() {
            // The error to tell is the first one.
            let _ = remove_file(&aside);
        }
        made?;
        let catalog = Self::open(path)?;
        let recovered = catalog.compare_with(&bucket)?;
        catalog.copy_to_bucket()?;
        Ok((catalog, recovered))
    }

    /// What the catalog has, and how the bucket differs. What no version names is put on the list
    /// of removals: nobody else would ever remove it.
    fn compare_with(&self, bucket: &Bucket) -> Result<Recovered> {
        let listed = |folder: &str| {
            let listed = bucket.list(folder);
            listed.map_err(|error| bucket.failure(&error, "list files", folder))
        };
        let data = listed("data")?.into_iter().filter(|(key, _)| is_data_file(key));
        let mut there: HashMap<_, _> = data.map(|(key, it)| (key, it.bytes)).collect();
        let metadata = listed(TABLES)?;
        let mut tables: BTreeSet<_> =
            metadata.iter().filter_map(|(key, _)| table_of(key)).collect();
        self.write(|connection| {
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
            let strays = there.keys().map(String::as_str).chain(tables.iter().copied());
            strays.into_iter().try_for_each(|it| put_on_list(connection, it, None))?;
            Ok(found)
        })
    }
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

/// Has the copy of the catalog of a bucket be the catalog of a new home, which the bucket belongs to
/// from then on.
fn begin_anew(home: &Home, copy: &Path, bucket: &Bucket) -> Result<()> {
    if let Some(fault) = faults_of(&open_unlocked(copy)?).into_iter().next() {
        return Err(Error::new(ErrorKind::Storage, "the copy of the catalog is damaged")
            .with("object", bucket.uri(COPY))
            .with_source(fault));
    }
    let address = DataAddress { bucket: bucket.address().clone(), home: new_id() };
    settle(copy, &address)?;
    take_over_bucket(bucket, &address.home)?;
    // Until here there is no home, so that it can be tried again.
    publish(copy, &home.catalog())
}

/// Has the copy of a catalog, which nobody else uses, be that of a new home.
fn settle(copy: &Path, address: &DataAddress) -> Result<()> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Whoever opens the home turns the log on again.
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    let transaction = connection.unchecked_transaction()?;
    set_home_id(&transaction, &address.home)?;
    keep(&transaction, address)?;
    Ok(transaction.commit()?)
}

/// Refuses a bucket that another home than this one keeps its data in, or that lies in the folders
/// of another one.
fn check_free(bucket: &Bucket, home: Option<&str>) -> Result<()> {
    let told = |it| bucket.failure(&it, "read from the bucket", COPY);
    let is_taken = match home_of(bucket)? {
        Some(there) => Some(there.as_str()) != home,
        None => bucket.size(COPY).map_err(told)?.is_some(),
    };
    if is_taken {
        return Err(taken(bucket.address()));
    }
    for around in bucket.address().homes_around() {
        if home_of(&Bucket::new(around.clone(), Stop::default())?)?.is_some() {
            return Err(Error::new(ErrorKind::Conflict, "it lies in a folder of another home")
                .with("data", bucket.address().url())
                .with("home", around.url())
                .with_help("name a prefix outside of it"));
        }
    }
    Ok(())
}

/// Sends a data file that is as its import wrote it, unless the bucket has it already, from a move
/// that was interrupted.
fn send_data(bucket: &Arc<Bucket>, file: &DataFile) -> Result<()> {
    let key = file.place.key();
    let there = Storage::in_bucket(Arc::clone(bucket)).place(key);
    if (DataFile { place: there, ..file.clone() }).fault(|_| Ok(()))?.is_none() {
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
