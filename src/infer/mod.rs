//! Finds the options of a TSV or CSV file by looking at it: how it is to be read, and what store
//! its rows fit into.
//!
//! ```text
//!  first megabyte ─► layout (separator, quotes, comments) ─► header ─► types ─► roles and names
//!  sample            layout                                  header    evidence roles, names
//!                                              the whole file, where asked: proof ┘
//! ```
//!
//! Where it has a choice, it takes what loses nothing. Whatever it is not sure of becomes a note.

mod evidence;
mod header;
mod layout;
mod names;
mod notes;
mod proof;
mod requests;
mod roles;
mod sample;
mod values;

use crate::model::api::MAX_COLUMNS;
use crate::model::{
    ColumnType, Error, HeaderKey, ReadOptions, Result, SchemaColumn, TsvStoreOptions,
};
use crate::read::Pipe;
use crate::read::tsv::legal_names;

pub use requests::{Requests, Selection};

use evidence::Evidence;
use layout::Layout;
use notes::Notes;
use roles::Roles;
use sample::Sample;

/// Names that a note lists.
const LISTED: usize = 5;

/// The options of a file.
#[derive(Clone, Debug)]
pub struct Inferred {
    /// The store that its rows fit into.
    pub store: TsvStoreOptions,
    /// How it is to be read, given in full: options that are given replace all of the importer's
    /// own.
    pub read: ReadOptions,
    /// What is not sure, or worth knowing; each one sentence.
    pub notes: Vec<String>,
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows among them that do not have as many fields as the schema has columns.
    pub misfits: u64,
    /// Whether these are all rows of the file.
    pub whole: bool,
}

/// What the values say, wherever they were read.
struct Seen {
    evidence: Vec<Evidence>,
    rows: u64,
    misfits: u64,
    whole: bool,
}

/// Finds the options of the file at a path, or of standard input for `-`. `full` reads all of it,
/// in bounded memory, so that the types hold for every row; without it they hold for the first
/// megabyte.
pub fn infer(path: &str, pipe: &Pipe, full: bool) -> Result<Inferred> {
    if full && path == "-" {
        return Err(Error::invalid("standard input cannot be read twice")
            .with_help("give a file, or leave --full out"));
    }
    let mut notes = Notes::default();
    let sample = sample::take(path, pipe, &mut notes)?;
    let is_bed = has_ending(path, &["bed"]);
    let layout = layout::find(&sample.text, &mut notes)?;
    if layout.columns > MAX_COLUMNS {
        return Err(Error::invalid(format!(
            "the file has {} columns, but a store may have {MAX_COLUMNS}",
            layout.columns
        ))
        .with("file", path)
        .with_help("leave columns out, for example with `cut`"));
    }
    let (mut read, headers, mut seen) = columns(&layout, &sample, is_bed, &mut notes)?;
    if full {
        seen = prove(path, pipe, &mut read, &layout, &mut notes)?;
    }
    let store = store(&headers, &seen, is_bed, &mut notes);
    explain(&seen, &layout, &mut notes);
    let Seen { rows, misfits, whole, .. } = seen;
    Ok(Inferred { store, read, notes: notes.take(), rows, misfits, whole })
}

/// Whether the name has one of these endings, below the ending of a compression.
fn has_ending(path: &str, endings: &[&str]) -> bool {
    let lower = path.to_ascii_lowercase();
    let stem = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".bgz")).unwrap_or(&lower);
    stem.rsplit_once('.').is_some_and(|it| endings.contains(&it.1))
}

/// Splits the rows of the sample; gives the read options, the names in the header, and what the
/// values say.
fn columns(
    layout: &Layout,
    sample: &Sample,
    is_bed: bool,
    notes: &mut Notes,
) -> Result<(ReadOptions, Vec<String>, Seen)> {
    let mut splitter = layout::splitter(layout.sep, layout.quote, layout.escape)?;
    let mut fields = |line: &str| -> Vec<String> {
        splitter.split(line.as_bytes(), false);
        let content =
            |it| String::from_utf8_lossy(splitter.content(line.as_bytes(), it)).into_owned();
        (0..splitter.count()).map(content).collect()
    };
    let first = layout.rows.first().map(|it| fields(it)).unwrap_or_default();
    let mut seen = Seen {
        evidence: vec![Evidence::default(); layout.columns],
        rows: 0,
        misfits: 0,
        whole: sample.complete,
    };
    let mut recurs = false;
    let mut kept = Vec::new();
    for line in layout.rows.iter().skip(1) {
        let row = fields(line);
        recurs |= row.iter().zip(&first).any(|(a, b)| a == b && !a.is_empty());
        seen.add(&row);
        if kept.len() < values::ROWS {
            kept.push(row);
        }
    }
    let is_header = layout.header.is_none()
        && !is_bed
        && !first.is_empty()
        && header::is_header(&first, &seen.evidence, recurs, notes);
    if !is_header && !first.is_empty() {
        seen.add(&first);
    }
    let header = layout.header.map(&mut fields).or_else(|| is_header.then(|| first.clone()));
    let is_unnamed = header.is_none() && !is_bed;
    let mut names = header::names(header, layout.columns, is_bed, seen.misfits > 0, notes);
    if is_unnamed {
        kept.insert(0, first);
        name_by_values(&mut names, &kept, notes);
    }
    Ok((read_options(layout, sample, is_header || layout.is_plain_header), names, seen))
}

/// Names the columns of a file without a header that seem to give the place of a row.
fn name_by_values(names: &mut [String], rows: &[Vec<String>], notes: &mut Notes) {
    let found = values::names(rows);
    for (column, name) in &found {
        names[*column] = String::from(*name);
    }
    let places = found.iter().map(|(column, name)| format!("column {} `{name}`", column + 1));
    list(
        "there is no header, so what gives the place of a row is a guess from the values",
        places,
        notes,
    );
}

impl Seen {
    fn add(&mut self, row: &[String]) {
        self.rows += 1;
        if row.len() != self.evidence.len() {
            self.misfits += 1;
            return;
        }
        for (evidence, field) in self.evidence.iter_mut().zip(row) {
            evidence.add(field.as_bytes());
        }
    }
}

fn read_options(layout: &Layout, sample: &Sample, header: bool) -> ReadOptions {
    ReadOptions {
        sep: Some(layout.sep.to_owned()),
        encoding: Some(sample.encoding.to_owned()),
        quote: Some(layout.quote.to_string()),
        escape: Some(layout.escape.to_string()),
        comment: layout.comment.map(String::from),
        header: Some(header),
        line_sep: layout.line_sep.map(str::to_owned),
        ..ReadOptions::default()
    }
}

/// Looks at every row of the file.
fn prove(
    path: &str,
    pipe: &Pipe,
    read: &mut ReadOptions,
    layout: &Layout,
    notes: &mut Notes,
) -> Result<Seen> {
    let proof =
        proof::read(path, pipe, read, layout.columns).map_err(|it| it.or_with("file", path))?;
    if proof.is_invalid && read.encoding.as_deref() == Some("UTF-8") {
        notes.add("the file is UTF-8 at first, but not to its end; encoding ISO-8859-1 is a guess");
        read.encoding = Some("ISO-8859-1".to_owned());
    }
    let rows = proof.rows + proof.misfits;
    Ok(Seen { evidence: proof.evidence, rows, misfits: proof.misfits, whole: true })
}

/// The store that the rows fit into.
fn store(headers: &[String], seen: &Seen, is_bed: bool, notes: &mut Notes) -> TsvStoreOptions {
    let roles = roles::find(headers, &seen.evidence, is_bed, notes);
    let names = legal_names(headers, roles.adds_end());
    let renamed = headers
        .iter()
        .zip(&names)
        .filter(|(header, name)| header.trim_start_matches('#').to_ascii_lowercase() != **name);
    list(
        "column names changed to what the API and the importer take",
        renamed.map(|(a, b)| format!("`{a}` to `{b}`")),
        notes,
    );
    let types = types(headers, seen, &roles, notes);
    let columns = names.iter().zip(types);
    TsvStoreOptions {
        annotation_type: roles.annotation_type,
        format_to_header: roles
            .columns
            .iter()
            .map(|(key, column)| (*key, names[*column].clone()))
            .collect(),
        schema: columns
            .map(|(name, data_type)| SchemaColumn { name: name.clone(), data_type })
            .collect(),
    }
}

fn types(headers: &[String], seen: &Seen, roles: &Roles, notes: &mut Notes) -> Vec<ColumnType> {
    let is_text = |column: usize| {
        let role = roles.columns.iter().find(|it| *it.1 == column).map(|it| it.0);
        matches!(role, Some(HeaderKey::Chr | HeaderKey::Ref | HeaderKey::Alt))
            || roles::holds_contigs(&headers[column])
    };
    let (mut marked, mut altered, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    let mut types = Vec::new();
    for (column, evidence) in seen.evidence.iter().enumerate() {
        let name = format!("`{}`", headers[column]);
        let data_type =
            if is_text(column) { ColumnType::String } else { evidence.data_type(seen.whole) };
        let intended = evidence.intended_type();
        if data_type == ColumnType::String && !is_text(column) {
            match (&evidence.altered, &evidence.marker) {
                _ if evidence.is_empty() => empty.push(name),
                _ if intended == ColumnType::String => {}
                (Some(value), _) => altered.push(format!("{name} (`{value}`)")),
                (None, Some(value)) => {
                    marked.push(format!("{name} ({} but for `{value}`)", intended.as_str()));
                }
                (None, None) => {}
            }
        }
        types.push(data_type);
    }
    list(
        "STRING because the service takes the mark of an absent value for text",
        marked.into_iter(),
        notes,
    );
    list(
        "STRING because a number would not come back as it is written",
        altered.into_iter(),
        notes,
    );
    list("STRING because there is no value to go by", empty.into_iter(), notes);
    types
}

/// A note that lists a few of many, if there are any.
fn list(what: &str, mut items: impl Iterator<Item = String>, notes: &mut Notes) {
    let shown: Vec<String> = items.by_ref().take(LISTED).collect();
    let more = items.count();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    if !shown.is_empty() {
        notes.add(format!("{what}: {}{rest}", shown.join(", ")));
    }
}

fn explain(seen: &Seen, layout: &Layout, notes: &mut Notes) {
    if seen.rows == seen.misfits {
        notes.add("there are no rows to go by, and an import without rows fails");
    } else if seen.misfits > 0 {
        let (misfits, rows, columns) = (seen.misfits, seen.rows, layout.columns);
        notes.add(format!(
            "{misfits} of {rows} rows do not have {columns} fields, \
             and an import fails at the first: `annostore check` shows them"
        ));
    }
    if !seen.whole {
        notes.add(format!(
            "the types are those of the first {} rows: --full proves them on all",
            seen.rows
        ));
    }
}
