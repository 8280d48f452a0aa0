//! The headers of what was imported: as the files had them, or made from the types of a version
//! where an earlier program imported, which kept none.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::Service;
use crate::catalog::{Job, JobsHeader, Version, VersionSnapshot};
use crate::model::{InfoColumn, Result, StoreFormat, ValueType};
use crate::read::HeaderText;
use crate::read::vcf::{self, declared_in};

/// The header of one or several jobs.
#[derive(Clone, Debug)]
pub struct Header {
    /// What its files are.
    pub format: StoreFormat,
    /// Its text.
    pub text: HeaderText,
    /// Whether it is none of a file, but made from the types of the version.
    pub is_made: bool,
    /// The ids of the jobs, in order.
    pub jobs: Vec<String>,
}

impl Header {
    /// What the header of a VCF file declares; none for other formats, and where the text was too
    /// large to be kept.
    pub fn declared(&self) -> Option<vcf::Header> {
        let text = self.text.text().filter(|_| self.format == StoreFormat::Vcf)?;
        Some(declared_in(&text))
    }
}

impl Service {
    /// The header of what a job stored; none where nothing of it is stored (any more).
    pub fn header_of_job(&self, job: &Job) -> Result<Option<Header>> {
        let Some(of_job) = self.catalog.header_of_job(&job.id)? else { return Ok(None) };
        let (store, version) = (job.store_name.as_str(), job.version_name.as_str());
        let version = self.get_annotation_store_version(store, version)?;
        self.header(of_job, &version).map(Some)
    }

    /// Which headers a version has, in the order in which they came: each with its jobs.
    pub fn headers_of_version(&self, version: &Version) -> Result<Vec<JobsHeader>> {
        self.catalog.headers_of_version(&version.id)
    }

    /// A header that a version has.
    pub fn header(&self, of: JobsHeader, version: &Version) -> Result<Header> {
        let kept = of.sha256.as_ref().map(|it| self.catalog.header(it)).transpose()?.flatten();
        let store = version.store_name.as_str();
        if let Some(text) = kept {
            let format = self.get_annotation_store(store)?.format;
            return Ok(Header { format, text, is_made: false, jobs: of.jobs });
        }
        let name = version.name.as_str();
        let snapshot = self.catalog.read_version(&self.account, store, Some(name))?;
        let text = HeaderText::of(made_header(&snapshot).as_bytes());
        Ok(Header { format: snapshot.store.format, text, is_made: true, jobs: of.jobs })
    }
}

/// A header that says what the types of a version say, and no more.
pub fn made_header(version: &VersionSnapshot) -> String {
    match version.store.format {
        StoreFormat::Vcf => made_of_vcf(version),
        StoreFormat::Gff => "##gff-version 3\n".to_owned(),
        StoreFormat::Tsv => {
            let options = version.version.options.as_ref().or(version.store.options.as_ref());
            let columns = options.map(|it| it.schema.as_slice()).unwrap_or_default();
            let names: Vec<_> = columns.iter().map(|it| it.name.as_str()).collect();
            names.join("\t") + "\n"
        }
    }
}

fn made_of_vcf(version: &VersionSnapshot) -> String {
    let name = format!("{}.{}", version.store.name, version.version.name);
    let why = match version.files.as_slice() {
        [] => format!("{name} has no files"),
        _ => format!("The header of the file was not kept: made from the types of {name}"),
    };
    let mut text = format!("##fileformat=VCFv4.3\n##annostore_made={why}\n");
    let mut seen = HashSet::new();
    for it in version.files.iter().flat_map(|it| &it.bounds) {
        if seen.insert(it.contig.as_str()) {
            // Writing to a string does not fail.
            let _ = writeln!(text, "##contig=<ID={}>", it.contig);
        }
    }
    for InfoColumn { key, value, list, .. } in &version.version.info_columns {
        let number = match (value, list) {
            (ValueType::Flag, _) => "0",
            (_, true) => ".",
            (_, false) => "1",
        };
        let kind = value.as_str();
        let _ = writeln!(text, "##INFO=<ID={key},Number={number},Type={kind},Description=\"\">");
    }
    text + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
}
