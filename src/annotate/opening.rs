//! The versions that are asked for, opened.

use std::sync::Arc;

use datafusion::common::TableReference;

use super::assembly::{self, Lengths};
use super::fields::{KnownFields, allele_columns};
use super::lookup::{Blocks, CODES, EndColumns, KEPT_CODES, Layout, Lookup, blocks};
use super::request::{OnMany, With};
use super::source::{Source, SourceField};
use crate::catalog::{Catalog, ReadLock, VersionSnapshot};
use crate::model::{Account, Error, ErrorKind, HeaderKey, Reference, Result, StoreFormat};
use crate::query::resolve;
use crate::read::Pipe;
use crate::read::fasta::Fasta;
use crate::read::vcf::{Header, declared_in};
use crate::service::known_reference;
use crate::write::CoordinateNames;

/// What versions are opened with.
pub struct Opening<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Who reads.
    pub account: &'a Account,
    /// The threads.
    pub pipe: &'a Pipe,
    /// The reference that was given, against which alleles are compared.
    pub reference: Option<Arc<Fasta>>,
    /// What to do with several rows of one variant.
    pub on_many: OnMany,
    /// The header of the file.
    pub header: &'a Header,
    /// Whether to go on where the file is of another assembly.
    pub force: bool,
}

/// The versions that are asked for.
pub struct OpenedSources {
    /// They.
    pub sources: Vec<Source>,
    /// What is to be told.
    pub notes: Vec<String>,
    /// Keeps their files.
    pub guard: Arc<ReadLock>,
}

impl Opening<'_> {
    /// Opens all versions that are asked for.
    pub fn open(&self, with: &[With]) -> Result<OpenedSources> {
        let guard = self.catalog.read_lock()?;
        let cache = blocks();
        let (mut sources, mut notes) = (Vec::new(), Vec::new());
        let mut first_field = 0;
        for (number, it) in with.iter().enumerate() {
            let snapshot = self.find(&guard, it)?;
            let source =
                self.source((number, first_field), &guard, &snapshot, it, &cache, &mut notes)?;
            first_field += source.fields.len();
            sources.push(source);
        }
        if first_field > usize::from(u16::MAX) {
            return Err(Error::invalid("too many fields are to be added")
                .with_help("name those that you need: --with STORE:FIELD,FIELD"));
        }
        Ok(OpenedSources { sources, notes, guard })
    }

    /// Refuses a file of another assembly than contigs of these lengths; a warning where that is
    /// not to end the run.
    pub fn checked(&self, lengths: &Lengths, of: &str) -> Result<Option<String>> {
        match assembly::difference(self.header, lengths, of) {
            Some(error) if !self.force => Err(error),
            other => Ok(other.map(|error| format!("warning: {}", error.message()))),
        }
    }

    fn find(&self, guard: &Arc<ReadLock>, with: &With) -> Result<VersionSnapshot> {
        let stores = guard.stores(self.account)?;
        let bare = resolve(&stores, &TableReference::bare(with.store.clone()), None);
        let (store, version) = match &with.version {
            None => bare?,
            Some(version) => {
                // A name that is none is told as that of a store.
                if !stores.iter().any(|it| it.sql_name == with.store) {
                    bare?;
                }
                let table = TableReference::partial(with.store.clone(), version.clone());
                resolve(&stores, &table, None)?
            }
        };
        guard.snapshot(&store.account, store.name.as_str(), Some(version.as_str()))
    }

    fn source(
        &self,
        (number, first_field): (usize, usize),
        guard: &Arc<ReadLock>,
        of: &VersionSnapshot,
        with: &With,
        cache: &Arc<Blocks>,
        notes: &mut Vec<String>,
    ) -> Result<Source> {
        let (format, options) = (of.store.format, of.version.options.as_ref());
        let table = format!("{}.{}", with.store, of.version.name);
        let headers = guard.recent_headers(&of.version.id)?;
        let headers: Vec<Header> = match format {
            StoreFormat::Vcf => headers.iter().map(|it| declared_in(it)).collect(),
            _ => Vec::new(),
        };
        let fields = KnownFields::new(of, &headers).resolve(with)?;
        let coordinates = match format {
            StoreFormat::Vcf => Some(CoordinateNames::vcf()),
            StoreFormat::Gff => Some(CoordinateNames::gff()),
            StoreFormat::Tsv => options.and_then(CoordinateNames::tsv),
        };
        let coordinates = coordinates.ok_or_else(|| without_place(&table))?;
        let alleles = allele_columns(format, options);
        let reference = self.reference(of, &headers, &table, notes)?;
        let by_alleles = alleles.is_some();
        let tells_records = format == StoreFormat::Vcf
            && (headers.is_empty() || headers.iter().any(|it| it.samples.len() > 1));
        let ends = alleles.as_ref().and_then(|_| end_columns(of, &coordinates));
        let layout = Layout {
            coordinates,
            ends,
            alleles,
            origins: fields.iter().map(|it| it.origin.clone()).collect(),
            tells_records,
            codes: if self.has_codes(format, &headers) { &CODES } else { &KEPT_CODES },
        };
        let reference = reference.filter(|_| by_alleles);
        let lookup = Lookup::open(number, &of.files, layout, reference, cache)?;
        let fields = fields.into_iter().map(|field| SourceField { field, once: false }).collect();
        Ok(Source { table, lookup, fields, first_field, by_alleles, on_many: self.on_many })
    }

    /// Whether texts of a version, whose files had these headers, may have codes for percent signs
    /// in the file: not before VCF 4.3, and not where those of the version may be codes themselves.
    fn has_codes(&self, format: StoreFormat, headers: &[Header]) -> bool {
        let are_plain = match format {
            StoreFormat::Vcf => !headers.is_empty() && headers.iter().all(|it| it.minor() >= 3),
            StoreFormat::Tsv | StoreFormat::Gff => true,
        };
        are_plain && self.header.minor() >= 3
    }

    /// The reference that alleles are compared against: the one that was given, else that of the
    /// store where it is known. Refuses a file of another assembly.
    fn reference(
        &self,
        of: &VersionSnapshot,
        headers: &[Header],
        table: &str,
        notes: &mut Vec<String>,
    ) -> Result<Option<Arc<dyn Reference>>> {
        let arn = of.store.reference_arn.as_deref();
        let known = match arn.map(|it| known_reference(self.catalog, it, self.pipe)) {
            Some(Ok(known)) => known,
            Some(Err(error)) if self.reference.is_none() => {
                notes.push(format!(
                    "note: the reference of {table} cannot be read, so that alleles are compared \
                     as they are written: {}",
                    error.in_full()
                ));
                None
            }
            None | Some(Err(_)) => None,
        };
        let lengths: Lengths = match &known {
            Some(fasta) => assembly::lengths_within(fasta),
            None => assembly::lengths_of(headers),
        };
        notes.extend(self.checked(&lengths, table)?);
        let used = self.reference.clone().or_else(|| known.map(Arc::new));
        Ok(used.map(|it| it as Arc<dyn Reference>))
    }
}

/// What says where rows with symbolic alleles end: those of a VCF store, and of a TSV store with
/// ends of its own.
fn end_columns(of: &VersionSnapshot, coordinates: &CoordinateNames) -> Option<EndColumns> {
    let options = of.version.options.as_ref();
    let has_ends = match of.store.format {
        StoreFormat::Vcf => true,
        StoreFormat::Tsv => options?.format_to_header.contains_key(&HeaderKey::End),
        StoreFormat::Gff => false,
    };
    let lengths = of.version.info_columns.iter().find(|it| it.key == "SVLEN");
    let lengths = lengths.map(|it| it.name.clone());
    has_ends.then(|| EndColumns { end: coordinates.end.clone(), lengths })
}

fn without_place(table: &str) -> Error {
    Error::new(ErrorKind::Conflict, format!("rows of {table} have no position"))
        .with_help("annotate from a store whose annotation type has CHR and POS, or START and END")
}
