//! An export from its version to its file.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;

use super::lines::RowLines;
use super::of_tables::{chosen, columns_of, of_columns, of_gff_store, of_places};
use super::of_vcf::{of_tsv_store, of_vcf_store, quoted};
use super::planned::{Asked, Planned};
use super::request::{ExportForm, ExportRequest, Exported};
use super::units::Units;
use crate::catalog::Catalog;
use crate::emit::{BCF, BED, Destination, EmitFile, Emitter, GFF3, OpenOutput, Target, VCF};
use crate::merge::{ContigOrder, OpenVersion, RowsWanted, SortedRows, check_condition};
use crate::model::{Error, Result, StoreFormat};
use crate::query::Options;
use crate::query::format::{self, Failure, Layout, PARQUET};
use crate::read::Pipe;
use crate::read::ordered::ordered;
use crate::read::spare;

/// Bytes of text that a piece of work is to become, and what a value of a row takes of it, roughly.
const PIECE_BYTES: usize = 1 << 20;
const VALUE_BYTES: usize = 10;

/// Writes rows of a version to a file or a stream.
///
/// The file appears whole or not at all; an existing one is kept unless it may be replaced. Rows
/// come by contig, in the order of the headers, and start.
pub fn export(
    catalog: &Catalog,
    version: &OpenVersion,
    (request, form): (&ExportRequest, ExportForm),
    to: Destination,
    (pipe, options): (&Pipe, &Options),
) -> Result<Exported> {
    let mut notes = Vec::new();
    let wanted = RowsWanted {
        columns: Vec::new(),
        condition: request.condition.clone(),
        regions: regions(version, &request.regions, &mut notes)?,
    };
    if let Some(condition) = &wanted.condition {
        check_condition(version, condition, options)?;
    }
    let target = match form {
        ExportForm::Lines(target) => target,
        ExportForm::Parquet => Target::plain(&VCF),
    };
    let asked =
        Asked { version, catalog, wanted: &wanted, columns: &request.columns, options, target };
    if form == ExportForm::Parquet {
        let exported = parquet(&asked, to)?;
        return Ok(Exported { notes, ..exported });
    }
    let Planned { columns, header, lines, order } = planned(&asked)?;
    let size = (PIECE_BYTES / (VALUE_BYTES * values_of(&asked, columns.len()))).clamp(64, 16_384);
    let wanted = RowsWanted { columns, ..wanted.clone() };
    let rows = SortedRows::new(version, Arc::new(order), wanted, options)?;
    let longest = version.files().flat_map(|it| &it.bounds).map(|it| it.max_end).max();
    let longest = longest.and_then(|it| u64::try_from(it).ok());
    let mut exported = write(rows, (lines.into(), size), (target, header, longest), to, pipe)?;
    exported.notes.splice(0..0, notes);
    Ok(exported)
}

/// Regions by the names that the version has for their contigs, and a note for each that is spelled
/// in another style.
fn regions(
    version: &OpenVersion,
    regions: &[String],
    notes: &mut Vec<String>,
) -> Result<Vec<String>> {
    let mut found = Vec::with_capacity(regions.len());
    for region in regions {
        let styled = version.in_its_style(region)?;
        if let Some((contig, _)) = &styled {
            notes.push(format!("the contig of {region} is `{contig}` in {}", version.name()));
        }
        found.push(styled.map_or_else(|| region.clone(), |it| it.1));
    }
    Ok(found)
}

/// Writes rows as lines.
pub fn write(
    rows: impl Iterator<Item = Result<RecordBatch>>,
    (lines, size): (Arc<dyn RowLines>, usize),
    (target, header, longest): (Target, Vec<u8>, Option<u64>),
    to: Destination,
    pipe: &Pipe,
) -> Result<Exported> {
    let emitter = Emitter::new(target, header)?.with_places(lines.places());
    let emitter = Arc::new(emitter);
    let mut file = EmitFile::create(to, &emitter, longest)?;
    let mut count = 0;
    let units = Units::new(rows, size, lines.record_columns()).inspect(|it| {
        count += it.as_ref().map_or(0, |it| it.num_rows() as u64);
    });
    let of_rows = Arc::clone(&lines);
    let pieces = ordered(&pipe.pool, pipe.window(), units, move |rows: RecordBatch| {
        let mut text = spare::emptied(PIECE_BYTES);
        of_rows.append(&rows, &mut text)?;
        emitter.piece(text)
    });
    for piece in pieces {
        pipe.meter.check()?;
        file.add(piece?)?;
    }
    let mut written = file.finish()?;
    // BCF has no place for some values, and says so itself.
    if *target.form != BCF {
        written.notes.extend(lines.notes());
    }
    Ok(Exported { rows: count, index: written.index, notes: written.notes })
}

fn planned(asked: &Asked<'_>) -> Result<Planned> {
    let form = asked.target.form;
    let alleles = asked.version.tsv_options().filter(|it| it.annotation_type.has_alleles());
    match asked.version.format() {
        StoreFormat::Vcf if *form == VCF || *form == BCF => of_vcf_store(asked),
        StoreFormat::Gff if *form == GFF3 => of_gff_store(asked),
        _ if *form == BED => of_places(asked),
        _ if *form == VCF || *form == BCF => match alleles {
            Some(options) => of_tsv_store(asked, options),
            None => Err(unfit(asked, "its rows have no alleles")),
        },
        _ if *form == GFF3 => Err(unfit(asked, "its rows are no features of GFF3")),
        _ => of_columns(asked),
    }
}

fn unfit(asked: &Asked<'_>, why: &str) -> Error {
    let form = asked.target.form.name.to_uppercase();
    Error::invalid(format!("{} cannot be written as {form}: {why}", asked.version.name()))
        .with_help("write .tsv, .csv, .bed or .parquet")
}

/// About how many values a row has.
fn values_of(asked: &Asked<'_>, columns: usize) -> usize {
    let info = asked.version.snapshot.version.info_columns.len();
    columns + if asked.version.format() == StoreFormat::Vcf { info } else { 0 }
}

/// Writes rows as Parquet, in their order.
fn parquet(asked: &Asked<'_>, to: Destination) -> Result<Exported> {
    let mut out = OpenOutput::create(to)?;
    let order = ContigOrder::new([], asked.version.files());
    let columns = parquet_columns(asked)?;
    let places: Vec<usize> = (0..columns.len()).collect();
    let wanted = RowsWanted { columns, ..asked.wanted.clone() };
    let mut rows = SortedRows::new(asked.version, Arc::new(order), wanted, asked.options)?;
    let schema = rows.schema().project(&places).map(Arc::new).map_err(other_columns)?;
    let mut batches = rows.by_ref().map(|it| it?.project(&places).map_err(other_columns));
    let mut layout = Layout::stream(&PARQUET);
    layout.file = out.is_file();
    let written = format::write(layout, &schema, &mut batches, &mut out);
    let written = written.map_err(|error| match error {
        Failure::Query(error) => error,
        Failure::Output(error) => out.failed(error),
    })?;
    out.finish()?;
    Ok(Exported { rows: written.rows, ..Exported::default() })
}

fn other_columns(error: ArrowError) -> Error {
    Error::internal("the columns of rows are others").with_source(error)
}

/// The columns of the store's table; `attributes` of VCF is what `info` says as texts.
fn parquet_columns(asked: &Asked<'_>) -> Result<Vec<String>> {
    let version = &asked.version.snapshot.version;
    let all = match asked.version.format() {
        StoreFormat::Vcf => {
            let schema = crate::write::schema::vcf_schema(&version.info_columns);
            let plain = |name: &str| (name.to_owned(), quoted(name));
            let mut all: Vec<_> = schema.fields().iter().map(|it| plain(it.name())).collect();
            if asked.columns.is_empty() {
                return Ok(all.into_iter().map(|it| it.1).collect());
            }
            let keys = columns_of(asked)?;
            all.extend(keys.into_iter().filter(|it| it.1.starts_with("info.")));
            all
        }
        StoreFormat::Gff | StoreFormat::Tsv => columns_of(asked)?,
    };
    let columns = chosen(asked, all)?.into_iter();
    Ok(columns.map(|(name, it)| format!("{it} AS {}", quoted(&name))).collect())
}
