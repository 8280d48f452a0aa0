//! Rows of a GFF store to lines of GFF3.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, RecordBatch, StringArray};

use super::lines::RowLines;
use super::table::AS_THEY_ARE;
use super::values::{ColumnValues, Spelling, TextMap, append_integer};
use super::vcf::start;
use crate::emit::{Codes, GFF3, Places, append_code, begins_code};
use crate::model::{Error, Result};

/// The columns of rows: those before the attributes, and those that are attributes, with the tag
/// and how its values are read.
pub const COLUMNS: [&str; 8] =
    ["seqid", "source", "type", "start", "end", "score", "strand", "phase"];
/// The columns of attributes, and their tags.
pub const TAGS: [(&str, &str); 12] = [
    ("id", "ID"),
    ("name", "Name"),
    ("alias", "Alias"),
    ("parent", "Parent"),
    ("target", "Target"),
    ("gap", "Gap"),
    ("derivesfrom", "Derives_from"),
    ("note", "Note"),
    ("dbxref", "Dbxref"),
    ("ontologyterm", "Ontology_term"),
    ("is_circular", "Is_circular"),
    ("information", ""),
];

/// What has codes in a column, in a value of an attribute, and in one whose commas separate values.
static COLUMN: Codes = Codes::of(b"");
static VALUE: Codes = Codes::of(b";=&,");
static LIST: Codes = Codes::of(b";=&");

/// Lines of GFF3 of the columns [`COLUMNS`] and behind them [`TAGS`], of which some may not be
/// wanted.
#[derive(Debug)]
pub struct GffLines {
    /// Whether each of [`TAGS`] goes out.
    pub wanted: [bool; TAGS.len()],
}

impl RowLines for GffLines {
    fn append(&self, rows: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let columns: Vec<&ArrayRef> = (0..COLUMNS.len()).map(|it| rows.column(it)).collect();
        let tags: Result<Vec<TagValues<'_>>> = (0..TAGS.len())
            .filter(|it| self.wanted[*it])
            .map(|it| TagValues::new(it, rows.column(COLUMNS.len() + it)))
            .collect();
        let tags = tags?;
        for row in 0..rows.num_rows() {
            fixed(&columns, row, out);
            let from = out.len();
            for it in &tags {
                it.append(row, from, out);
            }
            if out.len() == from {
                out.push(b'.');
            }
            out.push(b'\n');
        }
        Ok(())
    }

    fn places(&self) -> Places {
        GFF3.places
    }
}

/// The eight columns before the attributes, each with the tab behind it.
fn fixed(columns: &[&ArrayRef], row: usize, out: &mut Vec<u8>) {
    for (index, column) in columns.iter().enumerate() {
        let begin = out.len();
        match index {
            3 => {
                if let Some(start) = start(column, row) {
                    append_integer(start.saturating_add(1), out);
                }
            }
            0..3 => {
                let spelling = Spelling { codes: &COLUMN, ..AS_THEY_ARE };
                ColumnValues::new(column).append(row, spelling, out);
                // A line that begins so is none of a feature.
                if index == 0 && matches!(out.get(begin), Some(b'#' | b'>')) {
                    let byte = out.remove(begin);
                    let mut code = Vec::new();
                    append_code(byte, &mut code);
                    out.splice(begin..begin, code);
                }
            }
            _ => {
                ColumnValues::new(column).append(row, Spelling { short: true, ..AS_THEY_ARE }, out);
            }
        }
        if out.len() == begin {
            out.push(b'.');
        }
        out.push(b'\t');
    }
}

/// A column of attributes.
struct TagValues<'a> {
    tag: &'static str,
    kind: TagKind<'a>,
}

enum TagKind<'a> {
    Text(&'a StringArray),
    List(&'a ListArray, &'a StringArray),
    Truth(&'a BooleanArray),
    Others(TextMap<'a>),
}

impl<'a> TagValues<'a> {
    fn new(tag: usize, column: &'a ArrayRef) -> Result<Self> {
        let list = || Some((column.as_list_opt::<i32>()?, column.as_list::<i32>().values()));
        let kind = None
            .or_else(|| column.as_string_opt().map(TagKind::Text))
            .or_else(|| column.as_boolean_opt().map(TagKind::Truth))
            .or_else(|| TextMap::new(column).map(TagKind::Others))
            .or_else(|| list().and_then(|(it, of)| Some(TagKind::List(it, of.as_string_opt()?))));
        let kind = kind.ok_or_else(|| Error::internal("a column of GFF is of another type"))?;
        Ok(Self { tag: TAGS[tag].1, kind })
    }

    fn append(&self, row: usize, from: usize, out: &mut Vec<u8>) {
        let tag = self.tag.as_bytes();
        match &self.kind {
            TagKind::Text(texts) if texts.is_valid(row) => {
                begin(tag, from, out);
                append_text(self.tag, texts.value(row).as_bytes(), out);
            }
            TagKind::Truth(values) if values.is_valid(row) => {
                begin(tag, from, out);
                out.extend_from_slice(if values.value(row) { b"true" } else { b"false" });
            }
            TagKind::List(list, texts) if list.is_valid(row) => {
                begin(tag, from, out);
                let offsets = list.value_offsets();
                for index in offsets[row]..offsets[row + 1] {
                    if index > offsets[row] {
                        out.push(b',');
                    }
                    let index = usize::try_from(index).unwrap_or_default();
                    if texts.is_valid(index) {
                        VALUE.append(texts.value(index).as_bytes(), out);
                    }
                }
            }
            TagKind::Others(map) => {
                for (tag, value) in map.entries(row) {
                    let mut spelled = Vec::new();
                    VALUE.append(tag.as_bytes(), &mut spelled);
                    begin(&spelled, from, out);
                    append_text(tag, value.as_bytes(), out);
                    // `ID=` would be an ID without a letter; `ID` is a tag that stands bare.
                    if value.is_empty() && TAGS.iter().any(|it| it.1 == tag) {
                        out.pop();
                    }
                }
            }
            _ => {}
        }
    }
}

fn begin(tag: &[u8], from: usize, out: &mut Vec<u8>) {
    if out.len() > from {
        out.push(b';');
    }
    out.extend_from_slice(tag);
    out.push(b'=');
}

/// A text of a tag. Of Alias and of tags that the specification does not know a comma separates
/// values; codes of commas and percent signs in those were kept, and stand for themselves. So are
/// those of blanks in Target.
fn append_text(tag: &str, text: &[u8], out: &mut Vec<u8>) {
    let (kept, separates): (&[&[u8]], bool) = match tag {
        "Target" => (&[b"20", b"25"], true),
        "ID" | "Name" | "Gap" | "Derives_from" => (&[], false),
        _ => (&[b"2C", b"2c", b"25"], text.contains(&b',')),
    };
    let is_kept = |at: usize| kept.iter().any(|it| text[at + 1..].starts_with(it));
    let mut codes = memchr::memchr_iter(b'%', text).filter(|it| begins_code(&text[it + 1..]));
    // Where a code is another one, the text is no list: its commas are codes, too.
    if !separates || !codes.all(is_kept) {
        return VALUE.append(text, out);
    }
    let mut done = 0;
    for at in memchr::memchr_iter(b'%', text) {
        LIST.append(&text[done..at], out);
        out.push(b'%');
        done = at + 1;
    }
    LIST.append(&text[done..], out);
}
