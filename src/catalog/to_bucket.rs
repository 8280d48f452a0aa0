//! How a home comes to keep its data files in a bucket.

use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use super::failure::damaged;
use super::home::{Home, remove_file};
use super::in_bucket::{COPY, check_bucket_takes_files, home_of, send, take_bucket, taken};
use super::read::file_of;
use super::removal::put_on_list;
use super::resource::DataFile;
use super::rows::collect;
use super::storage::{Storage, address_in, keep};
use super::{Catalog, DataAddress, new_id};
use crate::model::{Error, ErrorKind, Result};
use crate::objects::{Bucket, BucketAddress, Stop};

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
        let is_moved = before.as_ref().is_some_and(|it| it.bucket != address.bucket);
        if is_moved && home_of(&bucket)?.is_none() {
            return Err(Error::new(ErrorKind::Conflict, "the files of the home are not there")
                .with("data", address.bucket.url())
                .with_help(
                    "check endpoint and region: the bucket of another server has other files",
                ));
        }
        take_bucket(&bucket, &address)?;
        let sent = match &before {
            Some(before) => self.change_address(Some(before), &address).map(|()| 0)?,
            None => self.send_all(&bucket, &address, &mut told)?,
        };
        self.copy_to_bucket()?;
        // A copy from before would have the data files lie in the home.
        remove_file(&self.inner.home.backup())?;
        self.back_up()?;
        Ok(sent)
    }

    /// Sends all data files, and has the home use them there from then on. None of them goes
    /// meanwhile.
    fn send_all(
        &self,
        bucket: &Arc<Bucket>,
        address: &DataAddress,
        told: &mut impl FnMut(&DataFile),
    ) -> Result<u64> {
        let _stay = self.read_lock()?;
        let mut sent = HashSet::new();
        loop {
            let files = self.read(|it| files_in_home(it, &self.inner.home))?;
            for file in &files {
                if sent.insert(file.place.key().to_owned()) {
                    send_data(bucket, file)?;
                    told(file);
                }
            }
            // An import may have ended meanwhile.
            let is_all = self.write(|connection| {
                let now = files_in_home(connection, &self.inner.home)?;
                let now: HashSet<_> = now.iter().map(|it| it.place.key()).collect();
                if !now.iter().all(|it| sent.contains(*it)) {
                    return Ok(false);
                }
                check_address(connection, None)?;
                keep(connection, address)?;
                // Those that a merge or a deletion took out.
                let gone = sent.iter().filter(|it| !now.contains(it.as_str()));
                gone.into_iter().try_for_each(|it| put_on_list(connection, it, None))?;
                Ok(true)
            })?;
            if is_all {
                return Ok(sent.len() as u64);
            }
        }
    }

    /// Has the home find its bucket by another endpoint or region.
    fn change_address(&self, before: Option<&DataAddress>, address: &DataAddress) -> Result<()> {
        self.write(|connection| {
            check_address(connection, before)?;
            keep(connection, address)
        })
    }

    /// Looks whether a new home can keep its data files in a bucket: [`ErrorKind::Conflict`] where
    /// another one does, [`ErrorKind::Storage`] where there is no such bucket, or it cannot be read
    /// or written.
    pub fn check_bucket(address: &BucketAddress) -> Result<()> {
        let bucket = Bucket::new(address.clone(), Stop::default())?;
        check_free(&bucket, None)?;
        check_bucket_takes_files(&bucket)
    }
}

/// Refuses to change where data files lie where somebody else did so meanwhile.
fn check_address(connection: &Connection, before: Option<&DataAddress>) -> Result<()> {
    let now = address_in(connection)?;
    if now.as_ref() == before {
        return Ok(());
    }
    let place = now.map_or_else(|| "the home's folder".to_owned(), |it| it.bucket.url());
    Err(Error::new(ErrorKind::Conflict, "another process moved the home meanwhile")
        .with("data", place)
        .with_help("nothing was changed; look where its data lie now"))
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
