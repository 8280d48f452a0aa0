//! Separator and quotes: what gives every line the same number of fields.

use super::evidence::Evidence;
use super::{header, values};
use crate::model::{ColumnType, ReadOptions, Result};
use crate::read::tsv::{Dialect, FieldSplitter, Repair};

/// Separators, the likeliest first; those of several characters before the one that they are made
/// of.
const SEPARATORS: [&str; 13] =
    ["\t|\t", "\t|", "\t", ", ", ",", ";;", "; ", ";", "||", "|", " ", "::", ":"];
/// Those that text has as well: only a whole file of them counts, and only where fields of it are
/// more than words.
pub const WEAK: [&str; 3] = [" ", "::", ":"];
/// Quote and escape, the likeliest first. Doubled quotes are what most programs write. The last
/// quotes nothing, since the API cannot say that.
pub const QUOTINGS: [(char, char); 4] = [('"', '"'), ('"', '\\'), ('\'', '\''), (NO_QUOTE, '\\')];
/// A quote that no text has.
pub const NO_QUOTE: char = '\u{1}';
/// Lines that each way of reading is tried on.
const TRIED_LINES: usize = 5000;
/// Lines that a weak separator has to explain.
const LOOKED_AT: usize = 200;

/// What a way of reading makes of some lines.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// What separates fields.
    pub sep: &'static str,
    /// What quotes a field.
    pub quote: char,
    /// What escapes a quote.
    pub escape: char,
    /// The number of fields that most lines have.
    pub columns: usize,
    /// Lines that have another, or a quote that is never closed.
    pub misfits: usize,
    /// Quotes that the service would mend in silence.
    repairs: usize,
    /// Fields that begin and end with the quote.
    pub quoted: usize,
    /// Lines that end within quotes.
    pub open: usize,
    lines: usize,
}

/// The way of reading that suits the lines best. Where none suits half of them, the second half
/// decides: what stands above a table is no part of it.
pub fn best(lines: &[&str]) -> Result<Tried> {
    let lines = &lines[..lines.len().min(TRIED_LINES)];
    if let Some(found) = best_of(lines)? {
        return Ok(found);
    }
    let found = best_of(&lines[lines.len() / 2..])?.filter(|it| it.columns > 1);
    let Some(Tried { sep, .. }) = found else { return quoted(lines, "\t") };
    quoted(lines, sep)
}

fn best_of(lines: &[&str]) -> Result<Option<Tried>> {
    let mut all: Vec<Tried> = Vec::new();
    for sep in SEPARATORS {
        let is_part = all.iter().any(|it| it.sep != sep && it.sep.contains(sep));
        if is_part || sep.len() > 1 && !stands_alone(lines, sep) {
            continue;
        }
        let tried = quoted(lines, sep)?;
        let is_weak = WEAK.contains(&sep);
        if is_weak && !explains(&tried, lines)? {
            continue;
        }
        // A value that goes on over line ends breaks most lines of a short file.
        if tried.columns > 1 && (tried.share() >= 0.5 || !is_weak && tried.open > 0) {
            all.push(tried);
        }
    }
    let is_certain = |it: &&Tried| it.misfits == 0 && !WEAK.contains(&it.sep);
    // Of equals, the likelier comes first.
    let most = || all.iter().copied().reduce(|a, b| if b.score() > a.score() { b } else { a });
    Ok(all.iter().find(is_certain).copied().or_else(most))
}

/// Whether a separator of several characters explains every one of the mark that it has: a pipe
/// beside `||` separates on its own.
fn stands_alone(lines: &[&str], sep: &str) -> bool {
    let mark = sep.trim_matches(['\t', ' ']).chars().next().unwrap_or('\t');
    let marks = |text: &str| text.matches(mark).count();
    let of_sep = marks(sep);
    // Behind the last field of a line there is no tab, but often the mark.
    let at_end = |line: &str| usize::from(sep == "\t|\t" && line.ends_with("\t|"));
    let ends = lines.iter().map(|it| at_end(it)).sum::<usize>();
    (ends == 0 || ends == lines.len())
        && lines.iter().all(|it| marks(it) == of_sep * it.matches(sep).count() + at_end(it))
}

/// Whether a weak separator makes more of the lines than words of a text: names above numbers or
/// common ones, numbers beside text, or, for colons, places with alleles.
fn explains(tried: &Tried, lines: &[&str]) -> Result<bool> {
    let mut splitter = tried.splitter()?;
    let lines = &lines[..lines.len().min(LOOKED_AT)];
    let rows: Vec<Vec<String>> = lines.iter().map(|it| fields(&mut splitter, it)).collect();
    let Some((first, others)) = rows.split_first() else { return Ok(false) };
    let evidence = Evidence::of_rows(others, tried.columns);
    // The header of R has a name less than rows that have names.
    let is_short = first.len() + 1 == tried.columns && tried.columns > 2;
    let names_rows = usize::from(is_short && tried.sep == " ");
    if 10 * (tried.misfits.saturating_sub(names_rows)) > tried.lines {
        return Ok(false);
    }
    let is_even = first.len() == tried.columns;
    let named = &evidence[names_rows..];
    let has_header = (is_even || names_rows > 0)
        && (header::by_types(first, named) == Some(true) || header::has_common_name(first));
    let has_numbers = evidence.iter().any(|it| it.data_type(true) != ColumnType::String);
    let has_text = evidence.iter().any(|it| it.data_type(true) == ColumnType::String);
    let has_place = || values::names(&rows).iter().any(|it| it.1 == "ref");
    Ok(has_header
        || match tried.sep {
            " " => has_numbers && (has_text || tried.columns > 2),
            _ => is_even && has_place(),
        })
}

/// The quotes that suit the lines best with this separator.
fn quoted(lines: &[&str], sep: &'static str) -> Result<Tried> {
    let mut best: Option<Tried> = None;
    for (quote, escape) in QUOTINGS {
        let has_quote = quote == NO_QUOTE || lines.iter().any(|it| it.contains(quote));
        if best.is_some() && !has_quote {
            continue;
        }
        let tried = Tried::of(lines, sep, quote, escape)?;
        // Where fields go on over line ends, text without quotes suits them little better.
        if quote == NO_QUOTE && (tried.columns == 1 || tried.share() < 0.9) {
            break;
        }
        // An apostrophe quotes where some field begins and ends with it.
        if best.is_some() && quote == '\'' && tried.quoted == 0 {
            continue;
        }
        if best.is_none_or(|it| (tried.misfits, tried.repairs) < (it.misfits, it.repairs)) {
            best = Some(tried);
        }
        if best.is_some_and(|it| it.misfits + it.repairs == 0) {
            break;
        }
    }
    best.map_or_else(|| Tried::of(lines, sep, '"', '"'), Ok)
}

impl Tried {
    /// The share of lines that fit.
    pub fn share(&self) -> f64 {
        // Counts of lines in a megabyte.
        #[allow(clippy::cast_precision_loss)]
        let share = (self.lines - self.misfits) as f64 / self.lines.max(1) as f64;
        share
    }

    /// Many fields do not come about by accident.
    fn score(&self) -> f64 {
        // Columns of a line of at most 64 MiB.
        #[allow(clippy::cast_precision_loss)]
        let columns = self.columns as f64;
        self.share() * columns.ln()
    }

    fn of(lines: &[&str], sep: &'static str, quote: char, escape: char) -> Result<Self> {
        let mut tried = Self {
            sep,
            quote,
            escape,
            columns: 0,
            misfits: 0,
            repairs: 0,
            quoted: 0,
            open: 0,
            lines: lines.len(),
        };
        let mut splitter = tried.splitter()?;
        let mut counts = Vec::with_capacity(lines.len());
        for line in lines {
            splitter.split(line.as_bytes(), false);
            let repairs = splitter.repairs();
            let unclosed = repairs.iter().any(|it| it.0 == Repair::Unclosed);
            tried.repairs += repairs.len();
            tried.open += usize::from(unclosed);
            if splitter.saw_quotes() {
                tried.quoted += quoted_fields(&splitter, line, quote);
            }
            counts.push((splitter.count(), unclosed));
        }
        tried.columns = most_frequent(counts.iter().map(|it| it.0).collect());
        tried.misfits = counts.iter().filter(|it| it.0 != tried.columns || it.1).count();
        Ok(tried)
    }

    fn splitter(&self) -> Result<FieldSplitter> {
        splitter(self.sep, self.quote, self.escape)
    }
}

/// Fields that begin and end with the quote, and lose both.
fn quoted_fields(splitter: &FieldSplitter, line: &str, quote: char) -> usize {
    let is_quoted = |it: &usize| {
        let text = &line.as_bytes()[splitter.place(*it)];
        let mut bytes = [0; 4];
        let quote = quote.encode_utf8(&mut bytes).as_bytes();
        text.len() > quote.len()
            && text.starts_with(quote)
            && text.ends_with(quote)
            && !splitter.content(line.as_bytes(), *it).starts_with(quote)
    };
    (0..splitter.count()).filter(is_quoted).count()
}

/// Splits lines in this way.
pub fn splitter(sep: &str, quote: char, escape: char) -> Result<FieldSplitter> {
    let options = ReadOptions {
        sep: Some(sep.to_owned()),
        quote: Some(quote.to_string()),
        escape: Some(escape.to_string()),
        ..ReadOptions::default()
    };
    Ok(FieldSplitter::new(&Dialect::new(Some(&options))?))
}

/// The fields of a line.
pub fn fields(splitter: &mut FieldSplitter, line: &str) -> Vec<String> {
    splitter.split(line.as_bytes(), false);
    let content = |it| String::from_utf8_lossy(splitter.content(line.as_bytes(), it)).into_owned();
    (0..splitter.count()).map(content).collect()
}

/// The number that there is most of, the largest of several.
fn most_frequent(mut counts: Vec<usize>) -> usize {
    counts.sort_unstable();
    let runs = counts.chunk_by(|a, b| a == b).map(|it| (it.len(), it[0]));
    runs.max().map_or(1, |it| it.1)
}
