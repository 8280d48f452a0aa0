//! Finds the options of a TSV or CSV file by looking at it: how it is to be read, and what store
//! its rows fit into.
//!
//! ```text
//!  sample ─► layout ──────► table ──────────► roles ───────► store
//!  first     separator,     header,           place of a row names,
//!  megabyte  quotes, what   evidence of       by names and   types
//!            is no row      types             values
//!                            └ proof: the same of the whole file, where asked
//! ```
//!
//! Where it has a choice, it takes what loses nothing. Whatever it is not sure of becomes a note.

mod candidates;
mod contigs;
mod counting;
mod evidence;
mod header;
mod heading;
mod layout;
mod names;
mod notes;
mod padding;
mod preamble;
mod proof;
mod quoting;
mod requests;
mod roles;
mod sample;
mod synonyms;
mod table;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::api::MAX_COLUMNS;
use crate::model::{
    ColumnType, Error, HeaderKey, NullMarks, ReadOptions, Result, SchemaColumn, TsvStoreOptions,
};
use crate::read::Pipe;
use crate::read::source::Input;
use crate::read::tsv::legal_names;

pub use requests::{Requests, Selection};

use evidence::Evidence;
use layout::Layout;
use notes::Notes;
use proof::Proof;
use quoting::QUOTINGS;
use roles::{Columns, Roles};
use sample::Sample;
use table::Seen;

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

/// Finds the options of an input: a path, standard input for `-`, or an object. `full` reads all of
/// it, in bounded memory, so that the types hold for every row; without it they hold for the first
/// megabyte.
pub fn infer(input: impl Into<Input>, pipe: &Pipe, full: bool) -> Result<Inferred> {
    infer_with(input, pipe, full, &NullMarks::default())
}

/// The same for a store that takes some cells for null: they say nothing about a type.
pub fn infer_with(
    input: impl Into<Input>,
    pipe: &Pipe,
    full: bool,
    marks: &NullMarks,
) -> Result<Inferred> {
    let input = &input.into();
    let path = input.name();
    if full && path == "-" {
        return Err(Error::invalid("standard input cannot be read twice")
            .with_help("give a file, or leave --full out"));
    }
    let mut notes = Notes::default();
    if !marks.is_empty() {
        notes.add(format!(
            "the types are those of a store made with `store create --null-marks '{marks}'`: \
             the service itself takes such cells for text, and fails the job where they are none"
        ));
    }
    let mut sample = sample::take(input, pipe, &mut notes)?;
    let is_bed = has_ending(path, &["bed"]);
    let squeezed = padding::squeezed(&sample.text)?;
    let is_padded = squeezed.is_some();
    if let Some(squeezed) = squeezed {
        notes.add(format!(
            "columns are lined up by blanks, which no separator can say: make tabs of them, for \
             example with `{}`; these options are for what that gives",
            squeezed.command
        ));
        sample.text = squeezed.text;
    }
    let mut layout = layout::find(&sample.text, &mut notes)?;
    check_width(path, layout.tried.columns)?;
    let unseen = vec![Evidence::ignoring(marks); layout.tried.columns];
    let seen = Seen { evidence: unseen.clone(), rows: 0, misfits: 0, whole: sample.complete };
    let mut table = table::read(&mut layout, seen, is_bed, &mut notes)?;
    let mut read = read_options(&layout, &sample, table.header);
    if full && !is_padded {
        table.seen = prove(input, pipe, &mut read, (&layout, unseen, sample.complete), &mut notes)?;
    }
    let (headers, seen) = (&table.names, &table.seen);
    let columns = Columns { headers, evidence: &seen.evidence, rows: &table.rows, is_bed };
    let roles = columns.roles(&mut notes);
    let store = store(headers, seen, &roles, &mut notes);
    let strand = headers.iter().zip(&seen.evidence).find(|it| it.1.has_strands());
    if let Some((name, _)) = strand.filter(|_| marks.contains(b"-")) {
        notes.add(minus_strand(name));
    }
    tell_padding(headers, seen, layout.tried.sep, &mut notes);
    explain(seen, is_padded, &mut notes);
    let Seen { rows, misfits, whole, .. } = table.seen;
    Ok(Inferred { store, read, notes: notes.take(), rows, misfits, whole })
}

fn check_width(path: &str, columns: usize) -> Result<()> {
    if columns <= MAX_COLUMNS {
        return Ok(());
    }
    let message = format!("the file has {columns} columns, but a store may have {MAX_COLUMNS}");
    Err(Error::invalid(message)
        .with("file", path)
        .with_help("leave columns out, for example with `cut`"))
}

/// Whether the name has one of these endings, below the ending of a compression.
fn has_ending(path: &str, endings: &[&str]) -> bool {
    let lower = path.to_ascii_lowercase();
    let stem = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".bgz")).unwrap_or(&lower);
    stem.rsplit_once('.').is_some_and(|it| endings.contains(&it.1))
}

fn read_options(layout: &Layout, sample: &Sample, header: bool) -> ReadOptions {
    ReadOptions {
        sep: Some(layout.tried.sep.to_owned()),
        encoding: Some(sample.encoding.to_owned()),
        quote: Some(layout.tried.quote.to_string()),
        escape: Some(layout.tried.escape.to_string()),
        comment: layout.comment.map(String::from),
        header: Some(header),
        line_sep: layout.line_sep.map(str::to_owned),
        ..ReadOptions::default()
    }
}

/// Looks at every row of the file: whether it is read as the sample was, and what its values are.
fn prove(
    input: &Input,
    pipe: &Pipe,
    read: &mut ReadOptions,
    (layout, unseen, is_sampled): (&Layout, Vec<Evidence>, bool),
    notes: &mut Notes,
) -> Result<Seen> {
    let no_rows = Arc::new(layout.no_rows(read.header == Some(true))?);
    let look = |read: &ReadOptions| {
        let proof = proof::read(input, pipe, read, unseen.clone(), &no_rows);
        proof.map_err(|it| it.or_with("file", input.name()))
    };
    let mut proof = look(read)?;
    // Where the sample was all of the file, its quotes are those of the file.
    if proof.repairs > 0 && layout.tried.quoted == 0 && !is_sampled {
        (proof, *read) = quoted_better(proof, read, look, notes)?;
    }
    tell_invalid(&proof, read, notes);
    if let Some(sign) = layout.comment.filter(|_| proof.comments > layout.dropped) {
        notes.add(format!(
            "in all of the file, {} lines among the rows begin with `{sign}` and are dropped as \
             comments",
            proof.comments
        ));
    }
    table::repeated(proof.repeats.iter().map(u64::to_string), notes);
    let misfits = proof.misfits.saturating_sub(no_rows.misfits);
    Ok(Seen { evidence: proof.evidence, rows: proof.rows + misfits, misfits, whole: true })
}

/// The quotes that suit all rows best, where those of the sample had no field to show themselves.
fn quoted_better(
    mut proof: Proof,
    read: &ReadOptions,
    look: impl Fn(&ReadOptions) -> Result<Proof>,
    notes: &mut Notes,
) -> Result<(Proof, ReadOptions)> {
    let mut best = read.clone();
    for (quote, escape) in QUOTINGS {
        let (quote_text, escape_text) = (Some(quote.to_string()), Some(escape.to_string()));
        if quote == '\'' || (&quote_text, &escape_text) == (&read.quote, &read.escape) {
            continue;
        }
        let tried = ReadOptions { quote: quote_text, escape: escape_text, ..read.clone() };
        let seen = look(&tried)?;
        if (seen.misfits, seen.repairs) < (proof.misfits, proof.repairs) {
            layout::explain_quotes(quote, escape, "\"", notes);
            (proof, best) = (seen, tried);
        }
    }
    Ok((proof, best))
}

/// Says where the file is not in the encoding that its beginning is in.
fn tell_invalid(proof: &Proof, read: &mut ReadOptions, notes: &mut Notes) {
    let is_utf8 = read.encoding.as_deref() == Some("UTF-8");
    let Some((lines, first)) = proof.invalid.filter(|_| is_utf8) else { return };
    let what = format!(
        "the file is not UTF-8 to its end: {lines} lines are not, the first of which is \
         line {first}"
    );
    if proof.has_wide {
        notes.add(format!(
            "{what}; others are, so encoding stays UTF-8: correct those lines, or the service puts \
             U+FFFD for their bytes"
        ));
    } else {
        notes.add(format!("{what}; encoding ISO-8859-1 is a guess"));
        read.encoding = Some("ISO-8859-1".to_owned());
    }
}

/// The store that the rows fit into.
fn store(headers: &[String], seen: &Seen, roles: &Roles, notes: &mut Notes) -> TsvStoreOptions {
    let names = legal_names(headers, roles.adds_end());
    let renamed = headers
        .iter()
        .zip(&names)
        .filter(|(header, name)| header.trim_start_matches('#').to_ascii_lowercase() != **name);
    notes.list(
        "column names changed to what the API, the importer and SQL take",
        renamed.map(|(a, b)| format!("`{a}` to `{b}`")),
    );
    let types = types(headers, seen, roles, notes);
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

/// Says which columns have values with blanks around them, and what takes those off.
fn tell_padding(headers: &[String], seen: &Seen, sep: &str, notes: &mut Notes) {
    let padded = headers.iter().zip(&seen.evidence).filter_map(|(name, evidence)| {
        let value = evidence.padded.as_ref()?;
        Some(format!("`{name}` (`{}`)", value.escape_debug()))
    });
    let shown = sep.escape_default().to_string().replace('|', r"\|");
    let what = format!(
        "values begin or end with blanks, which stay part of them; where they are not meant, \
         `sed -E 's/ *{shown} */{}/g; s/^ +//; s/ +$//'` takes them off",
        sep.escape_default()
    );
    notes.list(&what, padded);
}

fn types(headers: &[String], seen: &Seen, roles: &Roles, notes: &mut Notes) -> Vec<ColumnType> {
    let is_text = |column: usize| {
        let role = roles.columns.iter().find(|it| *it.1 == column).map(|it| it.0);
        matches!(role, Some(HeaderKey::Chr | HeaderKey::Ref | HeaderKey::Alt))
            || synonyms::holds_contigs(&headers[column])
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
                (None, Some(value)) => marked.push((name, intended, value.as_str())),
                (None, None) => {}
            }
        }
        types.push(data_type);
    }
    let is_strand = |it: &(&String, &Evidence)| it.1.has_strands();
    let strands: Vec<&str> =
        headers.iter().zip(&seen.evidence).filter(is_strand).map(|it| it.0.as_str()).collect();
    tell_of_marks(marked, &strands, notes);
    let with_commas = headers.iter().zip(&seen.evidence).filter(|it| it.1.has_commas());
    notes.list(
        "STRING because numbers have commas, which the service does not read: take them out where \
         they part thousands, write points where they are decimal (a point may part thousands \
         there)",
        with_commas.map(|it| format!("`{}`", it.0)),
    );
    notes.list("STRING because a number would not come back as it is written", altered.into_iter());
    notes.list("STRING because there is no value to go by", empty.into_iter());
    types
}

/// Says once which columns are STRING for a mark of absence alone, and what can be done.
fn tell_of_marks(marked: Vec<(String, ColumnType, &str)>, strands: &[&str], notes: &mut Notes) {
    let marks: BTreeSet<&str> = marked.iter().map(|it| it.2).collect();
    if let (true, Some(strand)) = (marks.contains("-"), strands.first()) {
        notes.add(format!("{}, so it is not offered as a null mark", minus_strand(strand)));
    }
    // A comma separates marks.
    let is_offered = |it: &&str| !it.contains(',') && (*it != "-" || strands.is_empty());
    let marks = marks.into_iter().filter(is_offered).collect::<Vec<_>>().join(",");
    let columns = if marked.len() == 1 { "column is" } else { "columns are" };
    let offer = format!(
        "; `infer --null-marks '{marks}'` types them for a store made with \
         `store create --null-marks '{marks}'`, a setting of annostore alone"
    );
    let what = format!(
        "{} {columns} STRING because the service takes a mark of absence for text (queries take \
         numbers from it with TRY_CAST{})",
        marked.len(),
        if marks.is_empty() { "" } else { &offer }
    );
    let columns = marked.into_iter();
    let columns =
        columns.map(|(name, intended, mark)| format!("{name} ({intended} but for `{mark}`)"));
    notes.list(&what, columns);
}

/// What `-` is beside `+`.
fn minus_strand(column: &str) -> String {
    format!("`-` is the minus strand in column `{column}`, where it would be null as well")
}

fn explain(seen: &Seen, is_padded: bool, notes: &mut Notes) {
    if seen.rows == seen.misfits {
        notes.add("there are no rows to go by, and an import without rows fails");
    } else if seen.misfits > 0 {
        let (misfits, rows, columns) = (seen.misfits, seen.rows, seen.evidence.len());
        notes.add(format!(
            "{misfits} of {rows} rows do not have {columns} fields, \
             and an import fails at the first: `annostore check` shows them"
        ));
    }
    if !seen.whole {
        let how = if is_padded {
            "make tabs of the blanks first, and --full proves them on all rows of that"
        } else {
            "--full proves them on all"
        };
        notes.add(format!("the types are those of the first {} rows: {how}", seen.rows));
    }
}
