//! Differences as records of VCF: each a row of a version, with what differs in INFO.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListBuilder, RecordBatch, StringArray, StringBuilder};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::columns::{BothColumns, Flat};
use super::compare::{Difference, PieceDifferences};
use super::report::kind;
use super::types::internal;
use crate::emit::NO_CODES;
use crate::export::{ColumnValues, InfoSource, Spelling, VcfHeader, VcfLines, key_of};
use crate::merge::{ContigOrder, OpenVersion, RowsWanted, ask};
use crate::model::{Error, InfoColumn, Result, StoreFormat};
use crate::query::Options;
use crate::service::made_header;

/// The keys of INFO that tell how a record differs, with what the header says of them.
const KEYS: [(&str, &str, &str); 5] = [
    ("DIFF", "1", "How the record differs: added, removed or changed"),
    ("DIFF_COLUMNS", ".", "Columns of the record that changed"),
    ("DIFF_BEFORE", ".", "Their values before, in the same order"),
    ("DIFF_AFTER", ".", "Their values after, in the same order"),
    ("DIFF_SAMPLE", "1", "The sample whose row differs"),
];
/// Columns that no key of INFO has, beside those that have a place in a record.
const SAMPLE: &str = "sampleid";
const OTHER: &str = "info_other";

/// How the values of a column are spelled in a list of values of columns.
const SPELLING: Spelling = Spelling { codes: &NO_CODES, separator: b'|', short: true };

/// What records are made of.
pub struct DifferenceRecords {
    /// The columns of both versions that stand in a record, in order.
    columns: Vec<usize>,
    sample: Option<usize>,
    schema: SchemaRef,
}

/// Records of two versions: what they are made of, the lines that they become, and the lines before
/// them.
pub fn records(
    sides: &[OpenVersion; 2],
    columns: &BothColumns,
    order: &ContigOrder,
    (wanted, options): (&[RowsWanted; 2], &Options),
) -> Result<(DifferenceRecords, VcfLines, Vec<u8>)> {
    if sides[0].format() != StoreFormat::Vcf {
        let message = format!("the rows of {} are no records of VCF", sides[0].name());
        return Err(Error::invalid(message).with_help("write .csv, .tsv, .ndjson or .parquet"));
    }
    let infos: Vec<&InfoColumn> = sides.iter().rev().flat_map(info_columns).collect();
    let mut taken: HashSet<String> = infos.iter().map(|it| it.key.clone()).collect();
    let others = sides.iter().flat_map(OpenVersion::files).flat_map(|it| it.other_keys.iter());
    taken.extend(others.flatten().cloned());
    let keys =
        KEYS.map(|(name, number, description)| (key_of(name, &mut taken), number, description));
    let mut header = header(sides, &keys)?;
    let files = sides.iter().flat_map(OpenVersion::files).flat_map(|it| &it.bounds);
    let covered: BTreeSet<&str> = files.map(|it| it.contig.as_str()).collect();
    let contigs = order.names().iter().map(String::as_str);
    header.declare("contig", contigs.filter(|it| covered.contains(it)));
    for (side, wanted) in sides.iter().zip(wanted) {
        declare(&mut header, side, wanted, options)?;
    }
    let (records, lines) = DifferenceRecords::new(columns, &infos, keys.map(|it| it.0))?;
    Ok((records, lines, header.text(false)))
}

fn info_columns(side: &OpenVersion) -> &[InfoColumn] {
    &side.snapshot.version.info_columns
}

/// The header of both versions, with the keys that tell of differences first.
fn header(sides: &[OpenVersion; 2], keys: &[(String, &str, &str)]) -> Result<VcfHeader> {
    let mut header = VcfHeader::new(info_columns(&sides[1]));
    // Since then, values have percent codes.
    header.add(b"##fileformat=VCFv4.3\n");
    for (key, number, description) in keys {
        header.define(key, number, "String", description);
    }
    for side in sides.iter().rev() {
        let headers = side.headers()?;
        if headers.is_empty() {
            header.add(made_header(&side.snapshot).as_bytes());
        }
        headers.iter().rev().for_each(|it| header.add(it));
    }
    Ok(header)
}

/// Declares keys and filters that rows of a version have and no header does: BCF knows no others.
fn declare(
    header: &mut VcfHeader,
    side: &OpenVersion,
    wanted: &RowsWanted,
    options: &Options,
) -> Result<()> {
    header.declare_columns(info_columns(side));
    let others = side.files().flat_map(|it| it.other_keys.iter().flatten());
    header.declare("INFO", others.map(String::as_str));
    let joined = "CROSS JOIN UNNEST(filters) AS u(f)";
    for rows in ask(side, wanted, options, ("DISTINCT f", joined))? {
        let filters = ColumnValues::new(rows.column(0));
        for row in 0..rows.num_rows() {
            let mut text = Vec::new();
            // VCF 4 knows PASS.
            if filters.append(row, SPELLING, &mut text) && text != b"PASS" {
                header.declare("FILTER", [String::from_utf8_lossy(&text).as_ref()]);
            }
        }
    }
    Ok(())
}

impl DifferenceRecords {
    fn new(
        columns: &BothColumns,
        infos: &[&InfoColumn],
        [kind, names, before, after, sample]: [String; 5],
    ) -> Result<(Self, VcfLines)> {
        let mut records =
            Self { columns: Vec::new(), sample: None, schema: Arc::new(Schema::empty()) };
        let mut place = |name: &str| {
            let found = columns.names().position(|it| it == name)?;
            records.columns.push(found);
            Some(records.columns.len() - 1)
        };
        let mut lines = VcfLines {
            names: place("names"),
            quality: place("qual"),
            filters: place("filters"),
            codes: true,
            ..VcfLines::default()
        };
        for (to, name) in [
            (&mut lines.contig, "contigname"),
            (&mut lines.start, "start"),
            (&mut lines.reference, "referenceallele"),
            (&mut lines.alternates, "alternatealleles"),
        ] {
            *to = place(name).ok_or_else(|| Error::internal("records have no alleles"))?;
        }
        let mut values = Vec::new();
        for info in infos {
            let name = format!("info.{}", info.name);
            if values.iter().any(|(_, key)| *key == info.key) {
                continue;
            }
            if let Some(place) = place(&name) {
                values.push((place, info.key.clone()));
            }
        }
        let lists = infos.iter().filter(|it| it.list).map(|it| it.key.clone()).collect();
        let others = place(OTHER).map(|it| InfoSource::Texts(it, None, lists));
        let first = records.columns.len();
        let told = [kind, names, before, after, sample].into_iter().enumerate();
        lines.info = told.map(|(at, key)| InfoSource::Column(first + at, key)).collect();
        lines.info.extend(values.into_iter().map(|(place, key)| InfoSource::Column(place, key)));
        lines.info.extend(others);
        records.sample = columns.names().position(|it| it == SAMPLE);
        records.schema = records.schema(columns);
        Ok((records, lines))
    }

    fn schema(&self, columns: &BothColumns) -> SchemaRef {
        let field = |(at, it): (usize, &usize)| {
            Field::new(at.to_string(), columns.column(*it).1.clone(), true)
        };
        let mut fields: Vec<Field> = self.columns.iter().enumerate().map(field).collect();
        for (name, number, _) in KEYS {
            let data_type = match number {
                "1" => DataType::Utf8,
                _ => ListBuilder::new(StringBuilder::new()).finish().data_type().clone(),
            };
            fields.push(Field::new(name, data_type, true));
        }
        Arc::new(Schema::new(fields))
    }

    /// The records of the differences of a piece: rows of the version after, and those that it has
    /// no more.
    pub fn of(
        &self,
        columns: &BothColumns,
        sides: [&Flat; 2],
        found: &PieceDifferences,
    ) -> Result<RecordBatch> {
        let differences = &found.differences;
        let places: Vec<(usize, usize)> = differences.iter().map(place).collect();
        let picked = |column: usize| {
            let values = sides.map(|it| it.columns[column].as_ref());
            interleave(&values, &places).map_err(internal)
        };
        let mut arrays: Vec<ArrayRef> =
            self.columns.iter().map(|it| picked(*it)).collect::<Result<_>>()?;
        arrays.push(Arc::new(differences.iter().map(|it| Some(kind(it))).collect::<StringArray>()));
        arrays.push(lists(differences, |_, column, text| {
            text.extend_from_slice(columns.column(column).0.as_bytes());
            true
        }));
        for side in [0, 1] {
            let values: Vec<ColumnValues<'_>> =
                sides[side].columns.iter().map(ColumnValues::new).collect();
            arrays.push(lists(differences, |rows, column, text| {
                values[column].append(rows[side], SPELLING, text)
            }));
        }
        arrays.push(match self.sample {
            Some(column) => picked(column)?,
            None => Arc::new(StringArray::new_null(differences.len())),
        });
        RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(internal)
    }
}

/// The side and the row that a record is of.
fn place(difference: &Difference) -> (usize, usize) {
    match difference {
        Difference::Removed(row) => (0, *row as usize),
        Difference::Added(row) | Difference::Changed(_, row, _) => (1, *row as usize),
    }
}

/// For each row that changed a list of texts, one for each of the columns that did; `append` is
/// false where there is none.
fn lists(
    differences: &[Difference],
    append: impl Fn([usize; 2], usize, &mut Vec<u8>) -> bool,
) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    let mut text = Vec::new();
    for difference in differences {
        if let Difference::Changed(before, after, columns) = difference {
            for column in columns {
                text.clear();
                let is_there = append([*before as usize, *after as usize], *column, &mut text);
                let text = String::from_utf8_lossy(&text);
                lists.values().append_option(is_there.then_some(text));
            }
        }
        lists.append(matches!(difference, Difference::Changed(..)));
    }
    Arc::new(lists.finish())
}
