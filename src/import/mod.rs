//! One import from its file to its commit: the only place where all stages meet.

mod again;
mod commit;
mod merge;
mod options;
mod report;
mod rows;
mod stage;

use crate::catalog::ImportRun;
use crate::check::DEFAULT_MAX_FINDINGS;
use crate::diagnostic::Rule;
use crate::diagnostic::report::SkippedCheck;
use crate::diagnostic::rules::file::NO_RECORDS;
use crate::diagnostic::rules::vcf_header::KEYS_DIFFER_IN_CASE;
use crate::model::key_case::fields_by_case;
use crate::model::{
    Error, ErrorKind, FormatOptions, Location, ReadOptions, Result, StoreFormat, VcfOptions,
};
use crate::normalize::{Counts, NormalizeOptions};
use crate::read::gff::GffReading;
use crate::read::source::Input;
use crate::read::tsv::TsvReading;
use crate::read::vcf::VcfReading;
use crate::read::{CheckScope, Format, HeaderKeeper, Pipe, Reader, Totals};
use crate::write::RecordNumbers;

pub use options::{ImportOptions, Imported, Normalize, OnError};

use commit::{end, prepare};
use options::ImportTask;
use rows::{Incoming, Stored};
use stage::{Stage, Staging};

/// Imports a file into the version of a run, and ends the run.
///
/// Fails with [`ErrorKind::InvalidInput`] where the options are none of the store's format,
/// [`ErrorKind::Unreadable`] where the file cannot be read to its end, [`ErrorKind::Conflict`]
/// where its INFO columns do not fit those of the version, [`ErrorKind::Interrupted`] where
/// somebody stopped it, and [`ErrorKind::Storage`]; the job has ended then, and nothing is stored.
///
/// ```
/// use annostore::import::{ImportOptions, import};
/// use annostore::model::api::{
///     CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob,
/// };
/// use annostore::{Account, DEFAULT_CHUNK_BYTES, Pipe, Service};
///
/// # let folder = tempfile::tempdir()?;
/// # let home = folder.path().join("home");
/// # let file = folder.path().join("a.vcf");
/// # let file = file.to_str().ok_or("a path that is no text")?;
/// # std::fs::write(file, "##fileformat=VCFv4.2\n\
/// #     #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
/// #     1\t7\t.\tA\tC\t.\tPASS\t.\n")?;
/// let service = Service::open(&home, Account::new(Account::DEFAULT)?, "us-east-1")?;
/// service.create_annotation_store(&CreateAnnotationStore {
///     name: Some("calls".to_owned()),
///     store_format: Some("VCF".to_owned()),
///     reference: Some(Reference::from("arn:x".to_owned())),
///     ..CreateAnnotationStore::default()
/// })?;
/// let run = service.begin_import(&StartAnnotationImportJob {
///     destination_name: Some("calls".to_owned()),
///     items: Some(vec![ImportItem::from(file.to_owned())]),
///     ..StartAnnotationImportJob::default()
/// })?;
/// let pipe = Pipe::new(None, DEFAULT_CHUNK_BYTES)?;
/// let imported = import(run, file, &pipe, &ImportOptions::default())?;
/// assert_eq!(imported.report.records, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn import(
    run: ImportRun,
    input: impl Into<Input>,
    pipe: &Pipe,
    options: &ImportOptions,
) -> Result<Imported> {
    let input = input.into();
    let staging = stage_any(ImportTask { run: &run, input: &input, pipe, options });
    match staging.and_then(|staging| prepare(&run, staging, options.on_error)) {
        Ok(ready) => end(run, ready, &options.listener),
        Err(error) if error.kind() == ErrorKind::Interrupted => {
            run.interrupt(&error.to_string())?;
            Err(error.with_help("nothing was stored; start the import again to have the file"))
        }
        Err(error) => {
            // The first error is the one to tell; where the job cannot be ended now, recovery will.
            let _ = run.fail_for(&error);
            Err(error)
        }
    }
}

/// Reads and writes a file of the store's format.
fn stage_any(task: ImportTask<'_>) -> Result<Staging> {
    match (task.run.store().format, &task.options.format) {
        (StoreFormat::Vcf, None) => stage(task, &vcf_reading(task, VcfOptions::default())),
        (StoreFormat::Vcf, Some(FormatOptions::Vcf(it))) => stage(task, &vcf_reading(task, *it)),
        (StoreFormat::Tsv, None) => stage(task, &tsv_reading(task, None)?),
        (StoreFormat::Tsv, Some(FormatOptions::Tsv(it))) => {
            stage(task, &tsv_reading(task, it.as_ref())?)
        }
        (StoreFormat::Gff, None) => stage(task, &GffReading),
        (format, Some(given)) => {
            given.check_fits(format)?;
            Err(Error::internal("options of another format passed the check"))
        }
    }
}

fn vcf_reading(task: ImportTask<'_>, options: VcfOptions) -> VcfReading {
    VcfReading { options, annotations: task.options.annotations.clone() }
}

fn tsv_reading(task: ImportTask<'_>, options: Option<&ReadOptions>) -> Result<TsvReading> {
    let store = task.run.store();
    let columns = task.run.version().options.as_ref().or(store.options.as_ref());
    let columns = columns.ok_or_else(|| Error::internal("a TSV store has no options"))?;
    let settings = &store.settings;
    let options = options.or(settings.read_options.as_ref());
    let reading = TsvReading::new(columns.clone(), options)?;
    let reading = reading.with_null_marks(settings.null_marks.clone());
    if task.options.normalize.is_some() {
        reading.check_alleles().map_err(|error| error.with("store", &store.name))?;
    }
    Ok(reading)
}

/// The whole pipe, for any format: bytes, first lines, chunks of rows, files.
fn stage<F: Stored>(task: ImportTask<'_>, format: &F) -> Result<Staging> {
    let ImportTask { run, input, pipe, options } = task;
    again::tell(task);
    let source = format.source(input, &pipe.meter)?;
    let digest = source.digest();
    let mut header = HeaderKeeper::keeping();
    let reader = Reader::open_keeping(&mut header, source, pipe, format, DEFAULT_MAX_FINDINGS)?;
    let mut totals = reader.totals.clone();
    let Incoming { schema, order, columns, mut rows, reference_rules } = F::rows(reader, task)?;
    let version = &run.version().info_columns;
    if let Some(told) = fields_by_case(&version.iter().chain(&columns).collect::<Vec<_>>()) {
        totals.findings_mut().add_at(&KEYS_DIFFER_IN_CASE, Location::FILE, "", told);
    }
    let numbers = RecordNumbers::new(&schema);
    let mut stage = Stage::new(task, numbers.schema(), order.as_ref())?;
    let mut counts = Counts::default();
    while let Some(parsed) = rows.next() {
        let mut parsed = parsed.map_err(|error| error.or_with("file", input.name()))?;
        stage.check_cancelled(run)?;
        parsed.header.split_inclusive(|it| *it == b'\n').for_each(|it| header.line(it));
        let rejected = std::mem::take(&mut parsed.rejected);
        let places = totals.places(&mut parsed);
        let (normalized, rows_of_chunk) = totals.add(parsed);
        counts += normalized.counts;
        stage.add(&totals, &rejected, numbers.add(rows_of_chunk, &places)?)?;
        if totals.findings().is_full() {
            rows.keep_rules_alone();
        }
    }
    totals.check_end(options.allow_missing_newline)?;
    let is_rejected = is_rejected(&totals, options);
    let files = stage.finish(is_rejected)?;
    let report = totals.report(scope::<F>(options, reference_rules));
    let normalization = options.normalize.as_ref().map(|normalize| normalize.did(counts));
    let header = header.finish();
    let merge = if is_rejected { None } else { merge::small_files(task)? };
    Ok(Staging { report, is_rejected, files, columns, header, digest, normalization, merge })
}

/// Whether nothing of a file may be stored.
fn is_rejected(totals: &Totals, options: &ImportOptions) -> bool {
    let some_rejected = totals.rejected_lines() > 0;
    // The service refuses to import zero rows.
    let lacks_rows = totals.records() == 0 && !options.allow_empty;
    !totals.is_readable() || lacks_rows || (options.on_error == OnError::Fail && some_rejected)
}

/// What an import looks at: not at the file as a whole.
fn scope<F: Format>(options: &ImportOptions, reference_rules: Vec<&'static Rule>) -> CheckScope {
    let left_to_check = |rule| SkippedCheck { rule, why: "`annostore check` looks for it".into() };
    let how = options.normalize.as_ref().map(|normalize| normalize.options);
    let mut stored_anyway = how.map(NormalizeOptions::stored_anyway).unwrap_or_default().to_vec();
    if options.allow_empty {
        stored_anyway.push(&NO_RECORDS);
    }
    CheckScope {
        reference_rules,
        skipped: F::rules_of_check().into_iter().map(left_to_check).collect(),
        stored_anyway,
        ..CheckScope::default()
    }
}
