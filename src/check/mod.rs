//! Judges a file: what the service's import would do with it, finding by finding. The parser makes the findings about
//! lines; this stage adds those that only the whole file shows, and says which checks were made.

mod duplicates;
mod gff;
mod order;
mod profile;
mod reference;
pub mod request;
mod tsv;

use std::sync::Arc;

use crate::diagnostic::report::{Report, SkippedCheck};
use crate::diagnostic::rules::{RULES, file, vcf_record};
use crate::diagnostic::{Findings, Policy, Rule, Subject};
use crate::model::{
    AnnotationFields, InfoColumn, Location, Reference, Result, StoreFormat, VcfOptions,
};
use crate::normalize::{MISFITS, RefMismatch, Summary, VcfNormalizers};
use crate::read::source::{Compression, Source};
use crate::read::vcf::Reader;
use crate::read::{Parsed, Pipe, vcf};

pub use gff::check_gff;
pub use tsv::{Variants, check_tsv, check_tsv_against};

use order::Order;
use profile::{VcfProfile, VcfProfiler};
use reference::{Against, Duplicates};

/// How to check.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// How the import would read the file.
    pub vcf: VcfOptions,
    /// Where annotations are.
    pub annotations: AnnotationFields,
    /// How many findings are kept whole; all are counted.
    pub max_findings: usize,
}

/// Findings that are kept whole unless told otherwise.
pub const DEFAULT_MAX_FINDINGS: usize = 1000;

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            vcf: VcfOptions::default(),
            annotations: AnnotationFields::default(),
            max_findings: DEFAULT_MAX_FINDINGS,
        }
    }
}

/// Checks a VCF file at a path, or standard input for `-`.
pub fn check_vcf(path: &str, pipe: &Pipe, options: &CheckOptions) -> Result<Report> {
    check_vcf_against(path, pipe, options, None)
}

/// The same, and holds each record against a reference, if there is one.
pub fn check_vcf_against(
    path: &str,
    pipe: &Pipe,
    options: &CheckOptions,
    reference: Option<&Arc<dyn Reference>>,
) -> Result<Report> {
    let source = Source::open(path, &pipe.meter)?;
    let compression = source.compression();
    let mut reader = Reader::open(source, pipe, options.max_findings)?;
    reader.annotate(&options.annotations);
    let mut tally = Tallied::new(&reader);
    let columns = reader
        .declared()
        .into_iter()
        // Nothing is stored, so names and ids do not matter.
        .map(|(key, value, list)| InfoColumn { name: String::new(), key, value, list, field_id: 0 })
        .collect();
    let keys: Vec<String> = reader.header.info.iter().map(|it| it.key.clone()).collect();
    let count = keys.len();
    let mut profile = VcfProfile::new(keys, reader.header.samples.clone());
    let mut records = match reference {
        None => {
            let records = reader.records(columns, options.vcf, move || VcfProfiler::new(count));
            records.map_output(|it| (Summary::default(), it))
        }
        Some(reference) => {
            let normalizers = VcfNormalizers::looking(Arc::clone(reference), &reader.header);
            let make = move || (normalizers.make(), VcfProfiler::new(count));
            reader.records_through(columns, options.vcf, make)
        }
    };
    let mut duplicates = Duplicates::default();
    while let Some(parsed) = records.next() {
        let mut parsed = parsed?;
        duplicates.add(&mut parsed, tally.lines);
        profile.add(&tally.add(parsed).1);
        if tally.is_full() {
            records.count_only();
        }
    }
    if reference.is_some() {
        tally.against = duplicates.against();
    }
    let mut report = tally.report(path, compression, options.vcf);
    report.profile = Some(profile.finish());
    Ok(report)
}

/// What the chunks of a file add up to.
#[derive(Debug)]
pub struct Tallied {
    format: StoreFormat,
    findings: Findings,
    order: Order,
    header_readable: bool,
    lines: u64,
    records: u64,
    rejected_lines: u64,
    left_out_lines: u64,
    against: Against,
    stored_anyway: &'static [&'static Rule],
}

impl Tallied {
    /// Begins with what the header gave.
    pub fn new(reader: &vcf::Reader) -> Self {
        Self {
            format: StoreFormat::Vcf,
            findings: reader.findings.clone(),
            order: Order::default(),
            header_readable: reader.header.readable,
            lines: reader.header.lines,
            records: 0,
            rejected_lines: 0,
            left_out_lines: 0,
            against: Against::Nothing,
            stored_anyway: &[],
        }
    }

    /// Adds a chunk, and gives what its sink made.
    pub fn add<T>(&mut self, mut parsed: Parsed<T>) -> T {
        let limit = parsed.findings.limit();
        parsed.findings.merge(self.order.add(&parsed.sites, self.lines, limit));
        self.findings.append(parsed.findings, self.lines);
        self.lines += parsed.lines;
        self.records += parsed.records;
        self.rejected_lines += parsed.rejected_lines;
        self.left_out_lines += parsed.left_out_lines;
        parsed.output
    }

    /// Whether no further finding will be kept.
    pub fn is_full(&self) -> bool {
        self.findings.kept().len() >= self.findings.limit()
    }

    /// Whether nothing of the file can be stored, because its columns are not known.
    pub fn header_readable(&self) -> bool {
        self.header_readable
    }

    /// Records that can be stored.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Lines that cannot be stored.
    pub fn rejected_lines(&self) -> u64 {
        self.rejected_lines
    }

    /// Says that the records are normalized on the way, and so held against a reference one by one.
    pub fn normalizes(&mut self, mismatch: RefMismatch) {
        self.against = Against::Import;
        if mismatch == RefMismatch::Warn {
            self.stored_anyway = &MISFITS;
        }
    }

    /// Lines that were left out because somebody asked for it.
    pub fn left_out_lines(&self) -> u64 {
        self.left_out_lines
    }

    /// Ends a VCF file.
    pub fn report(self, path: &str, compression: Compression, options: VcfOptions) -> Report {
        let mut skipped = skipped_checks(path, self.header_readable, options);
        skipped.extend(self.against.skipped());
        self.finish(path, compression, skipped)
    }

    fn finish(
        mut self,
        path: &str,
        compression: Compression,
        skipped: Vec<SkippedCheck>,
    ) -> Report {
        let lines = self.records + self.rejected_lines + self.left_out_lines;
        if self.header_readable && lines == 0 {
            let message = match self.format {
                StoreFormat::Tsv => "there are no rows",
                StoreFormat::Gff => "there are no features",
                StoreFormat::Vcf => "there are no records after the header",
            };
            self.findings.add_at(&file::NO_RECORDS, Location::FILE, "", message.to_owned());
        }
        let checks = RULES
            .iter()
            .copied()
            .filter(|it| it.subject.is_about(self.format) && self.against.looks_for(it))
            .filter(|it| !skipped.iter().any(|other| other.rule == *it))
            .collect();
        Report {
            file: path.to_owned(),
            format: self.format,
            compression: match compression {
                Compression::Plain => "none",
                Compression::Gzip => "gzip",
                Compression::Bgzf => "bgzf",
            },
            lines: self.lines,
            records: self.records,
            rejected_lines: self.rejected_lines + self.left_out_lines,
            stored_anyway: self.stored_anyway,
            policy: Policy::default(),
            findings: self.findings,
            checks,
            skipped,
            profile: None,
        }
    }
}

fn skipped_checks(path: &str, header_readable: bool, options: VcfOptions) -> Vec<SkippedCheck> {
    let mut skipped = Vec::new();
    let mut skip = |rule: &'static Rule, why: &'static str| {
        skipped.push(SkippedCheck { rule, why: why.into() });
    };
    if path == "-" {
        skip(&file::COMPRESSION_AND_NAME_DISAGREE, "standard input has no name");
    }
    if !header_readable {
        for rule in RULES.iter().filter(|it| it.subject == Subject::VcfRecord) {
            skip(rule, "the columns of the records are not known");
        }
    } else if options.ignore_qual_field {
        skip(&vcf_record::QUALITY_NOT_A_NUMBER, "QUAL is not stored (--ignore-qual-field)");
    }
    skipped
}
