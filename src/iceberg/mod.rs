//! Metadata of [Apache Iceberg](https://iceberg.apache.org/spec/), format 2, over the data files of
//! a version as they lie there: for other engines, which read them in place.
//!
//! Derived from the catalog and never read here. A commit of a version is a snapshot with a
//! manifest of its own; both are written once. The metadata of the last commit name all of them,
//! and a file `version-hint.text` names those metadata:
//!
//! ```text
//! metadata/<job id>-<hash>.avro         what one commit added
//! metadata/snap-<job id>-<hash>.avro    what there was after it
//! metadata/v<commit>.metadata.json      the table as it was after that commit
//! ```
//!
//! `<hash>` is that of what is in the file: where the home has moved, or files were merged, others
//! are written.

mod avro;
mod manifest;
mod schema;
mod table;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::catalog::{
    Catalog, Commits, FilePlace, ListedFile, MetadataFolder, ReadLock, Store, Version,
};
use crate::model::Result;
use crate::read::source::hex;
use manifest::{BoundColumns, Listed, manifest, manifest_list};
use schema::{columns_of, coordinates_of, schema};
use table::TableState;

/// Metadata of earlier commits that stay, while all that they name does, for who has just begun to
/// read them.
const EARLIER: u64 = 10;
/// How often one import writes for others that commit meanwhile.
const ROUNDS: usize = 8;
/// What the names of metadata of a table end with.
const METADATA: &str = ".metadata.json";

/// The metadata of a version as they lie on the disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Where the metadata file is.
    pub place: FilePlace,
    /// What is in it.
    pub metadata: Value,
}

impl Written {
    /// The metadata file as a URL.
    pub fn location(&self) -> Result<String> {
        self.place.url()
    }
}

/// Writes what is missing of the metadata of a version, as it is now; none where it was deleted
/// meanwhile. Waits for others who do so.
pub fn sync(catalog: &Catalog, store: &Store, version: &Version) -> Result<Option<Written>> {
    write_in(catalog.metadata_folder(&store.id, &version.id)?, catalog, store, version)
}

/// Writes the metadata of a version behind a commit. Where another process writes them just now, it
/// is left to that one, which looks for further commits once it has let go: nobody waits in line.
pub fn follow(catalog: &Catalog, store: &Store, version: &Version) -> Result<()> {
    for _ in 0..ROUNDS {
        let Some(folder) = catalog.free_metadata_folder(&store.id, &version.id)? else { break };
        let written = write_in(folder, catalog, store, version)?;
        let latest = catalog.latest_metadata(&store.id, &version.id)?;
        if written.is_none() || latest == catalog.count_commits(&version.id)? {
            break;
        }
    }
    Ok(())
}

fn write_in(
    folder: MetadataFolder,
    catalog: &Catalog,
    store: &Store,
    version: &Version,
) -> Result<Option<Written>> {
    let written = {
        let lock = catalog.read_lock()?;
        let commits = lock.commits(&version.id)?;
        commits.map(|it| Writer::new(&folder, &lock, store, version)?.write(&it)).transpose()?
    };
    // Who deleted the version meanwhile may have looked for its table before there was one.
    let Some(written) = written.filter(|_| catalog.has_version(&version.id).unwrap_or(true)) else {
        folder.remove_table()?;
        return Ok(None);
    };
    drop(folder);
    // Files that the metadata named until now may go.
    catalog.purge()?;
    Ok(Some(written))
}

/// The metadata of a version as it is now, where they lie on the disk.
pub fn find(catalog: &Catalog, store: &Store, version: &Version) -> Result<Option<Written>> {
    let commits = catalog.read_lock()?.commits(&version.id)?;
    let latest = catalog.latest_metadata(&store.id, &version.id)?;
    if latest.is_none() || latest != commits.map(|it| it.count) {
        return Ok(None);
    }
    let table = catalog.table_folder(&store.id, &version.id)?;
    let name = format!("{}/metadata/v{}{METADATA}", table.key(), latest.unwrap_or_default());
    let place = catalog.storage()?.place(name);
    let text = place.read()?.unwrap_or_default();
    let Ok(metadata) = serde_json::from_slice::<Value>(&text) else { return Ok(None) };
    let is_here = metadata["location"].as_str() == Some(table.url()?.as_str());
    Ok(is_here.then_some(Written { place, metadata }))
}

/// What the metadata of a version are written with.
struct Writer<'a> {
    folder: &'a MetadataFolder,
    lock: &'a ReadLock,
    store: &'a Store,
    version: Version,
    location: String,
    /// The files that are there, and those that are wanted.
    there: HashMap<String, ListedFile>,
    wanted: HashSet<String>,
}

impl<'a> Writer<'a> {
    fn new(
        folder: &'a MetadataFolder,
        lock: &'a ReadLock,
        store: &'a Store,
        version: &Version,
    ) -> Result<Self> {
        Ok(Self {
            folder,
            lock,
            store,
            version: lock.version(store, &version.name)?,
            location: folder.table().url()?,
            there: folder.files()?.into_iter().collect(),
            wanted: HashSet::new(),
        })
    }

    fn write(mut self, commits: &Commits) -> Result<Written> {
        let version = self.version.clone();
        let table = TableState::new(self.store, &version, self.location.clone(), commits);
        let listed = self.manifests(&table, commits)?;
        let mut lists = Vec::new();
        for (at, snapshot) in table.kept() {
            let parent = at.checked_sub(1).map(|it| table.snapshots[it].id);
            let list = manifest_list(snapshot, parent, &listed[..=at]);
            let name = format!("snap-{}-{}.avro", snapshot.job, short_hash(&list));
            self.write_once(&name, || Ok(list))?;
            lists.push(self.url_of(&name));
        }
        let metadata = table.metadata(&lists)?;
        let text = metadata.to_string();
        let name = format!("v{}{METADATA}", commits.count);
        let is_there = self.there.contains_key(&name)
            && self.folder.file(&name).read()?.as_deref() == Some(text.as_bytes());
        if !is_there {
            self.folder.write(&name, text.into_bytes())?;
        }
        if self.folder.latest()? != Some(commits.count) {
            self.folder.point_to(commits.count)?;
        }
        self.forget(commits.count)?;
        Ok(Written { place: self.folder.file(&name), metadata })
    }

    /// The manifests of all commits, of which those are written that are not there.
    fn manifests<'t>(
        &mut self,
        table: &'t TableState<'_>,
        commits: &Commits,
    ) -> Result<Vec<Listed<'t>>> {
        let coordinates = coordinates_of(self.store, &self.version)?;
        let columns = columns_of(self.store, &self.version, 0)?;
        let bounds = coordinates.map(|it| BoundColumns::new(&columns, &it)).transpose()?;
        let mut listed = Vec::with_capacity(table.snapshots.len());
        for (snapshot, commit) in table.snapshots.iter().zip(&commits.with_files) {
            // A file never changes, so a commit's are the same while they are as many and as large.
            let files = format!("{} {commit:?}", self.location);
            let name = format!("{}-{}.avro", snapshot.job, short_hash(files.as_bytes()));
            let (lock, store, version) = (self.lock, self.store, self.version.clone());
            let bytes = self.write_once(&name, || {
                let schema = schema(store, &version, snapshot.schema_id())?;
                manifest(snapshot, &lock.files_of(commit)?, &schema, bounds.as_ref())
            })?;
            listed.push(Listed { snapshot, url: self.url_of(&name), bytes });
        }
        Ok(listed)
    }

    /// Writes a file that has the same content whenever it has this name, and gives its size.
    fn write_once(&mut self, name: &str, content: impl FnOnce() -> Result<Vec<u8>>) -> Result<u64> {
        self.wanted.insert(name.to_owned());
        if let Some(found) = self.there.get(name) {
            return Ok(found.bytes);
        }
        let content = content()?;
        let bytes = content.len() as u64;
        self.folder.write(name, content)?;
        Ok(bytes)
    }

    fn url_of(&self, name: &str) -> String {
        format!("{}/metadata/{name}", self.location)
    }

    /// Removes what neither the latest metadata name nor those that others may still read.
    fn forget(&self, latest: u64) -> Result<()> {
        let mut stale: Vec<_> = self.there.keys().filter(|it| !self.wanted.contains(*it)).collect();
        stale.retain(|it| it.strip_suffix(".avro").is_some());
        let kept = self.folder.kept()?;
        let mut named = Vec::new();
        // Each is replaced when the next one is written.
        let mut age = self.age(&format!("v{latest}{METADATA}"));
        for earlier in self.others(latest) {
            let name = format!("v{earlier}{METADATA}");
            // Those of later commits are left of a catalog that a backup took the place of.
            if earlier > latest {
                self.folder.remove(&name)?;
                continue;
            }
            let is_read = !kept.is_zero() && age <= kept;
            age = self.age(&name);
            if is_read || stale.is_empty() && earlier + EARLIER >= latest {
                named.extend(self.folder.file(&name).read()?);
            } else {
                self.folder.remove(&name)?;
            }
        }
        // Lists before manifests, which only lists name.
        stale.sort_by_key(|it| !it.starts_with("snap-"));
        for name in stale {
            if named.iter().any(|it| contains(it, name)) {
                named.extend(self.folder.file(name).read()?);
            } else {
                self.folder.remove(name)?;
            }
        }
        Ok(())
    }

    /// How long ago a file was written; one of this run is new.
    fn age(&self, name: &str) -> Duration {
        self.there.get(name).map(|it| it.age).unwrap_or_default()
    }

    /// The numbers of all metadata but the latest, from the last to the first.
    fn others(&self, latest: u64) -> Vec<u64> {
        let number = |it: &String| it.strip_prefix('v')?.strip_suffix(METADATA)?.parse().ok();
        let mut numbers: Vec<u64> = self.there.keys().filter_map(number).collect();
        numbers.retain(|it| *it != latest);
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        numbers
    }
}

/// Names are plain bytes in metadata and in lists, which are not compressed.
fn contains(text: &[u8], name: &str) -> bool {
    memchr::memmem::find(text, name.as_bytes()).is_some()
}

fn short_hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content)[..8])
}
