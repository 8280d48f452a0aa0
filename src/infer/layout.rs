//! How lines become fields: separator, quotes, comments and line ends, by what gives every line the
//! same number of fields.

use super::heading;
use super::notes::Notes;
use super::preamble::{self, is_near};
use super::proof::NoRows;
use super::quoting::{NO_QUOTE, Tried, WEAK, best, splitter};
use crate::model::Result;

/// Characters that begin comments.
const COMMENTS: [char; 3] = ['#', '!', '%'];

/// How the lines of a sample become fields.
pub struct Layout<'a> {
    /// Separator and quotes, and what they make of the rows.
    pub tried: Tried,
    /// What begins a comment, if anything does.
    pub comment: Option<char>,
    /// Lines among the rows that are comments.
    pub dropped: u64,
    /// Comments at the top that have all fields of a row.
    commented_rows: Vec<&'a str>,
    /// What ends a line, if not LF, CR and CRLF alike.
    pub line_sep: Option<&'static str>,
    /// The header, where it is known without a look at the rows: by its comment character, or
    /// because it goes on over line ends.
    pub header: Option<String>,
    /// Whether that header is dropped as one, and by no comment character.
    pub is_plain_header: bool,
    /// The lines that are no comments; the first one may be a header.
    pub rows: Vec<&'a str>,
    /// Lines that are no rows and no comments, with the number of fields that each has.
    pub others: Vec<OtherLine<'a>>,
    /// All of the text.
    text: &'a str,
}

/// A line that is no row.
#[derive(Clone, Copy)]
pub struct OtherLine<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether it is the header, which the file should have only once.
    pub is_header: bool,
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
    }
    let tracks: Vec<&str> = lines.drain(..tracks).collect();
    let known = preamble::take_known(&mut lines);
    let mut layout = comments(&lines, text)?;
    layout.line_sep = line_sep;
    layout.tell_beside(&known, notes);
    let others = tracks.into_iter().chain(known);
    layout.others.extend(others.map(|text| OtherLine { text, is_header: false }));
    layout.cut(notes)?;
    layout.explain(notes);
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
fn comments<'a>(lines: &[&'a str], text: &'a str) -> Result<Layout<'a>> {
    let first = lines.first().and_then(|it| it.chars().next());
    let sign = first.filter(|it| COMMENTS.contains(it)).unwrap_or('#');
    let block = lines.iter().take_while(|it| it.starts_with(sign)).count();
    let (top, rest) = lines.split_at(block);
    let without: Vec<&str> = rest.iter().copied().filter(|it| !it.starts_with(sign)).collect();
    let tried = best(if without.is_empty() { top } else { &without })?;
    let mut splitter = splitter(tried.sep, tried.quote, tried.escape)?;
    let mut count = |line: &str| {
        splitter.split(line.as_bytes(), false);
        splitter.count()
    };
    let is_doubled = |it: &&&str| it.chars().nth(1) == Some(sign);
    let single: Vec<&str> = top.iter().filter(|it| !is_doubled(it)).copied().collect();
    let is_near = |fields| tried.columns > 1 && is_near(fields, tried.columns);
    let heading = heading::find(&single, &without, &tried, is_near)?;
    let header = heading.header.map(|it| it.trim_start_matches([sign, ' ']));
    // Later lines that begin with the sign are rows where they have all fields.
    let later_comments = rest.iter().any(|it| it.starts_with(sign) && count(it) != tried.columns);
    let only_header = header.is_some() && block == 1 && !later_comments;
    let comment = (block > 0 && !only_header || later_comments).then_some(sign);
    let dropped = if comment.is_some() { rest.len() - without.len() } else { 0 };
    let own = top.last().filter(|_| only_header);
    Ok(Layout {
        tried,
        commented_rows: heading.rows,
        dropped: dropped as u64,
        line_sep: None,
        header: header.map(str::to_owned),
        is_plain_header: only_header,
        rows: if comment.is_some() { without } else { rest.to_vec() },
        comment,
        others: own.map(|text| OtherLine { text, is_header: true }).into_iter().collect(),
        text,
    })
}

impl Layout<'_> {
    /// The number of a line in the file, from 1.
    pub fn number(&self, line: &str) -> u64 {
        let at = (line.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let count = |end: u8| memchr::memchr_iter(end, before).count();
        let pairs = || memchr::memmem::find_iter(before, b"\r\n").count();
        let ends = match self.line_sep {
            Some(_) => count(b'\n'),
            None => count(b'\n') + count(b'\r') - pairs(),
        };
        1 + ends as u64
    }

    /// The lines that are no rows, for a reader that drops the first one as the header if `header`
    /// says so.
    pub fn no_rows(&self, header: bool) -> Result<NoRows> {
        let mut lines = self.others.clone();
        lines.sort_by_key(|it| it.text.as_ptr() as usize);
        let mut splitter = splitter(self.tried.sep, self.tried.quote, self.tried.escape)?;
        let own = lines.iter().find(|it| it.is_header).map(|it| it.text);
        let read_as_rows = lines.iter().skip(usize::from(header));
        let misfits = read_as_rows.filter(|it| {
            splitter.split(it.text.as_bytes(), false);
            splitter.count() != self.tried.columns
        });
        Ok(NoRows {
            misfits: misfits.count() as u64,
            header: own.map(|it| (it.as_bytes().to_vec(), self.number(it))),
            texts: lines.iter().map(|it| it.text.as_bytes().to_vec()).collect(),
        })
    }

    /// Takes the lines that stand around the header from the rows.
    fn cut(&mut self, notes: &mut Notes) -> Result<()> {
        let around = preamble::cut(&mut self.rows, &self.tried, self.header.is_some())?;
        self.tell_beside(&around.lines, notes);
        if around.header.is_some() {
            let numbers: Vec<u64> = around.broken.iter().map(|it| self.number(it)).collect();
            notes.add(format!(
                "the header goes on over line ends (lines {}), which the service cuts before it \
                 looks at quotes: take the line breaks out of the names; \
                 these options are for what is left",
                shown(&ranges(&numbers)),
            ));
            self.header = around.header;
            self.is_plain_header = true;
        }
        let others = around.lines.into_iter().chain(around.broken);
        self.others.extend(others.map(|text| OtherLine { text, is_header: false }));
        Ok(())
    }

    /// Says which lines are no rows, and what removes them.
    fn tell_beside(&self, lines: &[&str], notes: &mut Notes) {
        let mut numbers: Vec<u64> = lines.iter().map(|it| self.number(it)).collect();
        numbers.sort_unstable();
        let ranges = ranges(&numbers);
        let shown = shown(&ranges);
        let (what, them, rows) = match numbers.as_slice() {
            [] => return,
            [_] => (format!("line {shown} stands beside the header and is no row"), "it", "one"),
            _ => (format!("lines {shown} stand beside the header and are no rows"), "them", "rows"),
        };
        notes.add(format!(
            "{what}: an import fails there or takes {them} for {rows}; remove {them}, \
             for example with `sed '{}'`: these options are for what is left",
            commands(&ranges),
        ));
    }

    fn explain(&self, notes: &mut Notes) {
        let dropped = self.dropped;
        let tried = &self.tried;
        if tried.columns == 1 {
            notes.add("no separator gives the lines several fields each; read as one column");
        } else if WEAK.contains(&tried.sep) {
            notes.add(format!("separator `{}` is a guess", tried.sep));
        }
        if tried.sep == "\t|\t" && self.rows.iter().any(|it| it.ends_with("\t|")) {
            notes.add(
                "every line ends in a tab and `|`, which stay part of the last value: \
                 take them off, for example with `sed 's/\\t|$//'`",
            );
        }
        if tried.open > 0 && self.header.is_none() {
            notes.add(format!(
                "{} lines end within quotes, and the service cannot read values that go on \
                 in the next line: take the line breaks out",
                tried.open
            ));
        }
        explain_quotes(tried.quote, tried.escape, self.text, notes);
        if let Some(sign) = self.comment.filter(|_| dropped > 0) {
            notes.add(format!(
                "{dropped} lines among the rows begin with `{sign}` and are dropped as comments"
            ));
        }
        let commented = self.commented_rows.iter().map(|it| self.number(it).to_string());
        notes.list(
            "comments that have all fields of a row are dropped like the others, lines",
            commented,
        );
        if let Some(sign) = self.comment
            && self.header.is_some()
            && !self.is_plain_header
        {
            notes.add(format!(
                "the header begins with `{sign}` like the comments: comment `{sign}` drops it, \
                 and header true would drop the first row, so header is false"
            ));
        }
    }
}

/// Says what quotes are taken for.
pub fn explain_quotes(quote: char, escape: char, text: &str, notes: &mut Notes) {
    match (quote, escape) {
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
}

/// Stretches of numbers that follow each other.
fn ranges(numbers: &[u64]) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    ranges
}

fn shown(ranges: &[(u64, u64)]) -> String {
    let one = |(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        _ => format!("{first} to {last}"),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What removes the lines, for `sed`.
fn commands(ranges: &[(u64, u64)]) -> String {
    let one = |(first, last): &(u64, u64)| match last - first {
        0 => format!("{first}d"),
        _ => format!("{first},{last}d"),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(";")
}
