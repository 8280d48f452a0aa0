//! What the catalog says of where data files lie.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use super::super::failure::damaged;
use super::super::{Catalog, Inner, locked};
use super::Storage;
use crate::model::{Error, Result};
use crate::objects::{Bucket, BucketAddress};

/// A bucket that a home keeps its data files in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataAddress {
    /// Where it is.
    #[serde(flatten)]
    pub bucket: BucketAddress,
    /// The id of this home. The bucket has that of the home that writes there: of two that think
    /// so, one was recovered from it elsewhere.
    pub home: String,
}

/// Where data files lie, by what the catalog said of it.
#[derive(Debug)]
pub struct Known {
    text: Option<String>,
    storage: Storage,
}

impl Catalog {
    /// Where the data files lie.
    pub fn storage(&self) -> Result<Storage> {
        self.read(|connection| self.inner.storage(connection))
    }

    /// The bucket that the data files lie in; none where they lie in the home.
    pub fn data_address(&self) -> Result<Option<DataAddress>> {
        self.read(address_in)
    }
}

impl Inner {
    /// Where the data files lie, as a connection sees the catalog.
    pub(in super::super) fn storage(&self, connection: &Connection) -> Result<Storage> {
        let text = text(connection)?;
        let mut known = locked(&self.storage);
        if let Some(known) = known.as_ref().filter(|it| it.text == text) {
            return Ok(known.storage.clone());
        }
        let storage = match &text {
            None => Storage::in_home(self.home.clone()),
            Some(text) => Storage::in_bucket(Arc::new(Bucket::new(
                parsed(text)?.bucket,
                Arc::clone(&self.stop),
            )?)),
        };
        *known = Some(Known { text, storage: storage.clone() });
        Ok(storage)
    }
}

/// The bucket that the data files lie in, as a connection sees the catalog.
pub fn address_in(connection: &Connection) -> Result<Option<DataAddress>> {
    text(connection)?.map(|it| parsed(&it)).transpose()
}

/// Whether the data files lie in a bucket.
pub fn is_in_bucket(connection: &Connection) -> Result<bool> {
    Ok(text(connection)?.is_some())
}

/// Keeps where data files lie from now on.
pub fn keep(connection: &Connection, address: &DataAddress) -> Result<()> {
    let text = serde_json::to_string(address)
        .map_err(|error| Error::internal("cannot write an address").with_source(error))?;
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('data_url', ?1)";
    connection.execute(sql, [text.into_bytes()])?;
    Ok(())
}

fn text(connection: &Connection) -> Result<Option<String>> {
    let sql = "SELECT value FROM meta WHERE key = 'data_url'";
    let text: Option<Vec<u8>> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    text.map(|it| String::from_utf8(it).map_err(|_| damaged("address of data files", "not UTF-8")))
        .transpose()
}

fn parsed(text: &str) -> Result<DataAddress> {
    serde_json::from_str(text).map_err(|_| damaged("address of data files", text))
}
