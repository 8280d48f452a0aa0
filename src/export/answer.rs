//! An answer of SQL as a file of others.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, ListArray, RecordBatch};
use arrow::datatypes::{DataType, Schema, SchemaRef};

use super::bed::BedLines;
use super::header::VcfHeader;
use super::lines::RowLines;
use super::of_vcf::key_of;
use super::request::Exported;
use super::run::write;
use super::vcf::{InfoSource, VcfLines};
use crate::emit::{BED, CSV, Destination, Places, TSV, Target, VCF};
use crate::model::{Error, Result};
use crate::query::format::{self, AnswerFormat, Failure, Layout};
use crate::read::Pipe;
use crate::write::schema::INFO_KEY;

/// Rows of a piece of work.
const ROWS: usize = 2048;
/// Bytes of rows that are looked at for contigs and filters before the header is written.
const AHEAD_BYTES: usize = 32 << 20;
/// The columns of a VCF store that no line of an answer has, and what `info` says of them, too.
const LEFT_OUT: [&str; 3] = ["importjobid", "end", "splitfrommultiallelic"];
const SAID_BY_INFO: [&str; 2] = ["attributes", "annotations"];

/// Whether answers go out in a form: those of lines that `query` has no form of its own for.
pub fn takes_answers(target: Target) -> bool {
    let form = target.form;
    let is_table = *form == TSV || *form == CSV;
    is_table && target.compressed || *form == VCF || *form == BED
}

/// Writes an answer with these columns; an error, in words, where a column is missing that every
/// line of the form has.
pub fn emit_answer(
    target: Target,
    (schema, mut batches): (&SchemaRef, impl Iterator<Item = Result<RecordBatch>>),
    with_names: bool,
    to: Destination,
    pipe: &Pipe,
) -> Result<Exported> {
    let (mut held, mut notes) = (Vec::new(), Vec::new());
    let (lines, header): (Arc<dyn RowLines>, Vec<u8>) = if *target.form == VCF {
        let (lines, mut header) = vcf(schema, &mut notes)?;
        held = ahead(&mut batches)?;
        for rows in &held {
            declare(&mut header, &lines, rows);
        }
        (Arc::new(lines), header.text(false))
    } else if *target.form == BED {
        (Arc::new(bed(schema)?), Vec::new())
    } else {
        let csv = *target.form == CSV;
        let lines = AnswerLines {
            format: if csv { &format::CSV } else { &format::TSV },
            places: if csv { Places::Unknown } else { places(schema, with_names) },
        };
        let mut header = Vec::new();
        if with_names {
            lines.lines(schema, &mut std::iter::empty(), true, &mut header)?;
        }
        (Arc::new(lines), header)
    };
    let batches = held.into_iter().map(Ok).chain(batches);
    let mut exported = write(batches, (lines, ROWS), (target, header, None), to, pipe)?;
    exported.notes.splice(0..0, notes);
    Ok(exported)
}

/// The first batches of an answer: mostly all of them.
fn ahead(batches: &mut impl Iterator<Item = Result<RecordBatch>>) -> Result<Vec<RecordBatch>> {
    let (mut held, mut bytes) = (Vec::new(), 0);
    while bytes < AHEAD_BYTES
        && let Some(batch) = batches.next().transpose()?
    {
        bytes += batch.get_array_memory_size();
        held.push(batch);
    }
    Ok(held)
}

/// Declares the contigs and filters of rows.
fn declare(header: &mut VcfHeader, lines: &VcfLines, rows: &RecordBatch) {
    let mut seen = HashSet::new();
    let contigs = texts(rows.column(lines.contig)).filter(|it| seen.insert(*it));
    header.declare("contig", contigs);
    let Some(filters) = lines.filters else { return };
    let mut seen = HashSet::from(["", ".", "PASS"]);
    let filters = texts(rows.column(filters)).flat_map(|it| it.split(';'));
    header.declare("FILTER", filters.filter(|it| seen.insert(*it)));
}

/// The texts of a column, or of its lists, that are there.
fn texts(column: &ArrayRef) -> impl Iterator<Item = &str> {
    let values = column.as_list_opt::<i32>().map_or(column, ListArray::values);
    values.as_string_opt::<i32>().into_iter().flatten().flatten()
}

/// Lines as `query` writes them.
struct AnswerLines {
    format: &'static AnswerFormat,
    places: Places,
}

impl AnswerLines {
    fn lines(
        &self,
        schema: &SchemaRef,
        batches: format::Batches<'_>,
        header: bool,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let mut layout = Layout::stream(self.format);
        layout.header = header;
        match format::write(layout, schema, batches, out) {
            Ok(_) => Ok(()),
            Err(Failure::Query(error)) => Err(error),
            Err(Failure::Output(error)) => {
                Err(Error::internal("lines cannot be written to memory").with_source(error))
            }
        }
    }
}

impl RowLines for AnswerLines {
    fn append(&self, rows: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        self.lines(&rows.schema(), &mut std::iter::once(Ok(rows.clone())), false, out)
    }

    fn places(&self) -> Places {
        self.places
    }
}

/// The place of the first column of one of these names, of a type that fits.
fn find(schema: &Schema, names: &[&str], fits: impl Fn(&DataType) -> bool) -> Option<usize> {
    let places = names.iter().filter_map(|it| schema.index_of(it).ok());
    places.into_iter().find(|it| fits(schema.field(*it).data_type()))
}

fn is_text(it: &DataType) -> bool {
    *it == DataType::Utf8
}

fn is_integer(it: &DataType) -> bool {
    matches!(it, DataType::Int32 | DataType::Int64)
}

fn is_texts(it: &DataType) -> bool {
    matches!(it, DataType::List(element) if is_text(element.data_type())) || is_text(it)
}

/// What every line says of where it lies: contig, start and end, where an answer has them.
const CONTIG: [&str; 3] = ["contigname", "seqid", "contig"];

fn places(schema: &Schema, with_names: bool) -> Places {
    let found = (find(schema, &CONTIG, is_text), find(schema, &["start"], is_integer));
    let (Some(contig), Some(start)) = found else { return Places::Unknown };
    let end = find(schema, &["end"], is_integer);
    Places::Columns { contig, start, end, zero_based: true, skip: u32::from(with_names) }
}

fn bed(schema: &Schema) -> Result<BedLines> {
    let needed = |names: &[&str], fits: fn(&DataType) -> bool| {
        find(schema, names, fits)
            .ok_or_else(|| lacking("BED", names[0], "contigname, start and end"))
    };
    let contig = needed(&CONTIG, is_text)?;
    let bases = [needed(&["start"], is_integer)?, needed(&["end"], is_integer)?];
    let others = (0..schema.fields().len()).filter(|it| *it != contig && !bases.contains(it));
    Ok(BedLines { contig, bases, others: others.collect() })
}

fn vcf(schema: &Schema, notes: &mut Vec<String>) -> Result<(VcfLines, VcfHeader)> {
    let mut lines = fixed_columns(schema)?;
    let mut header = VcfHeader::new(&[]);
    let left_out = info_columns(schema, &mut lines, &mut header);
    if !left_out.is_empty() {
        notes.push(format!(
            "INFO has no place for maps and rows, and goes without {}: select values of them, as \
             in m['KEY'] AS key",
            left_out.join(", ")
        ));
    }
    Ok((lines, header))
}

/// The columns before INFO.
fn fixed_columns(schema: &Schema) -> Result<VcfLines> {
    let all = "contigname, start, referenceallele and alternatealleles";
    let needed = |names: &[&str], fits: fn(&DataType) -> bool| {
        find(schema, names, fits).ok_or_else(|| lacking("VCF", names[0], all))
    };
    let is_number = |it: &DataType| it.is_numeric();
    Ok(VcfLines {
        contig: needed(&CONTIG, is_text)?,
        start: needed(&["start"], is_integer)?,
        names: find(schema, &["names"], is_texts),
        reference: needed(&["referenceallele"], is_text)?,
        alternates: needed(&["alternatealleles"], is_texts)?,
        quality: find(schema, &["qual"], is_number),
        filters: find(schema, &["filters"], is_texts),
        codes: true,
        judges_alleles: true,
        ..VcfLines::default()
    })
}

/// Makes INFO of all other columns, and declares its keys; the columns that it has no place for.
fn info_columns(schema: &Schema, lines: &mut VcfLines, header: &mut VcfHeader) -> Vec<String> {
    let fixed = [lines.contig, lines.start, lines.reference, lines.alternates].map(Some);
    let optional = [lines.names, lines.quality, lines.filters];
    let taken: BTreeSet<usize> = fixed.into_iter().chain(optional).flatten().collect();
    let (mut keys, mut left_out) = (HashSet::new(), Vec::new());
    // The texts of a map are those of `info`, too.
    let has_info = find(schema, &["info"], |it| matches!(it, DataType::Struct(_))).is_some();
    for (index, field) in schema.fields().iter().enumerate() {
        let name = field.name().as_str();
        match field.data_type() {
            _ if taken.contains(&index) || LEFT_OUT.contains(&name) => {}
            DataType::Struct(fields) if name == "info" => {
                let fields = fields.iter().enumerate().map(|(place, field)| {
                    let key = field.metadata().get(INFO_KEY).unwrap_or(field.name()).clone();
                    keys.insert(key.clone());
                    define(header, &key, field.data_type());
                    (place, key)
                });
                lines.info.push(InfoSource::Fields(index, fields.collect()));
            }
            DataType::Map(..) if name == "info_other" || name == "attributes" && !has_info => {
                lines.info.push(InfoSource::Texts(index, None, BTreeSet::new()));
            }
            DataType::Map(..) | DataType::Struct(_) if has_info && SAID_BY_INFO.contains(&name) => {
            }
            DataType::Map(..) | DataType::Struct(_) => left_out.push(format!("`{name}`")),
            data_type => {
                let key = key_of(name, &mut keys);
                define(header, &key, data_type);
                lines.info.push(InfoSource::Column(index, key));
            }
        }
    }
    left_out
}

fn define(header: &mut VcfHeader, key: &str, data_type: &DataType) {
    let (number, element) = match data_type {
        DataType::List(element) => (".", element.data_type()),
        other => ("1", other),
    };
    match element {
        DataType::Boolean if number == "1" => header.define(key, "0", "Flag", ""),
        it if it.is_integer() => header.define(key, number, "Integer", ""),
        it if it.is_numeric() => header.define(key, number, "Float", ""),
        _ => header.define(key, number, "String", ""),
    }
}

fn lacking(form: &str, column: &str, all: &str) -> Error {
    Error::invalid(format!("the answer cannot be {form}: it has no column {column} that fits"))
        .with_help(format!("every line of {form} has {all}: select them, or write .tsv.gz"))
}
