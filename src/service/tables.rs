//! Versions as the tables that other engines read.

use super::Service;
use crate::catalog::{Store, StoreEntry, Version};
use crate::iceberg::{self, Written};
use crate::model::{Error, ErrorKind, Name, Result};

impl Service {
    /// The stores that the account may read, with the names of their versions: its own by their
    /// names, and those shared with it by `<owner>_<name>`.
    pub fn readable_stores(&self) -> Result<Vec<StoreEntry>> {
        self.catalog.read_all(&self.account)
    }

    /// A version that the account may read as a table, whose metadata lie on the disk.
    ///
    /// [`ErrorKind::NotFound`] where there is no such version.
    pub fn table(&self, store: &str, version: &str) -> Result<Written> {
        let version = self.get_annotation_store_version(store, version)?;
        let store = self.get_annotation_store(store)?;
        // In a home that cannot be written those are looked for that somebody else wrote.
        let written = match self.catalog.check_writable() {
            Ok(()) => iceberg::sync(&self.catalog, &store, &version)?,
            Err(error) => match iceberg::find(&self.catalog, &store, &version)? {
                None => return Err(error.with("missing", "the version's Iceberg metadata")),
                found => found,
            },
        };
        written.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the version was deleted just now")
                .with("store", &store.name)
                .with("version", &version.name)
        })
    }

    /// A version as a table, where its metadata lie on the disk as they should.
    pub fn find_table(&self, version: &Version) -> Result<Option<Written>> {
        let store = self.get_annotation_store(version.store_name.as_str())?;
        iceberg::find(&self.catalog, &store, version)
    }

    /// Writes what is missing of the Iceberg metadata of the account's versions: of all, or of
    /// those of one store, or of one version (`store` or `store.version`). `told` hears of each.
    ///
    /// [`ErrorKind::NotFound`] where there is no such store or version.
    pub fn sync_tables(
        &self,
        name: Option<&str>,
        mut told: impl FnMut(&Store, &Version, &Written) -> Result<()>,
    ) -> Result<()> {
        let (store, version) = match name.map(|it| it.split_once('.').ok_or(it)) {
            Some(Ok((store, version))) => (Some(store), Some(version)),
            Some(Err(store)) => (Some(store), None),
            None => (None, None),
        };
        let mut entries = self.readable_stores()?;
        entries.retain(|it| it.account == self.account);
        if let Some(store) = store {
            let store = self.get_own_annotation_store(store)?;
            entries.retain(|it| it.id == store.id);
        }
        for entry in &entries {
            let store = self.get_own_annotation_store(entry.name.as_str())?;
            let names = entry.versions.iter().map(Name::as_str);
            for name in version.map_or_else(|| names.collect(), |it| vec![it]) {
                let version = self.get_annotation_store_version(entry.name.as_str(), name)?;
                if let Some(written) = iceberg::sync(&self.catalog, &store, &version)? {
                    told(&store, &version, &written)?;
                }
            }
        }
        self.catalog.remove_tables_of_gone_versions()
    }
}
