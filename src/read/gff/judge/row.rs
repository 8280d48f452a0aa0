//! The first eight columns of a row that can be stored.

use crate::diagnostic::printable;
use crate::diagnostic::rules::gff_row as rule;
use crate::read::gff::columns::{Columns, END, KIND, NAMES, PHASE, SEQID, SOURCE, START, STRAND};
use crate::read::gff::feature::Feature;
use crate::read::report::LineReport;

/// Reports what is against the specification in columns that can be stored.
pub fn judge(columns: &Columns, report: &mut LineReport, line: &[u8], feature: &Feature<'_>) {
    texts(columns, report, line, feature);
    positions(columns, report, line, feature);
    let strand = columns.of(line, STRAND);
    if !matches!(strand, b"+" | b"-" | b"." | b"?" | b"") {
        columns.add(report, &rule::INVALID_STRAND, line, STRAND, |it| {
            format!("strand is `{it}`, not one of +, -, ? and .")
        });
    }
    if feature.phase.is_some_and(|it| !(0..=2).contains(&it)) {
        columns.add(report, &rule::INVALID_PHASE, line, PHASE, |it| {
            format!("phase is {it}, not one of 0, 1, 2 and .")
        });
    }
    let is_cds = matches!(feature.kind, Some(b"CDS" | b"SO:0000316"));
    if is_cds && feature.phase.is_none() {
        columns.add(report, &rule::CDS_WITHOUT_PHASE, line, PHASE, |_| {
            "a CDS has no phase".to_owned()
        });
    }
}

fn texts(columns: &Columns, report: &mut LineReport, line: &[u8], feature: &Feature<'_>) {
    for column in (SEQID..=PHASE).filter(|it| columns.ranges[*it].is_empty()) {
        let is_name = matches!(column, SEQID | SOURCE | KIND);
        let rule = if is_name { &rule::EMPTY_NAME } else { &rule::EMPTY_COLUMN };
        columns.add(report, rule, line, column, |_| {
            format!("{} is empty, where a `.` belongs", NAMES[column])
        });
    }
    for column in [SOURCE, KIND] {
        if has_blank_around(columns.of(line, column)) {
            columns.add(report, &rule::BLANK_AROUND_COLUMN, line, column, |it| {
                format!("{} `{it}` begins or ends with a blank", NAMES[column])
            });
        }
    }
    for (column, value) in [(SEQID, feature.seqid), (KIND, feature.kind)] {
        if value.is_none() && !columns.ranges[column].is_empty() {
            columns.add(report, &rule::MISSING_COLUMN, line, column, |_| {
                format!("{} is missing", NAMES[column])
            });
        }
    }
    let seqid = columns.of(line, SEQID);
    if !is_sound_md5(seqid) {
        columns.add(report, &rule::MALFORMED_MD5_SEQID, line, SEQID, |it| {
            format!("seqid `{it}` is no MD5 id")
        });
    }
    if let Some(at) = seqid.iter().position(|it| !may_stand_in_seqid(*it)) {
        let at = columns.ranges[SEQID].start + at;
        report.add(&rule::UNESCAPED_SEQID, line, at..at + 1, || {
            format!("seqid has `{}`, which is to be escaped", printable(&line[at..=at], 4))
        });
    }
}

/// Whether a text begins or ends with a blank, but is not made of blanks.
pub fn has_blank_around(text: &[u8]) -> bool {
    let is_blank = |it: Option<&u8>| it == Some(&b' ');
    (is_blank(text.first()) || is_blank(text.last())) && !text.trim_ascii().is_empty()
}

fn positions(columns: &Columns, report: &mut LineReport, line: &[u8], feature: &Feature<'_>) {
    for (column, value) in [(START, feature.start), (END, feature.end)] {
        if value.is_none() && !columns.ranges[column].is_empty() {
            columns.add(report, &rule::MISSING_POSITION, line, column, |_| {
                format!("{} is missing", NAMES[column])
            });
        }
    }
    if feature.start.is_some_and(|it| it < 0) {
        columns.add(report, &rule::START_BELOW_ONE, line, START, |it| {
            format!("start is {it}, but positions count from one")
        });
    }
    if let (Some(start), Some(end)) = (feature.start, feature.end)
        && start >= end
    {
        columns.add(report, &rule::FEATURE_END_BEFORE_START, line, END, |it| {
            format!("end {it} lies before start {}", start + 1)
        });
    }
}

/// Whether an id that begins as the MD5 ids of `GenomeTools` do is one: `md5:`, 32 digits, and
/// perhaps `:` and the seqid.
pub fn is_sound_md5(id: &[u8]) -> bool {
    let Some(rest) = id.strip_prefix(b"md5:") else { return true };
    let Some((sum, seqid)) = rest.split_at_checked(32) else { return false };
    let rest_fits = seqid.is_empty() || seqid.first() == Some(&b':') && seqid.len() > 1;
    sum.iter().all(u8::is_ascii_hexdigit) && rest_fits
}

/// Characters that a seqid has as they are; bytes of other scripts are let pass, since they cannot
/// be mistaken.
fn may_stand_in_seqid(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b".:^*$@!+_?-|%".contains(&byte)
}
