//! Rows to lines of VCF.

use std::collections::BTreeSet;
use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int32Type, Int64Type};

use super::lines::RowLines;
use super::samples::{SampleColumns, SampleTexts};
use super::units::is_same;
use super::values::{ColumnValues, Spelling, TextMap, append_integer};
use super::wide::WideIntegers;
use crate::diagnostic::printable;
use crate::emit::{Codes, NO_CODES, Places};
use crate::model::{Error, Result};

/// What has codes in a value of INFO, and in one whose commas may separate elements.
static TEXT: Codes = Codes::of(b";=, ");
static TEXT_LIST: Codes = Codes::of(b";= ");

/// Which column is what of a record. Numbers are those of the rows' columns.
#[derive(Debug, Default)]
pub struct VcfLines {
    /// CHROM.
    pub contig: usize,
    /// POS, zero-based.
    pub start: usize,
    /// ID: a text, or a list of them.
    pub names: Option<usize>,
    /// REF.
    pub reference: usize,
    /// ALT: a text, or a list of them.
    pub alternates: usize,
    /// QUAL.
    pub quality: Option<usize>,
    /// FILTER.
    pub filters: Option<usize>,
    /// INFO, in order.
    pub info: Vec<InfoSource>,
    /// FORMAT and samples.
    pub samples: Option<SampleColumns>,
    /// The columns that tell the record of a row, where a record may have several rows.
    pub record: Option<Vec<usize>>,
    /// Whether values have percent codes.
    pub codes: bool,
    /// Whether alleles are texts of somebody, which VCF may not take.
    pub judges_alleles: bool,
    /// The integers that other programs do not read.
    pub wide: WideIntegers,
}

/// Where values of INFO come from.
#[derive(Debug)]
pub enum InfoSource {
    /// A row with a field for each key: its places, and the keys.
    Fields(usize, Vec<(usize, String)>),
    /// A map of texts, which holds over the fields: which keys go out, all where there are none,
    /// and which of them have lists.
    Texts(usize, Option<BTreeSet<String>>, BTreeSet<String>),
    /// A column of its own.
    Column(usize, String),
}

/// The columns of rows that are at hand.
struct Record<'a> {
    of: &'a VcfLines,
    rows: &'a RecordBatch,
    contig: ColumnValues<'a>,
    names: Option<ColumnValues<'a>>,
    reference: ColumnValues<'a>,
    alternates: ColumnValues<'a>,
    quality: Option<ColumnValues<'a>>,
    filters: Option<ColumnValues<'a>>,
    fields: Vec<InfoField<'a>>,
    texts: Option<InfoTexts<'a>>,
    samples: Option<SampleTexts<'a>>,
    spelling: Spelling,
    /// The codes of texts of a map, of which nobody knows whether their commas separate elements.
    codes_of_texts: &'static Codes,
}

/// A key of INFO with a column.
struct InfoField<'a> {
    /// `;KEY=`
    begin: Vec<u8>,
    values: ColumnValues<'a>,
    is_flag: bool,
    /// Whether some of the integers are wide.
    is_wide: bool,
}

impl<'a> InfoField<'a> {
    fn new(key: &str, column: &'a ArrayRef) -> Self {
        let values = ColumnValues::new(column);
        Self {
            begin: format!(";{key}=").into_bytes(),
            is_flag: values.is_boolean(),
            is_wide: values.wide_integers(0..column.len()) > 0,
            values,
        }
    }

    fn key(&self) -> &[u8] {
        &self.begin[1..self.begin.len() - 1]
    }
}

struct InfoTexts<'a> {
    map: TextMap<'a>,
    wanted: Option<&'a BTreeSet<String>>,
    lists: &'a BTreeSet<String>,
}

impl RowLines for VcfLines {
    fn append(&self, rows: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let mut record = Record::new(self, rows)?;
        let mut row = 0;
        while row < rows.num_rows() {
            let end = record.end(row);
            record.line(row..end, out)?;
            row = end;
        }
        Ok(())
    }

    fn places(&self) -> Places {
        Places::Vcf
    }

    fn record_columns(&self) -> Option<Vec<usize>> {
        self.record.clone()
    }

    fn notes(&self) -> Vec<String> {
        let samples = self.samples.as_ref().and_then(SampleColumns::told);
        self.wide.told().into_iter().chain(samples).collect()
    }
}

impl<'a> Record<'a> {
    fn new(of: &'a VcfLines, rows: &'a RecordBatch) -> Result<Self> {
        let values = |column: usize| ColumnValues::new(rows.column(column));
        let (codes, codes_of_texts) =
            if of.codes { (&TEXT, &TEXT_LIST) } else { (&NO_CODES, &NO_CODES) };
        let mut record = Self {
            of,
            rows,
            contig: values(of.contig),
            names: of.names.map(values),
            reference: values(of.reference),
            alternates: values(of.alternates),
            quality: of.quality.map(values),
            filters: of.filters.map(values),
            fields: Vec::new(),
            texts: None,
            samples: None,
            spelling: Spelling { codes, separator: b',', short: true },
            codes_of_texts,
        };
        record.samples = of.samples.as_ref().map(|it| it.of(rows, of.codes)).transpose()?;
        of.info.iter().try_for_each(|it| record.source(it))?;
        Ok(record)
    }

    fn source(&mut self, source: &'a InfoSource) -> Result<()> {
        match source {
            InfoSource::Fields(column, fields) => {
                let info = self.rows.column(*column).as_struct_opt();
                let info = info.ok_or_else(|| Error::internal("INFO is no row of fields"))?;
                for (field, key) in fields {
                    self.fields.push(InfoField::new(key, info.column(*field)));
                }
            }
            InfoSource::Column(column, key) => {
                self.fields.push(InfoField::new(key, self.rows.column(*column)));
            }
            InfoSource::Texts(column, wanted, lists) => {
                let map = TextMap::new(self.rows.column(*column));
                let map = map.ok_or_else(|| Error::internal("INFO is no map of texts"))?;
                self.texts = Some(InfoTexts { map, wanted: wanted.as_ref(), lists });
            }
        }
        Ok(())
    }

    /// The row behind the last one of the record that begins at a row.
    fn end(&mut self, row: usize) -> usize {
        let Some(record) = &self.of.record else { return row + 1 };
        let mut last = self.samples.as_mut().and_then(|it| it.place(row));
        let is_next = |next: usize| {
            let same = |column: &usize| {
                let column = self.rows.column(*column);
                is_same(column, row, column, next)
            };
            record.iter().chain([&self.of.reference]).all(same) && self.has_same_alleles(row, next)
        };
        let mut end = row + 1;
        while end < self.rows.num_rows() && is_next(end) {
            if let Some(samples) = &self.samples {
                // A sample that comes again is of another record: of the next part of a split one.
                let place = samples.place_behind(end, last);
                if place <= last {
                    break;
                }
                last = place;
            }
            end += 1;
        }
        end
    }

    fn has_same_alleles(&self, row: usize, other: usize) -> bool {
        let column = self.rows.column(self.of.alternates);
        let Some(list) = column.as_list_opt::<i32>() else {
            return is_same(column, row, column, other);
        };
        let offsets = list.value_offsets();
        let length = |row: usize| offsets[row + 1] - offsets[row];
        let at = |row: usize, index: i32| usize::try_from(offsets[row] + index).unwrap_or(0);
        let values = list.values();
        list.is_null(row) == list.is_null(other)
            && length(row) == length(other)
            && (0..length(row)).all(|it| is_same(values, at(row, it), values, at(other, it)))
    }

    fn line(&mut self, rows: Range<usize>, out: &mut Vec<u8>) -> Result<()> {
        let row = rows.start;
        self.fixed(row, out)?;
        out.push(b'\t');
        self.info(row, out);
        if let Some(samples) = &mut self.samples {
            samples.append(rows, out);
        }
        out.push(b'\n');
        Ok(())
    }

    /// The seven columns before INFO.
    fn fixed(&self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        let plain = Spelling { codes: &NO_CODES, ..self.spelling };
        let Some(start) = start(self.rows.column(self.of.start), row) else {
            return Err(no_place());
        };
        let from = out.len();
        if !self.contig.append(row, plain, out) {
            return Err(no_place());
        }
        self.check("CHROM", &out[from..], row, start)?;
        if start < -1 {
            return Err(self.unfit("POS", (start + 1).to_string().as_bytes(), row, start));
        }
        out.push(b'\t');
        append_integer(start + 1, out);
        out.push(b'\t');
        let semicolons = Spelling { separator: b';', ..plain };
        let from = out.len();
        missing(self.names.as_ref().is_some_and(|it| it.append(row, semicolons, out)), out);
        self.check("ID", &out[from..], row, start)?;
        out.push(b'\t');
        let from = out.len();
        missing(self.reference.append(row, plain, out), out);
        self.judge("REF", &out[from..], row, start)?;
        out.push(b'\t');
        let from = out.len();
        missing(self.alternates.append(row, plain, out), out);
        self.judge("ALT", &out[from..], row, start)?;
        out.push(b'\t');
        missing(self.quality.as_ref().is_some_and(|it| it.append(row, plain, out)), out);
        out.push(b'\t');
        let from = out.len();
        missing(self.filters.as_ref().is_some_and(|it| it.append(row, semicolons, out)), out);
        self.check("FILTER", &out[from..], row, start)
    }

    /// Refuses an allele that VCF has no place for, as a `-` of an insertion.
    fn judge(&self, column: &str, alleles: &[u8], row: usize, start: i64) -> Result<()> {
        let is_letters = |it: &[u8]| !it.is_empty() && it.iter().all(u8::is_ascii_alphabetic);
        let is_sound = |it: &[u8]| {
            let is_marked = matches!(it, b"." | b"*") || it.iter().any(|it| b"<[]".contains(it));
            is_letters(it) || column == "ALT" && is_marked
        };
        if self.of.judges_alleles && !alleles.split(|it| *it == b',').all(is_sound) {
            return Err(self.unfit(column, alleles, row, start));
        }
        self.check(column, alleles, row, start)
    }

    /// Refuses a text that is none of a column: it is empty, or a blank in it would end the column
    /// or the line. What came from VCF has none.
    fn check(&self, column: &str, text: &[u8], row: usize, start: i64) -> Result<()> {
        let ends = |it: &u8| it.is_ascii_whitespace() || it.is_ascii_control();
        if self.of.judges_alleles && (text.is_empty() || text.iter().any(ends)) {
            return Err(self.unfit(column, text, row, start));
        }
        Ok(())
    }

    fn unfit(&self, column: &str, text: &[u8], row: usize, start: i64) -> Error {
        let mut contig = Vec::new();
        self.contig.append(row, self.spelling, &mut contig);
        let what = if matches!(column, "REF" | "ALT") { "no allele of VCF" } else { "none of VCF" };
        let message = format!("{column} is `{}`, which is {what}", printable(text, SHOWN));
        Error::invalid(message)
            .with("row", format!("{}:{}", printable(&contig, SHOWN), start.saturating_add(1)))
            .with_help("leave such rows out with a condition, or write .tsv")
    }

    fn info(&self, row: usize, out: &mut Vec<u8>) {
        let from = out.len();
        let texts = || self.texts.iter().flat_map(|it| it.entries(row));
        let has_texts = texts().next().is_some();
        for field in &self.fields {
            // What did not fit its column is a text, and says more.
            if has_texts && texts().any(|it| it.0.as_bytes() == field.key()) {
                continue;
            }
            let before = out.len();
            let begin = &field.begin[usize::from(before == from)..];
            if field.is_flag {
                if field.values.is_true(row) {
                    out.extend_from_slice(&begin[..begin.len() - 1]);
                }
                continue;
            }
            out.extend_from_slice(begin);
            let value = out.len();
            if !field.values.append(row, self.spelling, out) || out.len() == value {
                out.truncate(before);
            }
            if field.is_wide {
                self.of.wide.add(field.key(), field.values.wide_integers(row..row + 1));
            }
        }
        for (key, value) in texts() {
            separate(from, out);
            append_key(key.as_bytes(), out);
            // A flag, as it stands in `attributes`.
            if value.is_empty() && self.of.judges_alleles {
                continue;
            }
            // `KEY=.` of a list would be a list of nothing, not the text that it was.
            if value == "." && self.texts.as_ref().is_some_and(|it| it.lists.contains(key)) {
                continue;
            }
            out.push(b'=');
            self.codes_of_texts.append(value.as_bytes(), out);
        }
        missing(out.len() > from, out);
    }
}

impl<'a> InfoTexts<'a> {
    fn entries(&self, row: usize) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let wanted = self.wanted;
        self.map.entries(row).filter(move |it| wanted.is_none_or(|all| all.contains(it.0)))
    }
}

/// Appends a key without what would end it: keys of an answer may have anything in them.
fn append_key(key: &[u8], out: &mut Vec<u8>) {
    let ends = |it: &u8| matches!(it, b';' | b'=') || it.is_ascii_control();
    out.extend(key.iter().map(|it| if ends(it) { b'_' } else { *it }));
}

/// Bytes of a value that an error shows.
const SHOWN: usize = 60;

fn separate(from: usize, out: &mut Vec<u8>) {
    if out.len() > from {
        out.push(b';');
    }
}

/// A dot where nothing was appended.
fn missing(appended: bool, out: &mut Vec<u8>) {
    if !appended {
        out.push(b'.');
    }
}

/// The number of a row; none where there is none.
pub fn start(column: &ArrayRef, row: usize) -> Option<i64> {
    if column.is_null(row) {
        return None;
    }
    match column.data_type() {
        DataType::Int32 => Some(i64::from(column.as_primitive::<Int32Type>().value(row))),
        DataType::Int64 => Some(column.as_primitive::<Int64Type>().value(row)),
        _ => None,
    }
}

fn no_place() -> Error {
    Error::invalid("a row has no contig or no position, which every line has to have")
        .with_help("leave such rows out with a condition: start IS NOT NULL")
}
