//! The first lines of a file, up to its header: what the service drops there.

use super::judge::header::HeaderJudge;
use super::lines::{self, Line};
use super::reading::TsvReading;
use crate::diagnostic::Findings;
use crate::diagnostic::rules::tsv_file as rule;
use crate::model::Result;
use crate::read::HeaderKeeper;
use crate::read::chunk::{Chunks, Text};
use crate::read::source::Texts;

/// What was read before the first row.
pub struct Opening {
    /// Lines.
    pub lines: u64,
    /// Bytes of the byte order mark in front of the next line.
    pub mark: usize,
    /// The text of the header; empty where there is none.
    pub header: Vec<u8>,
}

/// Reads comments, blank lines and the header, which the keeper gets, and puts the rest back.
pub fn read(
    chunks: &mut Chunks<Texts>,
    reading: &TsvReading,
    findings: &mut Findings,
    keeper: &mut HeaderKeeper,
) -> Result<Opening> {
    let mut first = FirstLines::new(reading, findings);
    let terminator = lines::terminator(&reading.dialect);
    let mut is_start = true;
    while let Some(text) = chunks.next() {
        let mut text: Text = text?;
        if std::mem::take(&mut is_start) {
            first.skip_mark(&mut text, keeper);
        }
        let mut at = 0;
        let mut ended = false;
        while at < text.bytes().len() && !ended {
            let (end, next) = lines::line_end(&terminator, text.bytes(), at);
            let taken = first.line(&text.bytes()[at..end]);
            ended = taken != Taken::More;
            if taken != Taken::NotThis {
                keeper.line(&text.bytes()[at..next]);
                at = next;
            }
        }
        text.advance(at);
        if ended {
            chunks.put_back(text);
            break;
        }
    }
    Ok(Opening { lines: first.lines, mark: first.mark, header: first.text })
}

/// What became of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// It is no row, and the header is still to come.
    More,
    /// It is the header.
    Header,
    /// It is the first row, to be read again.
    NotThis,
}

struct FirstLines<'a> {
    reading: &'a TsvReading,
    findings: &'a mut Findings,
    header: HeaderJudge<'a>,
    lines: u64,
    mark: usize,
    /// The text of the header.
    text: Vec<u8>,
}

impl<'a> FirstLines<'a> {
    fn new(reading: &'a TsvReading, findings: &'a mut Findings) -> Self {
        Self {
            reading,
            findings,
            header: HeaderJudge::new(reading),
            lines: 0,
            mark: 0,
            text: Vec::new(),
        }
    }

    fn skip_mark(&mut self, text: &mut Text, keeper: &mut HeaderKeeper) {
        let encoding = self.reading.dialect.encoding;
        self.mark = lines::mark_length(encoding, text.bytes());
        if self.mark > 0 {
            let line = Line::of_text(b"", 0, 1);
            let message = || "the file begins with a byte order mark".to_owned();
            line.report(self.findings, encoding, &rule::BYTE_ORDER_MARK, 0..0, message);
            keeper.mark(&text.bytes()[..self.mark]);
            text.advance(self.mark);
        }
    }

    fn line(&mut self, raw: &[u8]) -> Taken {
        let dialect = &self.reading.dialect;
        let decoded = lines::decode(dialect.encoding, raw);
        let line = decoded.line(self.mark, self.lines + 1);
        let mut taken = Taken::More;
        if line.is_blank() {
            lines::report_blank(self.findings, dialect.encoding, line);
        } else if line.is_comment(dialect)
            || dialect.header && is_indented_comment(line, self.reading)
        {
            self.header.remember(line);
        } else {
            self.header.judge(self.findings, line);
            taken = if dialect.header { Taken::Header } else { Taken::NotThis };
            if dialect.header {
                self.text = line.text.to_vec();
            }
        }
        if taken != Taken::NotThis {
            self.lines += 1;
            self.mark = 0;
        }
        taken
    }
}

/// While the service looks for the header, comments may be indented.
fn is_indented_comment(line: Line, reading: &TsvReading) -> bool {
    let blanks = line.text.iter().take_while(|it| **it <= b' ').count();
    Line { text: &line.text[blanks..], ..line }.is_comment(&reading.dialect)
}
