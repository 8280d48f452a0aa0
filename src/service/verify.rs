//! Whether a home is what was written to it: its catalog, and all its data files.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use jiff::Timestamp;

use super::Service;
use crate::catalog::FileOfVersion;
use crate::model::{Error, ErrorKind, Result};
use crate::read::ordered::ordered;
use crate::read::{Meter, Pipe};

/// What a look at all data files has found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// How many versions have data files.
    pub versions: u64,
    /// How many data files there are.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// What is wrong with some of them.
    pub damaged: Vec<DamagedFile>,
    /// What is wrong in the catalog, in words.
    pub catalog: Vec<String>,
    /// What is wrong in the copy of the catalog, in words.
    pub backup: Vec<String>,
    /// When the copy of the catalog was made, where there is one.
    pub backup_time: Option<Timestamp>,
}

/// A data file that is not what an import wrote.
#[derive(Clone, Debug)]
pub struct DamagedFile {
    /// The store that it belongs to.
    pub store: String,
    /// The version that it belongs to.
    pub version: String,
    /// Where it lies.
    pub path: String,
    /// How it differs, as in "is missing".
    pub fault: String,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.catalog.is_empty() && self.backup.is_empty()
    }
}

impl Service {
    /// Holds each data file of a store, or of all stores of the home, against the SHA-256 and the
    /// checksums of its import, and looks whether the catalog and its copy are sound. `found` hears
    /// of each fault at once: to read all may take long.
    ///
    /// [`ErrorKind::NotFound`] where there is no such store, [`ErrorKind::Interrupted`] where the
    /// pipe was stopped.
    pub fn verify(
        &self,
        store: Option<&str>,
        pipe: &Pipe,
        mut found: impl FnMut(&DamagedFile) -> Result<()>,
    ) -> Result<Verified> {
        let mut verified = Verified {
            catalog: self.catalog.faults()?,
            backup: self.catalog.backup_faults()?,
            backup_time: self.catalog.backup_time()?,
            ..Verified::default()
        };
        let lock = self.catalog.read_lock()?;
        let store = store.map(|it| self.get_annotation_store(it)).transpose()?;
        let files = match lock.data_files(&self.account, store.as_ref().map(|it| it.id.as_str())) {
            // That has been told.
            Err(_) if !verified.catalog.is_empty() => Vec::new(),
            outcome => outcome?,
        };
        let size = |it: &FileOfVersion| it.file.as_ref().map_or(0, |it| it.bytes);
        verified.files = files.len() as u64;
        verified.bytes = files.iter().map(size).sum();
        let versions: BTreeSet<_> = files.iter().map(|it| (&it.store, &it.version)).collect();
        verified.versions = versions.len() as u64;
        pipe.meter.bytes_total.store(verified.bytes, Ordering::Relaxed);
        let (meter, under_way) = (pipe.meter.clone(), 2 * pipe.pool.current_num_threads());
        let judge = move |it| fault_of(it, &meter);
        for fault in ordered(&pipe.pool, under_way, files.into_iter().map(Ok), judge) {
            if let Some(damaged) = fault? {
                found(&damaged)?;
                verified.damaged.push(damaged);
            }
        }
        Ok(verified)
    }
}

fn fault_of(it: FileOfVersion, meter: &Meter) -> Result<Option<DamagedFile>> {
    let FileOfVersion { store, version, path, file } = it;
    let read = |bytes| {
        meter.bytes_read.fetch_add(bytes, Ordering::Relaxed);
        if meter.stop.load(Ordering::Relaxed) {
            return Err(Error::new(
                ErrorKind::Interrupted,
                "interrupted before all data files were read",
            ));
        }
        Ok(())
    };
    let fault = match file {
        Ok(file) => file.fault(read)?,
        Err(error) => Some(format!("is not known whole: {error}")),
    };
    meter.records.fetch_add(1, Ordering::Relaxed);
    Ok(fault.map(|fault| DamagedFile { store, version, path, fault }))
}
