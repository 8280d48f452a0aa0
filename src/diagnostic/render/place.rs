//! Places of findings as other programs take them.

use crate::diagnostic::report::Judged;
use crate::diagnostic::{Finding, Severity};
use crate::model::Location;

/// A span of a line of text. Lines and columns are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextSpan {
    /// The line.
    pub line: u64,
    /// The first character of the value, and the one behind its last; none for a line as a whole.
    pub columns: Option<(u64, u64)>,
}

/// Where a finding is; none for the file as a whole, and in files whose places are records.
pub fn span(report: &dyn Judged, finding: &Finding) -> Option<TextSpan> {
    let Location { line, column } = finding.at;
    if line == 0 || report.record(finding.at).is_some() {
        return None;
    }
    let columns = (column > 0).then(|| {
        let first = first_character(finding).unwrap_or(column.into());
        (first, first + length(finding))
    });
    Some(TextSpan { line, columns })
}

/// The column in characters, where the excerpt shows all that stands before the value.
fn first_character(finding: &Finding) -> Option<u64> {
    let excerpt = finding.excerpt.as_ref()?;
    let before = excerpt.text.get(..excerpt.start)?;
    // Tabs are shown as arrows.
    let bytes: usize = before.chars().map(|it| if it == '→' { 1 } else { it.len_utf8() }).sum();
    (bytes + 1 == finding.at.column as usize).then(|| before.chars().count() as u64 + 1)
}

/// Characters of the value as far as it is kept.
fn length(finding: &Finding) -> u64 {
    let kept = finding.value.strip_suffix('…').unwrap_or(&finding.value);
    kept.chars().count() as u64
}

/// The findings of a severity, in file order, the first of each rule before all others.
pub fn firsts_first(report: &dyn Judged, severity: Severity) -> impl Iterator<Item = &Finding> {
    let all = report.findings().kept().iter();
    let mut seen = Vec::new();
    let of_severity = all.filter(move |it| report.severity(it.rule) == severity);
    let (firsts, others): (Vec<_>, Vec<_>) = of_severity.partition(|it| {
        let is_first = !seen.contains(&it.rule.code);
        if is_first {
            seen.push(it.rule.code);
        }
        is_first
    });
    firsts.into_iter().chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Findings;
    use crate::diagnostic::report::RequestReport;
    use crate::diagnostic::rules::vcf_record::UNKNOWN_BASE;

    #[test]
    fn columns_are_counted_in_characters() {
        let mut findings = Findings::keeping(9);
        let long = "x".repeat(3000);
        for before in ["é\tb\t", "", long.as_str()] {
            let line = format!("{before}Qä\tz");
            let range = before.len()..before.len() + 3;
            findings.add(&UNKNOWN_BASE, 7, line.as_bytes(), range, String::new);
        }
        findings.add_at(&UNKNOWN_BASE, Location { line: 8, column: 0 }, "", "");
        findings.add_at(&UNKNOWN_BASE, Location::FILE, "", "");
        let report = RequestReport { file: String::new(), findings, verdict: "" };
        let found = report.findings.kept().iter().map(|it| span(&report, it));
        let at = |line, columns| Some(TextSpan { line, columns });
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                at(7, Some((5, 7))),
                at(7, Some((1, 3))),
                // What is cut away cannot be counted, and bytes have to do.
                at(7, Some((3001, 3003))),
                at(8, None),
                None
            ]
        );
    }
}
