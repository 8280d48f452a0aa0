//! What became of the quotes of a line.

use crate::diagnostic::Findings;
use crate::diagnostic::rules::tsv_row as rule;
use crate::read::tsv::Encoding;
use crate::read::tsv::automaton::Repair;
use crate::read::tsv::fields::FieldSplitter;
use crate::read::tsv::lines::Line;

/// Reports what became of the quotes of a line, which was split into fields for so many columns.
pub fn judge(
    findings: &mut Findings,
    encoding: Encoding,
    line: Line,
    fields: &FieldSplitter,
    columns: usize,
    quote: char,
) {
    let quote = quote.to_string();
    let is_short = fields.count() < columns;
    let repairs = fields.repairs();
    for (repair, field, at) in repairs {
        let doubled = |it: &(Repair, usize, usize)| it.0 == Repair::DoubledQuote && it.1 == *field;
        if *repair == Repair::UnescapedQuote && repairs.iter().any(doubled) {
            continue;
        }
        let (rule, message) = match repair {
            Repair::UnescapedQuote => {
                (&rule::UNESCAPED_QUOTE, "text follows a closing quote, so the field is kept raw")
            }
            Repair::DoubledQuote => {
                (&rule::DOUBLED_QUOTE, "a doubled quote does not escape, so both are kept")
            }
            Repair::Unclosed if is_short => (
                &rule::QUOTED_LINE_BREAK,
                "a quote is open at the end of the line, and fields are missing",
            ),
            Repair::Unclosed => (&rule::UNCLOSED_QUOTE, "the quote is never closed, and is lost"),
        };
        let range = *at..*at + quote.len();
        line.report(findings, encoding, rule, range, || message.to_owned());
    }
    in_unquoted_fields(findings, encoding, line, fields, quote.as_bytes());
}

fn in_unquoted_fields(
    findings: &mut Findings,
    encoding: Encoding,
    line: Line,
    fields: &FieldSplitter,
    quote: &[u8],
) {
    for field in 0..fields.count() {
        let place = fields.place(field);
        let text = &line.text[place.clone()];
        if text.starts_with(quote) {
            continue;
        }
        if let Some(at) = memchr::memmem::find(text, quote) {
            let range = place.start + at..place.start + at + quote.len();
            let message = || "a quote inside an unquoted field is text".to_owned();
            line.report(findings, encoding, &rule::QUOTE_IN_UNQUOTED_FIELD, range, message);
        }
    }
}
