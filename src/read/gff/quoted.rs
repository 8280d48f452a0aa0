//! Columns in quotes: the service reads rows as CSV, and takes the quotes off.

use std::ops::Range;

use crate::diagnostic::rules::gff_row as rule;
use crate::read::report::LineReport;
use crate::read::tsv::{Dialect, FieldSplitter};

/// Splits rows of which a column begins with a quote.
#[derive(Default)]
pub struct QuotedColumns {
    /// Made when it is first needed, which is seldom.
    splitter: Option<FieldSplitter>,
}

impl QuotedColumns {
    /// The columns as the service sees them, without the quotes around; none where they are not
    /// so many. `fits` says that tabs alone make so many.
    pub fn split<const COLUMNS: usize>(
        &mut self,
        report: &mut LineReport,
        line: &[u8],
        fits: bool,
    ) -> Option<[Range<usize>; COLUMNS]> {
        if self.splitter.is_none() {
            self.splitter = Dialect::new(None).ok().map(|it| FieldSplitter::new(&it));
        }
        let splitter = self.splitter.as_mut()?;
        splitter.split(line, false);
        if splitter.count() != COLUMNS {
            if fits {
                across(report, line, splitter.count());
            }
            return None;
        }
        Some(std::array::from_fn(|column| {
            let (place, content) = (splitter.place(column), splitter.content(line, column));
            let range = within(line, place.clone(), content);
            if range != place {
                report.add(&rule::QUOTED_COLUMN, line, place, || {
                    format!("column {} is in quotes", column + 1)
                });
            } else if line[place.clone()].starts_with(b"\"") {
                report.add(&rule::QUOTES_THAT_STAY, line, place, || {
                    format!("the quotes of column {} stay in its value", column + 1)
                });
            }
            range
        }))
    }
}

/// Where the content of a field stands, quotes off. An escape in it stays as it is written.
fn within(line: &[u8], place: Range<usize>, content: &[u8]) -> Range<usize> {
    if line[place.clone()] == *content {
        return place;
    }
    let start = (place.start + 1).min(place.end);
    if line[start..place.end].starts_with(content) {
        return start..start + content.len();
    }
    start..place.end.saturating_sub(1).max(start)
}

fn across(report: &mut LineReport, line: &[u8], count: usize) {
    let tab = memchr::memmem::find(line, b"\t\"").map(|it| it + 1);
    let at = if line.first() == Some(&b'"') { 0 } else { tab.unwrap_or_default() };
    report.add(&rule::QUOTE_ACROSS_COLUMNS, line, at..(at + 1).min(line.len()), || {
        let columns = if count == 1 { "column" } else { "columns" };
        format!("a quote that is not closed before the next tab makes {count} {columns} of the row")
    });
}
