//! The records that a condition in SQL holds for, with what was added to them.
//!
//! A condition is asked once for each ALT allele: a key with a value for each allele is the value
//! of that one. A record stays where it holds for one of them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, RecordBatch,
    RecordBatchOptions, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema};

use super::chunk::Lines;
use crate::diagnostic::printable;
use crate::model::{Error, Result, ValueType};
use crate::query::Condition;
use crate::read::vcf::{Header, Number, decoded_text};

/// The columns that every record has.
const FIXED: [(&str, What, DataType); 7] = [
    ("chrom", What::Text(0), DataType::Utf8),
    ("pos", What::Position, DataType::Int64),
    ("id", What::Text(2), DataType::Utf8),
    ("ref", What::Text(3), DataType::Utf8),
    ("alt", What::Alternate, DataType::Utf8),
    ("qual", What::Quality, DataType::Float64),
    ("filter", What::Text(6), DataType::Utf8),
];
/// Where ALT and INFO stand.
const ALTERNATES: usize = 4;
const INFO: usize = 7;

/// A condition on records.
pub struct Filter {
    condition: Condition,
    columns: Vec<What>,
}

/// What a column has of a record.
#[derive(Clone, Debug)]
enum What {
    /// A field of the line, as it stands.
    Text(usize),
    /// POS.
    Position,
    /// One ALT allele.
    Alternate,
    /// QUAL.
    Quality,
    /// The values of an INFO key.
    Info { key: String, number: Number, is_coded: bool },
}

impl Filter {
    /// The condition over the columns of records and the keys that a header declares, in lower
    /// case; to be asked from so many threads. Texts are without their percent codes: those of the
    /// added keys, and from VCF 4.3 on all.
    pub fn new(sql: &str, header: &Header, added: &[&str], threads: usize) -> Result<Self> {
        let mut all: Vec<(Field, What)> = Vec::new();
        for (name, what, data_type) in FIXED {
            all.push((Field::new(name, data_type, true), what));
        }
        for definition in &header.info {
            let name = definition.key.to_lowercase();
            if all.iter().all(|it| *it.0.name() != name) {
                let data_type = type_of(definition.value, definition.number);
                let (key, number) = (definition.key.clone(), definition.number);
                let is_coded = header.minor() >= 3 || added.contains(&key.as_str());
                let what = What::Info { key, number, is_coded };
                all.push((Field::new(name, data_type, true), what));
            }
        }
        let schema = Schema::new(all.iter().map(|it| it.0.clone()).collect::<Vec<_>>());
        let condition = Condition::new(sql, Arc::new(schema), threads)
            .map_err(|error| error.with("filter", printable(sql.as_bytes(), SHOWN)))?;
        let found = |name: &String| all.iter().find(|it| it.0.name() == name);
        let columns = condition.columns().fields().iter();
        let columns = columns.filter_map(|it| found(it.name()).map(|it| it.1.clone())).collect();
        Ok(Self { condition, columns })
    }

    /// The lines that it holds for.
    pub fn keep(&self, lines: Lines) -> Result<Lines> {
        let Lines { text, ends } = lines;
        let mut rows = Vec::with_capacity(ends.len());
        let mut begin = 0;
        for (number, end) in ends.iter().enumerate() {
            let fields = fields(&text, begin..*end);
            for (allele, alternate) in split(&text, &fields[ALTERNATES]).enumerate() {
                rows.push(Row { record: number, fields: fields.clone(), allele, alternate });
            }
            begin = *end;
        }
        let mut kept = vec![false; ends.len()];
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (some, others) = rest.split_at(few(rest));
            for (row, holds) in some.iter().zip(self.holds(&text, some)?) {
                kept[row.record] |= holds;
            }
            rest = others;
        }
        Ok(chosen(&text, &ends, &kept))
    }

    /// Whether the condition holds for each of some rows.
    fn holds(&self, text: &[u8], rows: &[Row]) -> Result<Vec<bool>> {
        let schema = self.condition.columns();
        let columns = self.columns.iter().zip(schema.fields());
        let columns = columns.map(|(what, field)| column(what, field.data_type(), text, rows));
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let batch = RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options);
        let batch = batch.map_err(|error| {
            Error::internal("the columns of a condition do not fit").with_source(error)
        })?;
        self.condition.holds(batch)
    }
}

/// Bytes of INFO that rows have together, each those of its record: what their lists may take is
/// in proportion.
const INFO_BYTES: usize = 32 << 20;

/// Bytes of a condition that an error shows.
const SHOWN: usize = 300;

/// How many rows are asked for at once: all of most chunks, but not of records with thousands of
/// alleles.
fn few(rows: &[Row]) -> usize {
    let mut bytes = 0;
    let fit = rows.iter().take_while(|it| {
        bytes += it.fields[INFO].len();
        bytes <= INFO_BYTES
    });
    fit.count().max(1)
}

/// An ALT allele of a record.
struct Row {
    record: usize,
    fields: [Range<usize>; 8],
    allele: usize,
    alternate: Range<usize>,
}

fn chosen(text: &[u8], ends: &[usize], kept: &[bool]) -> Lines {
    let mut lines = Lines::default();
    let mut begin = 0;
    for (end, kept) in ends.iter().zip(kept) {
        if *kept {
            lines.text.extend_from_slice(&text[begin..*end]);
            lines.ends.push(lines.text.len());
        }
        begin = *end;
    }
    lines
}

/// The places of the first eight fields of a line.
fn fields(text: &[u8], line: Range<usize>) -> [Range<usize>; 8] {
    let end = line.end - text[line.clone()].iter().rev().take_while(|it| is_break(**it)).count();
    let mut fields = std::array::from_fn(|_| end..end);
    let mut begin = line.start;
    for field in &mut fields {
        let tab = memchr::memchr(b'\t', &text[begin.min(end)..end]).map_or(end, |it| begin + it);
        *field = begin.min(end)..tab;
        begin = tab + 1;
    }
    fields
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The places of the parts of a field between commas.
fn split(text: &[u8], field: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut begin = field.start;
    text[field.clone()].split(|it| *it == b',').map(move |part| {
        let range = begin..begin + part.len();
        begin = range.end + 1;
        range
    })
}

fn type_of(value: ValueType, number: Number) -> DataType {
    let one = match value {
        ValueType::Integer => DataType::Int64,
        ValueType::Float => DataType::Float64,
        ValueType::String => DataType::Utf8,
        ValueType::Flag => return DataType::Boolean,
    };
    match number {
        Number::Count(1) | Number::A => one,
        _ => DataType::List(Arc::new(Field::new_list_field(one, true))),
    }
}

/// The values of a column.
fn column(what: &What, data_type: &DataType, text: &[u8], rows: &[Row]) -> Result<ArrayRef> {
    let mut values = Growing::of(data_type)?;
    let is_coded = matches!(what, What::Info { is_coded: true, .. });
    // What INFO of a record has is looked for once, not for each of its alleles.
    let (mut found, mut of_alleles): (Option<&[u8]>, Vec<&[u8]>) = (None, Vec::new());
    for (place, row) in rows.iter().enumerate() {
        let of = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let value = match what {
            What::Text(field) => Some(of(&row.fields[*field])),
            What::Position => Some(of(&row.fields[1])),
            What::Quality => Some(of(&row.fields[5])),
            What::Alternate => Some(of(&row.alternate)),
            What::Info { key, number, .. } => {
                if row.allele == 0 || place == 0 {
                    found = info(of(&row.fields[INFO]), key.as_bytes());
                    of_alleles.clear();
                    of_alleles.extend(found.into_iter().flat_map(|it| it.split(|it| *it == b',')));
                }
                match number {
                    Number::A => of_alleles.get(row.allele).copied(),
                    _ => found,
                }
            }
        };
        values.append(value, is_coded);
    }
    Ok(values.finish())
}

/// The value of a key; empty for a flag.
fn info<'a>(info: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    info.split(|it| *it == b';').find_map(|part| match part.strip_prefix(key)? {
        b"" => Some(&b""[..]),
        rest => rest.strip_prefix(b"="),
    })
}

/// Values that become a column.
enum Growing {
    Text(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Flag(BooleanBuilder),
    Texts(ListBuilder<StringBuilder>),
    Integers(ListBuilder<Int64Builder>),
    Floats(ListBuilder<Float64Builder>),
}

impl Growing {
    fn of(data_type: &DataType) -> Result<Self> {
        let other = || Error::internal(format!("a condition on {data_type}"));
        Ok(match data_type {
            DataType::Utf8 => Self::Text(StringBuilder::new()),
            DataType::Int64 => Self::Integer(Int64Builder::new()),
            DataType::Float64 => Self::Float(Float64Builder::new()),
            DataType::Boolean => Self::Flag(BooleanBuilder::new()),
            DataType::List(element) => match element.data_type() {
                DataType::Utf8 => Self::Texts(ListBuilder::new(StringBuilder::new())),
                DataType::Int64 => Self::Integers(ListBuilder::new(Int64Builder::new())),
                DataType::Float64 => Self::Floats(ListBuilder::new(Float64Builder::new())),
                _ => return Err(other()),
            },
            _ => return Err(other()),
        })
    }

    /// Appends what a text says, which may have percent codes; null where there is none, or it is
    /// no such value.
    fn append(&mut self, value: Option<&[u8]>, is_coded: bool) {
        let text = value.map(String::from_utf8_lossy);
        let text = text.as_deref().filter(|it| *it != ".");
        match self {
            Self::Text(it) => it.append_option(text.map(|it| decoded(it, is_coded))),
            Self::Integer(it) => it.append_option(text.and_then(|it| it.parse().ok())),
            Self::Float(it) => it.append_option(text.and_then(|it| it.parse().ok())),
            Self::Flag(it) => it.append_value(value.is_some()),
            Self::Texts(it) => {
                let decoded = |it: &str| decoded(it, is_coded).into_owned();
                it.append_option(text.map(|it| elements(it).map(|it| it.map(decoded))));
            }
            Self::Integers(it) => {
                it.append_option(text.map(|it| elements(it).map(|it| it?.parse().ok())));
            }
            Self::Floats(it) => {
                it.append_option(text.map(|it| elements(it).map(|it| it?.parse().ok())));
            }
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut it) => Arc::new(it.finish()),
            Self::Integer(mut it) => Arc::new(it.finish()),
            Self::Float(mut it) => Arc::new(it.finish()),
            Self::Flag(mut it) => Arc::new(it.finish()),
            Self::Texts(mut it) => Arc::new(it.finish()),
            Self::Integers(mut it) => Arc::new(it.finish()),
            Self::Floats(mut it) => Arc::new(it.finish()),
        }
    }
}

/// A text without its percent codes, where it may have some.
fn decoded(text: &str, is_coded: bool) -> Cow<'_, str> {
    match decoded_text(text.as_bytes()) {
        Cow::Owned(text) if is_coded => Cow::Owned(String::from_utf8_lossy(&text).into_owned()),
        _ => Cow::Borrowed(text),
    }
}

/// The elements of a list; none for those that are missing.
fn elements(text: &str) -> impl Iterator<Item = Option<&str>> {
    text.split(',').map(|it| Some(it).filter(|it| *it != "."))
}
