//! A version whose files can be asked one by one: SQL sees each as a version of its own.

use std::sync::Arc;

use datafusion::common::TableReference;

use crate::catalog::{Catalog, DataFile, ReadLock, Storage, StoreEntry, Version, VersionSnapshot};
use crate::model::contigs::plain_name;
use crate::model::{Account, Error, HalfOpen, Name, Result, StoreFormat, TsvStoreOptions};
use crate::query::{Region, Tables, View, resolve};
use crate::write::CoordinateNames;

/// A version of a store, as it was when it was opened. Its files stay as long as it lives.
#[derive(Clone, Debug)]
pub struct OpenVersion {
    /// The store as its reader sees it.
    pub entry: StoreEntry,
    /// Store, version and files.
    pub snapshot: Arc<VersionSnapshot>,
    lock: Arc<ReadLock>,
    storage: Storage,
}

impl OpenVersion {
    /// The version that `STORE` or `STORE.VERSION` means to an account; the default version where
    /// only a store is named.
    pub fn open(catalog: &Catalog, account: &Account, name: &str) -> Result<Self> {
        let lock = catalog.read_lock()?;
        let stores = lock.stores(account)?;
        let is_store = |name: &str| stores.iter().any(|it| it.sql_name == name);
        let table = match name.split_once('.') {
            Some((store, version)) if is_store(store) => {
                TableReference::partial(store.to_owned(), version.to_owned())
            }
            // In other case, or behind the name of a database.
            _ => match TableReference::parse_str(name) {
                table if is_store(table.table()) || table.schema().is_some_and(is_store) => table,
                _ => TableReference::bare(name.split('.').next().unwrap_or(name).to_owned()),
            },
        };
        let (entry, version) = resolve(&stores, &table, None)?;
        let (owner, store) = (&entry.account, entry.name.as_str());
        let snapshot = Arc::new(lock.snapshot(owner, store, Some(version.as_str()))?);
        let storage = lock.storage()?;
        Ok(Self { entry: entry.clone(), snapshot, lock, storage })
    }

    /// Its name, as SQL has it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.entry.sql_name, self.snapshot.version.name)
    }

    /// The format of its store.
    pub fn format(&self) -> StoreFormat {
        self.snapshot.store.format
    }

    /// The options of a TSV store.
    pub fn tsv_options(&self) -> Option<&TsvStoreOptions> {
        let snapshot = &self.snapshot;
        snapshot.version.options.as_ref().or(snapshot.store.options.as_ref())
    }

    /// The columns that give the place of a row, where rows have one.
    pub fn coordinates(&self) -> Option<CoordinateNames> {
        match self.format() {
            StoreFormat::Vcf => Some(CoordinateNames::vcf()),
            StoreFormat::Gff => Some(CoordinateNames::gff()),
            StoreFormat::Tsv => self.tsv_options().and_then(CoordinateNames::tsv),
        }
    }

    /// Its files that have rows.
    pub fn files(&self) -> impl Iterator<Item = &DataFile> {
        self.snapshot.files.iter().filter(|it| it.rows > 0)
    }

    /// Whether some row lies on the contig of a region.
    pub fn has_contig_of(&self, region: &str) -> Result<bool> {
        let contig = self.contig_of(region)?;
        Ok(self.has_contig(&contig))
    }

    fn has_contig(&self, name: &str) -> bool {
        self.files().any(|it| has_contig(it, name))
    }

    fn contig_of(&self, region: &str) -> Result<String> {
        Ok(Region::parse(region, |it| self.has_contig(it))?.contig)
    }

    /// A region whose contig the version has in another style, such as `chr1` for `1`: the name of
    /// the contig here, and the region with it. None for all others.
    pub fn in_its_style(&self, region: &str) -> Result<Option<(String, String)>> {
        let Region { contig, bases } = Region::parse(region, |it| self.has_contig(it))?;
        if self.has_contig(&contig) {
            return Ok(None);
        }
        let plain = plain_name(&contig);
        let mut contigs = self.files().flat_map(|it| &it.bounds).map(|it| &it.contig);
        let Some(found) = contigs.find(|it| plain_name(it) == plain) else { return Ok(None) };
        let bases = match bases {
            None => String::new(),
            Some(HalfOpen { start, end: i64::MAX }) => format!(":{}-", start + 1),
            Some(HalfOpen { start, end }) => format!(":{}-{end}", start + 1),
        };
        Ok(Some((found.clone(), format!("{{{found}}}{bases}"))))
    }

    /// Of these regions, those whose contig each file has rows on.
    pub(super) fn regions_of_files(&self, regions: &[String]) -> Result<Vec<Vec<String>>> {
        let contigs = regions.iter().map(|it| self.contig_of(it));
        let contigs: Vec<String> = contigs.collect::<Result<_>>()?;
        let of_file = |file: &DataFile| {
            let both = regions.iter().zip(&contigs);
            let there = both.filter(|(_, contig)| has_contig(file, contig));
            there.map(|it| it.0.clone()).collect()
        };
        Ok(self.files().map(of_file).collect())
    }

    /// The texts of the headers of its files, the newest first, as far as they were kept.
    pub fn headers(&self) -> Result<Vec<Vec<u8>>> {
        self.lock.recent_headers(&self.snapshot.version.id)
    }

    /// Its tables: `all` for all files together, and each file by its number.
    pub(super) fn tables(&self) -> Result<FileTables> {
        let files: Vec<DataFile> = self.files().cloned().collect();
        let numbers = (0..files.len()).map(|it| Name::new("version", &table_of(it)));
        let versions: Result<Vec<Name>> = numbers.chain([Name::new("version", ALL)]).collect();
        let mut entry = self.entry.clone();
        STORE.clone_into(&mut entry.sql_name);
        entry.versions = versions?;
        Ok(FileTables { view: Arc::new(FileView { entry, files, of: self.clone() }) })
    }
}

fn has_contig(file: &DataFile, name: &str) -> bool {
    file.bounds.iter().any(|it| it.contig == name)
}

/// The names that SQL has for the version, all its files, and one of them.
const STORE: &str = "rows";
const ALL: &str = "all_files";

/// How SQL calls a file by its number among those with rows; none stands for all files.
pub(super) fn sql_table(file: Option<usize>) -> String {
    format!("{STORE}.{}", file.map_or_else(|| ALL.to_owned(), table_of))
}

fn table_of(file: usize) -> String {
    format!("file_{file}")
}

/// The tables of the files of a version.
pub(super) struct FileTables {
    view: Arc<FileView>,
}

impl Tables for FileTables {
    fn view(&self) -> Result<Arc<dyn View>> {
        Ok(Arc::clone(&self.view) as Arc<dyn View>)
    }
}

#[derive(Debug)]
struct FileView {
    entry: StoreEntry,
    files: Vec<DataFile>,
    of: OpenVersion,
}

impl View for FileView {
    fn storage(&self) -> Storage {
        self.of.storage.clone()
    }

    fn stores(&self) -> Result<Vec<StoreEntry>> {
        Ok(vec![self.entry.clone()])
    }

    fn open(&self, _: &StoreEntry, version: &Name) -> Result<(Version, Vec<DataFile>)> {
        let files = match version.as_str().strip_prefix("file_") {
            None => self.files.clone(),
            Some(number) => {
                let file = number.parse().ok().and_then(|it: usize| self.files.get(it));
                vec![file.ok_or_else(|| Error::internal("there is no such file"))?.clone()]
            }
        };
        Ok((self.of.snapshot.version.clone(), files))
    }
}
