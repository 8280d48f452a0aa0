//! Lines with another number of fields than the header.

use super::file::VcfFile;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Fields of a record without samples.
const WITHOUT_SAMPLES: usize = 8;

/// A line of too many fields, as far as it can be read.
pub enum Readable<'l> {
    /// All of it but tabs at its end.
    WithoutTabs(&'l [u8]),
    /// The fields that the service reads: it passes over samples beyond those of the header.
    First(&'l [u8]),
}

/// Says what is wrong with a line of `found` fields, and what of it can be read; none where its
/// fields cannot be told apart.
#[cold]
pub fn readable<'l>(
    report: &mut LineReport,
    file: &VcfFile,
    line: &'l [u8],
    found: usize,
) -> Option<Readable<'l>> {
    let expected = file.header.field_count;
    let surplus = found.saturating_sub(expected);
    let length = line.len().checked_sub(surplus).filter(|_| surplus > 0);
    if let Some(length) = length
        && line[length..].iter().all(|it| *it == b'\t')
    {
        let (rule, range) = (trailing_tab(expected), length..line.len());
        report.add(rule, line, range, || {
            let tabs = if surplus == 1 { "a tab" } else { "tabs" };
            format!("the line ends in {tabs}: {found} fields, but the header has {expected}")
        });
        return Some(Readable::WithoutTabs(&line[..length]));
    }
    tell(report, line, found, expected);
    let end = memchr::memchr_iter(b'\t', line).nth(expected - 1)?;
    (expected > WITHOUT_SAMPLES).then_some(Readable::First(&line[..end]))
}

/// The service cuts lines into as many fields as the header has, so that the last one holds what
/// follows: INFO, or the samples, of which it reads as many as there are.
fn trailing_tab(expected: usize) -> &'static crate::diagnostic::Rule {
    if expected > WITHOUT_SAMPLES {
        &rule::TRAILING_TAB_BEHIND_SAMPLES
    } else {
        &rule::TRAILING_TAB
    }
}

fn tell(report: &mut LineReport, line: &[u8], found: usize, expected: usize) {
    let is_surplus = found > expected;
    let mut tabs = memchr::memchr_iter(b'\t', line);
    let shown = if is_surplus {
        tabs.nth(expected - 1).map_or(line.len(), |it| it + 1)..line.len()
    } else {
        line.len()..line.len()
    };
    let rule = if is_surplus && expected > WITHOUT_SAMPLES {
        &rule::SURPLUS_FIELDS
    } else {
        &rule::WRONG_FIELD_COUNT
    };
    report.add(rule, line, shown, || {
        let fields = if found == 1 { "field" } else { "fields" };
        let mut message = format!(
            "the record has {found} {fields} separated by tabs, but the header has {expected}"
        );
        if line.starts_with(b"\xEF\xBB\xBF") {
            message += "; the line begins with a byte order mark (BOM), as a second file does: \
                        join files with `bcftools concat`";
        }
        message
    });
}
