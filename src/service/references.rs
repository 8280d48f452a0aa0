//! References: the API knows them by ARN only, so these operations are of annostore alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Service;
use crate::catalog::{Catalog, Store, StoredReference};
use crate::check::request::accept_member;
use crate::import::Normalize;
use crate::model::api::REFERENCE_ARN;
use crate::model::{Error, ErrorKind, Result, StoreFormat};
use crate::normalize::NormalizeOptions;
use crate::read::Pipe;
use crate::read::fasta::{self, Digests, Fasta, FastaIndex, Staleness};

/// A reference that was added, and what is wrong with the index beside its file.
#[derive(Debug)]
pub struct AddedReference {
    /// The reference.
    pub reference: StoredReference,
    /// How the `.fai` beside the file differs from it. It is not used in any case.
    pub stale: Option<Staleness>,
}

/// Characters of an ARN at most.
const MOST_OF_ARN: usize = 127;

impl Service {
    /// Reads a FASTA file once, and knows it under an ARN from then on: the one given, or a new
    /// one.
    ///
    /// [`ErrorKind::Unreadable`] where the file is no FASTA that can be indexed,
    /// [`ErrorKind::Conflict`] where the ARN is taken.
    pub fn add_reference(
        &self,
        path: &str,
        arn: Option<&str>,
        pipe: &Pipe,
    ) -> Result<AddedReference> {
        let arn = arn.map_or_else(|| self.new_reference_arn(), str::to_owned);
        accept_member("referenceArn", &arn, &REFERENCE_ARN)?;
        let index = fasta::index(path, pipe, Digests::Md5)?;
        let stale = fasta::compare_fai(Path::new(path), &index);
        let reference = self.catalog.add_reference(&arn, absolute(path)?, index)?;
        Ok(AddedReference { reference, stale })
    }

    /// The reference that is known for a FASTA file, which is read once for it; where there is
    /// none, it is added under a new ARN.
    ///
    /// [`ErrorKind::Unreadable`] where the file is no FASTA that can be indexed.
    pub fn reference_of_file(&self, path: &str, pipe: &Pipe) -> Result<String> {
        let index = fasta::index(path, pipe, Digests::Md5)?;
        let absolute = absolute(path)?;
        let is_it = |it: &StoredReference| it.path == absolute && it.digest == index.digest();
        let known = self.catalog.references()?.into_iter().find(is_it);
        if let Some(known) = known {
            return Ok(known.arn);
        }
        Ok(self.catalog.add_reference(&self.new_reference_arn(), absolute, index)?.arn)
    }

    /// An ARN for the genome of a store of which nobody said what it is. A FASTA file may be added
    /// under it later.
    pub fn unnamed_reference_arn(&self, store: &str) -> String {
        let stem = format!("arn:aws:omics:{}:{}:referenceStore", self.region, self.account);
        let stem = format!("{stem}/annostore/reference/");
        let name: String = store.chars().take(MOST_OF_ARN.saturating_sub(stem.len())).collect();
        format!("{stem}{name}")
    }

    /// The references of the home, in the order in which they were added.
    pub fn references(&self) -> Result<Vec<StoredReference>> {
        self.catalog.references()
    }

    /// A reference. [`ErrorKind::NotFound`] where there is none of that ARN.
    pub fn reference(&self, arn: &str) -> Result<StoredReference> {
        self.catalog.reference(arn)
    }

    /// Forgets a reference; its file stays. [`ErrorKind::NotFound`] where there is none of that
    /// ARN.
    pub fn delete_reference(&self, arn: &str) -> Result<()> {
        self.catalog.delete_reference(arn)
    }

    /// What an import into a store needs to normalize: see `normalize`.
    pub fn normalize(
        &self,
        store: &Store,
        options: NormalizeOptions,
        pipe: &Pipe,
    ) -> Result<Normalize> {
        normalize(&self.catalog, store, options, pipe)
    }

    /// An ARN in the form of the service's, for a file that nobody gave one.
    fn new_reference_arn(&self) -> String {
        let number = u128::from_le_bytes(*uuid::Uuid::new_v4().as_bytes()) % 10_000_000_000;
        format!(
            "arn:aws:omics:{}:{}:referenceStore/1000000000/reference/{number:010}",
            self.region, self.account
        )
    }
}

fn absolute(path: &str) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| {
        Error::new(ErrorKind::Unreadable, format!("the path cannot be made absolute: {error}"))
            .with("file", path)
    })
}

/// What an import into a store needs to normalize.
///
/// [`ErrorKind::Conflict`] where rows of the store's format are not normalized, its reference is
/// not known, or its FASTA file is not what it was when it was added; [`ErrorKind::Unreadable`]
/// where the file is gone.
pub fn normalize(
    catalog: &Catalog,
    store: &Store,
    options: NormalizeOptions,
    pipe: &Pipe,
) -> Result<Normalize> {
    let placed = |error: Error| error.with("store", &store.name);
    check_format(store, options).map_err(placed)?;
    let without = || {
        Error::new(ErrorKind::Conflict, "the store has no reference to normalize against")
            .with_help("import into a store that was created with --reference-arn")
    };
    let arn = store.reference_arn.as_deref().ok_or_else(|| placed(without()))?;
    let stored = catalog.reference(arn).map_err(|error| match error.kind() {
        ErrorKind::NotFound => placed(unknown_reference(arn)),
        _ => error,
    })?;
    let digest = stored.digest.clone();
    let fasta = open_fasta(catalog, stored, pipe)?;
    Ok(Normalize { reference: Arc::new(fasta), arn: arn.to_owned(), digest, options })
}

/// The FASTA file that is known under an ARN; none where no file is.
///
/// [`ErrorKind::Conflict`] where it is not what it was when it was added;
/// [`ErrorKind::Unreadable`] where it is gone.
pub fn known_reference(catalog: &Catalog, arn: &str, pipe: &Pipe) -> Result<Option<Fasta>> {
    match catalog.reference(arn) {
        Ok(stored) => open_fasta(catalog, stored, pipe).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn open_fasta(catalog: &Catalog, stored: StoredReference, pipe: &Pipe) -> Result<Fasta> {
    let fasta = Fasta::open(&stored.path, stored.index)?;
    if fasta.is_untouched()? {
        return Ok(fasta);
    }
    // Copied, touched or written anew: only its content tells.
    let path = stored.path.display().to_string();
    let index = fasta::index(&path, pipe, Digests::Md5)?;
    if index.digest() != stored.digest {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!(
                "the FASTA file has changed since it was added: {}",
                difference(fasta.index(), &index)
            ),
        )
        .with("file", path)
        .with("reference", &stored.arn)
        .with_help("bring the file back, or delete the reference and add it again"));
    }
    catalog.restamp_reference(&stored.arn, &index)?;
    Fasta::open(&stored.path, index)
}

fn check_format(store: &Store, options: NormalizeOptions) -> Result<()> {
    let refuse = |message: &str| Err(Error::new(ErrorKind::Conflict, message));
    match store.format {
        StoreFormat::Tsv if options.split => refuse(
            "only VCF records are split: a TSV row does not tell which values are of which ALT \
             allele",
        ),
        StoreFormat::Vcf | StoreFormat::Tsv => Ok(()),
        StoreFormat::Gff => refuse("features of GFF3 have no alleles that could be normalized"),
    }
}

fn unknown_reference(arn: &str) -> Error {
    let message = "left normalization needs the reference of the store, which is not known here";
    Error::new(ErrorKind::Conflict, message)
        .with("reference", arn.escape_debug())
        .with_help(format!("add its FASTA file: annostore reference add FASTA --arn {arn}"))
}

/// The first contig that two layouts do not share.
fn difference(old: &FastaIndex, new: &FastaIndex) -> String {
    let pairs = old.contigs.iter().zip(&new.contigs);
    let differ = pairs
        .clone()
        .find(|(old, new)| (&old.name, old.length, &old.md5) != (&new.name, new.length, &new.md5));
    match differ {
        Some((old, new)) if old.name != new.name => {
            format!("where contig `{}` was, there is `{}`", old.name, new.name)
        }
        Some((old, _)) => format!("contig `{}` has other bases", old.name),
        None => format!("it had {} contigs, and has {}", old.contigs.len(), new.contigs.len()),
    }
}
