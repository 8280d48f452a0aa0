//! How lines become fields: separator, quotes, comments and line ends, by what gives every line the
//! same number of fields.

use super::notes::Notes;
use crate::model::{ReadOptions, Result};
use crate::read::tsv::{Dialect, FieldSplitter, Repair};

/// Separators, the likeliest first; those of several characters before the one that they are made
/// of.
const SEPARATORS: [&str; 11] = ["\t|\t", "\t|", "\t", ",", ";;", ";", "||", "|", " ", "::", ":"];
/// Those that text has as well: only a whole file of them counts.
const WEAK: [&str; 3] = [" ", "::", ":"];
/// Quote and escape, the likeliest first. Doubled quotes are what most programs write. The last
/// quotes nothing, since the API cannot say that.
const QUOTINGS: [(char, char); 4] = [('"', '"'), ('"', '\\'), ('\'', '\''), (NO_QUOTE, '\\')];
/// A quote that no text has.
pub const NO_QUOTE: char = '\u{1}';
/// Characters that begin comments.
const COMMENTS: [char; 3] = ['#', '!', '%'];
/// Lines that each way of reading is tried on.
const TRIED_LINES: usize = 5000;

/// How the lines of a sample become fields.
pub struct Layout<'a> {
    /// What separates fields.
    pub sep: &'static str,
    /// What quotes a field.
    pub quote: char,
    /// What escapes a quote.
    pub escape: char,
    /// What begins a comment, if anything does.
    pub comment: Option<char>,
    /// Lines among the rows that are comments.
    pub dropped: usize,
    /// Lines that end within quotes.
    pub open: usize,
    /// What ends a line, if not LF, CR and CRLF alike.
    pub line_sep: Option<&'static str>,
    /// Fields of a row.
    pub columns: usize,
    /// The header, where it is known by its comment character.
    pub header: Option<&'a str>,
    /// Whether that is the only comment in front of the rows, so that it can be dropped as a
    /// header.
    pub is_plain_header: bool,
    /// The lines that are no comments; the first one may be a header.
    pub rows: Vec<&'a str>,
}

/// What a way of reading makes of some lines.
#[derive(Clone, Copy, Debug)]
struct Tried {
    sep: &'static str,
    quote: char,
    escape: char,
    /// The number of fields that most lines have.
    columns: usize,
    /// Lines that have another, or a quote that is never closed.
    misfits: usize,
    /// Quotes that the service would mend in silence.
    repairs: usize,
    /// Lines that end within quotes.
    open: usize,
    lines: usize,
}

impl Tried {
    fn share(&self) -> f64 {
        // Counts of lines in a megabyte.
        #[allow(clippy::cast_precision_loss)]
        let share = (self.lines - self.misfits) as f64 / self.lines.max(1) as f64;
        share
    }
}

/// Finds the layout of a text.
pub fn find<'a>(text: &'a str, notes: &mut Notes) -> Result<Layout<'a>> {
    let mut lines = lines(text, None);
    let mut line_sep = None;
    if has_lone_cr(text) {
        let by_lf = self::lines(text, Some("\n"));
        if best(&by_lf)?.share() > best(&lines)?.share() {
            notes.add(
                "there are carriage returns within lines: \
                 lineSep is LF, so that they stay part of the values",
            );
            (lines, line_sep) = (by_lf, Some("\n"));
        }
    }
    let tracks = lines.iter().take_while(|it| is_track(it)).count();
    if tracks > 0 {
        notes.add(
            "the lines `track` and `browser` at the start are no rows and fail an import: \
             remove them",
        );
        lines.drain(..tracks);
    }
    let mut layout = comments(&lines)?;
    layout.line_sep = line_sep;
    explain(&layout, text, notes);
    Ok(layout)
}

fn is_track(line: &str) -> bool {
    ["track ", "track\t", "browser "].iter().any(|it| line.starts_with(it))
}

/// The lines that are not blank, as Java trims.
fn lines<'a>(text: &'a str, line_sep: Option<&str>) -> Vec<&'a str> {
    let is_end = |it: char| it == '\n' || it == '\r' && line_sep.is_none();
    text.split(is_end).filter(|line| line.bytes().any(|it| it > b' ')).collect()
}

fn has_lone_cr(text: &str) -> bool {
    let lone = |at: usize| text.as_bytes().get(at + 1).is_some_and(|it| *it != b'\n');
    !text.contains("\r\n")
        && text.contains('\n')
        && memchr::memchr_iter(b'\r', text.as_bytes()).any(lone)
}

/// Tells comments from rows, and tries separators on the rows.
fn comments<'a>(lines: &[&'a str]) -> Result<Layout<'a>> {
    let first = lines.first().and_then(|it| it.chars().next());
    let sign = first.filter(|it| COMMENTS.contains(it)).unwrap_or('#');
    let block = lines.iter().take_while(|it| it.starts_with(sign)).count();
    let (top, rest) = lines.split_at(block);
    let without: Vec<&str> = rest.iter().copied().filter(|it| !it.starts_with(sign)).collect();
    let tried = best(if without.is_empty() { top } else { &without })?;
    let mut splitter = tried.splitter()?;
    let mut count = |line: &str| {
        splitter.split(line.as_bytes(), false);
        splitter.count()
    };
    let header = top.last().copied().map(|it| it.trim_start_matches([sign, ' '])).filter(|it| {
        let doubled = top[top.len() - 1].chars().nth(1) == Some(sign);
        !doubled && tried.columns > 1 && is_near(count(it), tried.columns)
    });
    // Later lines that begin with the sign are rows where they have all fields.
    let later_comments = rest.iter().any(|it| it.starts_with(sign) && count(it) != tried.columns);
    let only_header = header.is_some() && block == 1 && !later_comments;
    let comment = (block > 0 && !only_header || later_comments).then_some(sign);
    let dropped = if comment.is_some() { rest.len() - without.len() } else { 0 };
    Ok(Layout {
        sep: tried.sep,
        quote: tried.quote,
        escape: tried.escape,
        comment,
        dropped,
        open: tried.open,
        line_sep: None,
        columns: tried.columns,
        header,
        is_plain_header: only_header,
        rows: if comment.is_some() { without } else { rest.to_vec() },
    })
}

/// Whether a line may be the header of rows with so many fields, though the file be ragged.
fn is_near(count: usize, columns: usize) -> bool {
    count == columns || count > 1 && columns > 3 && count.abs_diff(columns) * 4 <= columns
}

/// The way of reading that suits the lines best.
fn best(lines: &[&str]) -> Result<Tried> {
    let lines = &lines[..lines.len().min(TRIED_LINES)];
    let mut all: Vec<Tried> = Vec::new();
    for sep in SEPARATORS {
        let is_part = all.iter().any(|it| it.sep != sep && it.sep.contains(sep));
        if is_part || sep.len() > 1 && !stands_alone(lines, sep) {
            continue;
        }
        let tried = quoted(lines, sep)?;
        let weak = WEAK.contains(&sep) && tried.share() < 0.9;
        // A value that goes on over line ends breaks most lines of a short file.
        if tried.columns > 1 && !weak && (tried.share() >= 0.5 || tried.open > 0) {
            all.push(tried);
        }
    }
    let is_certain = |it: &&Tried| it.misfits == 0 && !WEAK.contains(&it.sep);
    // Of equals, the likelier comes first.
    let most = || all.iter().copied().reduce(|a, b| if b.score() > a.score() { b } else { a });
    let found = all.iter().find(is_certain).copied().or_else(most);
    found.map_or_else(|| quoted(lines, "\t"), Ok)
}

/// Whether a separator of several characters explains every one of the mark that it has: a pipe
/// beside `||` separates on its own.
fn stands_alone(lines: &[&str], sep: &str) -> bool {
    let mark = sep.trim_matches('\t').chars().next().unwrap_or('\t');
    let marks = |text: &str| text.matches(mark).count();
    let of_sep = marks(sep);
    // Behind the last field of a line there is no tab.
    let open = |line: &str| usize::from(sep == "\t|\t" && line.ends_with("\t|"));
    lines.iter().all(|it| open(it) == 0 && marks(it) == of_sep * it.matches(sep).count())
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

/// The number that there is most of, the largest of several.
fn most_frequent(mut counts: Vec<usize>) -> usize {
    counts.sort_unstable();
    let runs = counts.chunk_by(|a, b| a == b).map(|it| (it.len(), it[0]));
    runs.max().map_or(1, |it| it.1)
}

fn explain(layout: &Layout, text: &str, notes: &mut Notes) {
    if layout.columns == 1 {
        notes.add("no separator gives the lines several fields each; read as one column");
    } else if WEAK.contains(&layout.sep) {
        notes.add(format!("separator `{}` is a guess", layout.sep));
    }
    if layout.open > 0 {
        notes.add(format!(
            "{} lines end within quotes, and the service cannot read values that go on \
             in the next line: take the line breaks out",
            layout.open
        ));
    }
    match (layout.quote, layout.escape) {
        (NO_QUOTE, _) => notes.add(
            "quotes are text here: the API cannot turn quoting off, \
             so quote is U+0001, which no value has",
        ),
        ('"', '\\') => notes.add("quotes in quoted fields are escaped by a backslash"),
        ('\'', _) => notes.add("quote is `'`"),
        ('"', '"') if text.contains('"') => {
            notes.add("escape is `\"`, so that a doubled quote in a quoted field is one quote");
        }
        _ => {}
    }
    if let Some(sign) = layout.comment.filter(|_| layout.dropped > 0) {
        notes.add(format!(
            "{} lines among the rows begin with `{sign}` and are dropped as comments",
            layout.dropped
        ));
    }
    if let Some(sign) = layout.comment
        && layout.header.is_some()
    {
        notes.add(format!(
            "the header begins with `{sign}` like the comments: comment `{sign}` drops it, \
             and header true would drop the first row, so header is false"
        ));
    }
}
