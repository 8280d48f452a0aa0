//! FORMAT and the samples of a record, each of which is a row.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use arrow::array::{Array, AsArray, BooleanArray, Int32Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;

use super::values::{ColumnValues, Spelling, TextMap, append_integer};
use crate::emit::{Codes, NO_CODES};
use crate::model::{Error, Result};

/// The columns of samples that have one of their own, beside GT: the key, and its name in SQL. GL
/// comes before PL: a reader passes over a GL behind a PL.
pub const COLUMNS: [(&str, &str); 7] = [
    ("AD", "alleledepths"),
    ("DP", "depth"),
    ("GL", "genotypelikelihoods"),
    ("GQ", "conditionalquality"),
    ("PL", "phredlikelihoods"),
    ("PS", "ps"),
    ("SPL", "spl"),
];

/// How `information` calls GT and FT.
const GENOTYPE: &str = "gt";
const FILTERS: &str = "genotype_filters";

/// What has codes in a text, in one whose commas may separate values, and in FT, which has filters
/// with semicolons.
static TEXT: Codes = Codes::of(b":;=,");
static TEXT_LIST: Codes = Codes::of(b":;=");
static FILTER_TEXT: Codes = Codes::of(b":=,");

/// Where the columns of samples stand among the rows' columns.
#[derive(Debug)]
pub struct SampleColumns {
    /// The name of the sample.
    pub id: usize,
    /// `phased` and `calls`, which are GT.
    pub genotype: [usize; 2],
    /// Those of [`COLUMNS`].
    pub columns: [usize; COLUMNS.len()],
    /// All other keys.
    pub information: usize,
    /// The samples, in the order of the header.
    pub names: Vec<String>,
    /// The place of each.
    pub places: HashMap<String, usize>,
    /// A sample that the header of a file names twice.
    pub repeated: Option<String>,
    /// How the header spells keys, by the key in lower case.
    pub spelled: HashMap<String, String>,
    /// The keys, in lower case, that have one text.
    pub single: HashSet<String>,
}

/// The columns of rows that are at hand.
pub struct SampleTexts<'a> {
    of: &'a SampleColumns,
    id: &'a StringArray,
    phased: &'a BooleanArray,
    calls: &'a ListArray,
    alleles: &'a Int32Array,
    columns: Vec<ColumnValues<'a>>,
    information: TextMap<'a>,
    /// Whether values have percent codes.
    has_codes: bool,
    /// The row of each sample.
    row_of: Vec<Option<usize>>,
    /// The keys of `information` in the record.
    others: Vec<&'a str>,
    /// Whether a genotype of the record was kept as text.
    has_genotype_text: bool,
}

/// A key of FORMAT.
#[derive(Clone, Copy)]
enum FormatSlot<'a> {
    Genotype,
    Column(usize),
    Other(&'a str),
}

impl SampleColumns {
    /// What is to be told of a sample that comes twice.
    pub fn told(&self) -> Option<String> {
        let name = self.repeated.as_ref()?;
        Some(format!(
            "the header of an imported file names sample `{name}` twice: a header may not, so that \
             values of its second column are in records of their own"
        ))
    }

    /// The columns of some rows.
    pub fn of<'a>(&'a self, rows: &'a RecordBatch, has_codes: bool) -> Result<SampleTexts<'a>> {
        let unfit = || Error::internal("the columns of samples are of other types");
        let calls = rows.column(self.genotype[1]).as_list_opt::<i32>().ok_or_else(unfit)?;
        let values = |column: &usize| ColumnValues::new(rows.column(*column));
        Ok(SampleTexts {
            of: self,
            id: rows.column(self.id).as_string_opt().ok_or_else(unfit)?,
            phased: rows.column(self.genotype[0]).as_boolean_opt().ok_or_else(unfit)?,
            alleles: calls.values().as_primitive_opt::<Int32Type>().ok_or_else(unfit)?,
            calls,
            columns: self.columns.iter().map(values).collect(),
            information: TextMap::new(rows.column(self.information)).ok_or_else(unfit)?,
            has_codes,
            row_of: Vec::new(),
            others: Vec::new(),
            has_genotype_text: false,
        })
    }
}

impl<'a> SampleTexts<'a> {
    /// The place of a row's sample among those of the header.
    pub fn place(&self, row: usize) -> Option<usize> {
        self.place_behind(row, None)
    }

    /// The same, where the sample is likely the one behind another.
    pub fn place_behind(&self, row: usize, other: Option<usize>) -> Option<usize> {
        if self.id.is_null(row) {
            return None;
        }
        let (name, next) = (self.id.value(row), other.map_or(0, |it| it + 1));
        match self.of.names.get(next) {
            Some(it) if it == name => Some(next),
            _ => self.of.places.get(name).copied(),
        }
    }

    /// Appends FORMAT and the samples of the record in these rows, each behind a tab.
    pub fn append(&mut self, rows: Range<usize>, out: &mut Vec<u8>) {
        self.row_of.clear();
        self.row_of.resize(self.of.names.len(), None);
        let mut last = None;
        for row in rows.clone() {
            if let Some(place) = self.place_behind(row, last) {
                self.row_of[place] = Some(row);
                last = Some(place);
            }
        }
        let slots = self.slots(rows);
        out.push(b'\t');
        if slots.is_empty() {
            out.push(b'.');
        }
        for (index, slot) in slots.iter().enumerate() {
            if index > 0 {
                out.push(b':');
            }
            out.extend_from_slice(&self.spelled(*slot));
        }
        for row in &self.row_of {
            out.push(b'\t');
            match row {
                Some(row) => self.sample(*row, &slots, out),
                None => out.push(b'.'),
            }
        }
    }

    /// The keys that some sample of the record has a value of.
    fn slots(&mut self, rows: Range<usize>) -> Vec<FormatSlot<'a>> {
        let mut others = std::mem::take(&mut self.others);
        others.clear();
        for row in rows.clone() {
            for (index, (key, _)) in self.information.entries(row).enumerate() {
                // The samples of a record mostly have the same keys in the same order.
                if others.get(index).is_none_or(|it| *it != key) && !others.contains(&key) {
                    others.push(key);
                }
            }
        }
        let has_text = |name: &str| others.iter().any(|it| it.eq_ignore_ascii_case(name));
        let mut slots = Vec::with_capacity(others.len() + COLUMNS.len() + 1);
        self.has_genotype_text = others.contains(&GENOTYPE);
        if rows.clone().any(|it| self.calls.is_valid(it)) || has_text("GT") {
            slots.push(FormatSlot::Genotype);
        }
        for (index, (name, _)) in COLUMNS.iter().enumerate() {
            if rows.clone().any(|it| self.columns[index].is_there(it)) || has_text(name) {
                slots.push(FormatSlot::Column(index));
            }
        }
        let is_column = |it: &str| {
            let names = COLUMNS.iter().map(|it| it.0).chain(["GT"]);
            names.into_iter().any(|name| name.eq_ignore_ascii_case(it))
        };
        slots.extend(others.iter().filter(|it| !is_column(it)).map(|it| FormatSlot::Other(it)));
        self.others = others;
        slots
    }

    /// A key as the header spells it.
    fn spelled(&self, slot: FormatSlot<'_>) -> Vec<u8> {
        match slot {
            FormatSlot::Genotype => b"GT".to_vec(),
            FormatSlot::Column(index) => COLUMNS[index].0.as_bytes().to_vec(),
            FormatSlot::Other(FILTERS) => b"FT".to_vec(),
            FormatSlot::Other(key) => match self.of.spelled.get(key) {
                Some(spelled) => spelled.as_bytes().to_vec(),
                None => key.to_uppercase().into_bytes(),
            },
        }
    }

    fn sample(&self, row: usize, slots: &[FormatSlot<'_>], out: &mut Vec<u8>) {
        let from = out.len();
        // Where the last value ends; those that are missing behind it are left out.
        let mut end = from;
        for (index, slot) in slots.iter().enumerate() {
            if index > 0 {
                out.push(b':');
            }
            if self.value(row, *slot, out) {
                end = out.len();
            } else {
                out.push(b'.');
            }
        }
        out.truncate(end);
        if out.len() == from {
            out.push(b'.');
        }
    }

    fn value(&self, row: usize, slot: FormatSlot<'_>, out: &mut Vec<u8>) -> bool {
        let plain = Spelling { codes: &NO_CODES, separator: b',', short: true };
        match slot {
            // The text tells more: of which alleles the phase is known, or what was no genotype.
            FormatSlot::Genotype => {
                self.has_genotype_text && self.text(row, GENOTYPE, out)
                    || self.calls.is_valid(row) && self.genotype(row, out)
            }
            FormatSlot::Column(index) => {
                self.columns[index].append(row, plain, out)
                    || self.text(row, &COLUMNS[index].0.to_ascii_lowercase(), out)
            }
            FormatSlot::Other(key) => self.text(row, key, out),
        }
    }

    fn genotype(&self, row: usize, out: &mut Vec<u8>) -> bool {
        let phased = self.phased.is_valid(row) && self.phased.value(row);
        let offsets = self.calls.value_offsets();
        for index in offsets[row]..offsets[row + 1] {
            if index > offsets[row] {
                out.push(if phased { b'|' } else { b'/' });
            }
            let index = usize::try_from(index).unwrap_or_default();
            match self.alleles.value(index) {
                number @ 0.. => append_integer(number, out),
                _ => out.push(b'.'),
            }
        }
        offsets[row] < offsets[row + 1]
    }

    fn text(&self, row: usize, key: &str, out: &mut Vec<u8>) -> bool {
        let entry = self.information.entries(row).find(|it| it.0 == key);
        let Some((_, value)) = entry.filter(|it| !it.1.is_empty()) else { return false };
        self.codes(key, value).append_value(value.as_bytes(), out);
        true
    }

    fn codes(&self, key: &str, value: &str) -> &'static Codes {
        match key {
            _ if !self.has_codes => &NO_CODES,
            FILTERS => &FILTER_TEXT,
            _ if value.contains(',') && self.of.single.contains(key) => &TEXT,
            _ => &TEXT_LIST,
        }
    }
}
