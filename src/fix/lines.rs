//! What is to change in a chunk of whole lines.

use std::borrow::Cow;
use std::ops::Range;

use super::mend::{Mend, Mends};
use crate::read::lines::any_line_length;
use crate::read::tsv::{self, Dialect};
use crate::read::vcf::{Addition, BYTE_ORDER_MARK, KeyKind, LineEnd, Survey};

/// A change of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Which bytes.
    pub place: Range<usize>,
    /// What stands there now.
    pub with: Cow<'static, [u8]>,
}

/// The changes of a chunk, in order.
#[derive(Debug, Default)]
pub struct Edits {
    /// Each change.
    pub all: Vec<Edit>,
    /// What they are, with lines counted from 1.
    pub mends: Mends,
    /// Lines of the chunk.
    pub lines: u64,
}

impl Edits {
    fn add(&mut self, mend: Mend, place: Range<usize>, with: &'static [u8]) {
        self.mends.add(mend, self.lines);
        self.all.push(Edit { place, with: Cow::Borrowed(with) });
    }

    fn remove(&mut self, mend: Mend, place: Range<usize>) {
        self.add(mend, place, b"");
    }
}

/// The lines of a format.
pub enum LinesOf {
    /// Of VCF, of which this is known.
    Vcf(Box<Survey>),
    /// Of GFF3.
    Gff,
    /// Of TSV.
    Tsv(Box<Dialect>),
}

/// Where a chunk stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Whether it begins the file.
    pub is_first: bool,
    /// Lines of VCF's header in it and behind it.
    pub header_lines: u64,
}

/// Finds what is to change in the chunks of a file.
pub struct Mender {
    /// Its lines.
    pub lines: LinesOf,
    /// Whether the first line of the file ends in CR alone. In VCF and GFF3 all may do so then, and
    /// end in LF. In tables a first line may be empty, and go.
    pub ends_in_cr: bool,
}

impl Mender {
    /// The changes of a chunk.
    pub fn edits(&self, text: &[u8], standing: Standing) -> Edits {
        let mut edits = Edits::default();
        let mut start = 0;
        // Behind one mark a second is text of the first line.
        let has_mark = text.starts_with(BYTE_ORDER_MARK)
            && text.len() > BYTE_ORDER_MARK.len()
            && !text[BYTE_ORDER_MARK.len()..].starts_with(BYTE_ORDER_MARK);
        let has_bytes = match &self.lines {
            LinesOf::Tsv(dialect) => dialect.encoding.is_ascii_compatible(),
            _ => true,
        };
        if standing.is_first && has_mark && has_bytes {
            start = BYTE_ORDER_MARK.len();
            edits.mends.add(Mend::ByteOrderMark, 1);
            edits.all.push(Edit { place: 0..start, with: Cow::Borrowed(b"") });
        }
        match &self.lines {
            LinesOf::Vcf(survey) => self.vcf(&mut edits, text, start, survey, standing),
            LinesOf::Gff if self.ends_in_cr => of_cr(&mut edits, text, start),
            LinesOf::Gff => gff(&mut edits, text, start),
            LinesOf::Tsv(dialect) if has_bytes => self.tsv(&mut edits, text, start, dialect),
            LinesOf::Tsv(_) => {}
        }
        edits
    }

    fn vcf(
        &self,
        edits: &mut Edits,
        text: &[u8],
        mut at: usize,
        survey: &Survey,
        standing: Standing,
    ) {
        let header = &survey.header;
        let mut is_behind_cr = false;
        while at < text.len() {
            let (whole, start) = (&text[at..at + any_line_length(&text[at..])], at);
            let (line, _) = LineEnd::of(whole);
            at += whole.len();
            edits.lines += 1;
            let is_record = edits.lines > standing.header_lines && header.readable;
            if is_record && line.is_empty() {
                edits.remove(Mend::EmptyLine, start..at);
                continue;
            }
            let end = start + line.len();
            if header.readable && edits.lines == standing.header_lines {
                define(edits, start, &survey.additions);
                let tabs = line.iter().rev().take_while(|it| **it == b'\t').count();
                if tabs > 0 {
                    edits.remove(Mend::ColumnLineTab, end - tabs..end);
                }
            } else if is_record && line.ends_with(b"\t") && line[0] != b'#' {
                let surplus = surplus_tabs(line, header.field_count);
                if surplus > 0 {
                    edits.remove(Mend::TrailingTab, end - surplus..end);
                }
            }
            // What is left of an empty line would be taken for the end of the one above.
            if !(is_behind_cr && line.is_empty()) {
                self.line_end(edits, end, &whole[line.len()..]);
            }
            is_behind_cr = !self.ends_in_cr && whole.ends_with(b"\r");
        }
    }

    /// Mends what ends a line, where any of LF, CR and CRLF may.
    fn line_end(&self, edits: &mut Edits, at: usize, end: &[u8]) {
        match end {
            b"" => edits.add(Mend::FinalNewline, at..at, b"\n"),
            b"\r\n" => edits.remove(Mend::CrLf, at..at + 1),
            b"\r\r\n" => edits.remove(Mend::CrCrLf, at..at + 2),
            b"\r" if self.ends_in_cr && !matches!(self.lines, LinesOf::Tsv(_)) => {
                edits.add(Mend::Cr, at..at + 1, b"\n");
            }
            _ => {}
        }
    }

    fn tsv(&self, edits: &mut Edits, text: &[u8], mut at: usize, dialect: &Dialect) {
        let terminator = tsv::terminator(dialect);
        let is_newline = dialect.line_sep.as_deref() == Some("\n");
        while at < text.len() {
            let start = at;
            let (end, next) = tsv::line_end(&terminator, text, at);
            at = next;
            edits.lines += 1;
            let mut line = &text[start..end];
            if is_newline {
                let returns = line.iter().rev().take_while(|it| **it == b'\r').count();
                line = &line[..line.len() - returns];
                if returns > 0 && !line.is_empty() {
                    edits.remove(Mend::CrLf, end - returns..end);
                }
            }
            if line.is_empty() {
                edits.remove(Mend::EmptyLine, start..next);
            } else if dialect.line_sep.is_none() {
                self.line_end(edits, end, &text[end..next]);
            } else if end == next {
                end_in_separator(edits, text, start..end, dialect);
            }
        }
    }
}

/// Ends the last line of a file in the separator of lines, if that is found there again.
fn end_in_separator(edits: &mut Edits, text: &[u8], line: Range<usize>, dialect: &Dialect) {
    let separator = dialect.encoding.encode(dialect.line_sep.as_deref().unwrap_or("\n"));
    let ended = [&text[line.clone()], &separator].concat();
    let is_found = tsv::line_end(&tsv::terminator(dialect), &ended, 0) == (line.len(), ended.len());
    if is_found {
        edits.mends.add(Mend::FinalNewline, edits.lines);
        edits.all.push(Edit { place: line.end..line.end, with: Cow::Owned(separator) });
    }
}

/// Puts definitions before the line of column names.
fn define(edits: &mut Edits, at: usize, additions: &[Addition]) {
    for it in additions {
        edits.mends.add(
            match it.kind {
                KeyKind::Filter => Mend::Filter,
                KeyKind::Info => Mend::Info,
                KeyKind::Format => Mend::Format,
            },
            edits.lines,
        );
        let line = format!("{}\n", it.line).into_bytes();
        edits.all.push(Edit { place: at..at, with: Cow::Owned(line) });
    }
}

/// How many tabs at the end of a record are more than the header has fields.
fn surplus_tabs(line: &[u8], field_count: usize) -> usize {
    let found = memchr::memchr_iter(b'\t', line).count() + 1;
    let surplus = found.saturating_sub(field_count);
    let are_tabs = line.iter().rev().take(surplus).all(|it| *it == b'\t');
    if are_tabs && surplus <= line.len() { surplus } else { 0 }
}

fn gff(edits: &mut Edits, text: &[u8], mut at: usize) {
    while at < text.len() {
        let rest = &text[at..];
        let end = memchr::memchr(b'\n', rest);
        let line = &rest[..end.unwrap_or(rest.len())];
        let behind = at + line.len();
        at = behind + usize::from(end.is_some());
        edits.lines += 1;
        // Of two carriage returns one is a part of the value to every reader.
        let is_crlf = line.ends_with(b"\r") && !line.ends_with(b"\r\r");
        match (end, is_crlf) {
            (Some(_), true) => edits.remove(Mend::CrLf, behind - 1..behind),
            (Some(_), false) => {}
            (None, true) => edits.add(Mend::FinalNewline, behind - 1..behind, b"\n"),
            (None, false) => edits.add(Mend::FinalNewline, behind..behind, b"\n"),
        }
    }
}

/// The lines of a file that all end in CR.
fn of_cr(edits: &mut Edits, text: &[u8], mut at: usize) {
    while at < text.len() {
        let rest = &text[at..];
        edits.lines += 1;
        match memchr::memchr2(b'\r', b'\n', rest) {
            None => {
                edits.add(Mend::FinalNewline, text.len()..text.len(), b"\n");
                at = text.len();
            }
            Some(end) if rest[end..].starts_with(b"\r\n") => {
                edits.remove(Mend::CrLf, at + end..at + end + 1);
                at += end + 2;
            }
            Some(end) => {
                if rest[end] == b'\r' {
                    edits.add(Mend::Cr, at + end..at + end + 1, b"\n");
                }
                at += end + 1;
            }
        }
    }
}

/// The text with its changes, appended to `out`.
pub fn apply(out: &mut Vec<u8>, text: &[u8], edits: &[Edit]) {
    let mut done = 0;
    for Edit { place, with } in edits {
        out.extend_from_slice(&text[done..place.start]);
        out.extend_from_slice(with);
        done = place.end;
    }
    out.extend_from_slice(&text[done..]);
}

impl Mender {
    /// Whether the lines of the file end in LF, so that a diff can show them.
    pub fn has_lines_of_lf(&self) -> bool {
        match &self.lines {
            LinesOf::Tsv(dialect) => {
                let ends = dialect.line_sep.as_deref().unwrap_or("\n");
                ends.ends_with('\n') && dialect.encoding.is_ascii_compatible() && !self.ends_in_cr
            }
            _ => !self.ends_in_cr,
        }
    }
}
