//! The values of the tags that the specification gives a form.

use std::ops::Range;

use super::row::{has_blank_around, is_sound_md5};
use crate::diagnostic::rules::{gff_attribute as rule, gff_row};
use crate::diagnostic::{Rule, printable};
use crate::read::gff::tag::Tag;
use crate::read::report::LineReport;

/// Judges a value of a known tag.
pub fn judge(report: &mut LineReport, line: &[u8], tag: Tag, value: Range<usize>) {
    if value.is_empty() {
        return;
    }
    if !tag.takes_several() && tag != Tag::Target {
        unescaped_comma(report, line, tag, value.clone());
    }
    unescaped_ampersand(report, line, value.clone());
    if !matches!(tag, Tag::Note | Tag::Target | Tag::Gap | Tag::IsCircular) {
        blanks(report, line, tag, value.clone());
    }
    match tag {
        Tag::Target => elements(line, value).for_each(|it| target(report, line, it)),
        Tag::Gap if !is_gap(&line[value.clone()]) => {
            add(report, &rule::MALFORMED_GAP, line, value, |it| {
                format!("Gap `{it}` is not made of operations such as M8 D3 M6")
            });
        }
        Tag::IsCircular if truth(&line[value.clone()]).is_none() => {
            add(report, &rule::INVALID_IS_CIRCULAR, line, value, |it| {
                format!("Is_circular is `{it}`, not true")
            });
        }
        Tag::Dbxref | Tag::OntologyTerm => {
            for element in elements(line, value) {
                if memchr::memchr(b':', &line[element.clone()]).is_none() {
                    add(report, &rule::REFERENCE_WITHOUT_DATABASE, line, element, |it| {
                        format!("{} `{it}` names no database before a colon", tag.as_str())
                    });
                }
            }
        }
        _ => {}
    }
}

/// Judges a value of any other tag.
pub fn judge_other(report: &mut LineReport, line: &[u8], value: Range<usize>) {
    unescaped_ampersand(report, line, value);
}

fn unescaped_ampersand(report: &mut LineReport, line: &[u8], value: Range<usize>) {
    if let Some(at) = memchr::memchr(b'&', &line[value.clone()]) {
        let at = value.start + at;
        report.add(&rule::UNESCAPED_CHARACTER, line, at..at + 1, || {
            "an `&` is not written as %26".to_owned()
        });
    }
}

/// Blanks around a name, which make it another name.
fn blanks(report: &mut LineReport, line: &[u8], tag: Tag, value: Range<usize>) {
    if memchr::memchr(b' ', &line[value.clone()]).is_none() {
        return;
    }
    let parts = if tag.takes_several() { elements(line, value).collect() } else { vec![value] };
    for part in parts.into_iter().filter(|it| has_blank_around(&line[it.clone()])) {
        add(report, &rule::BLANK_AROUND_VALUE, line, part, |it| {
            format!("{} `{it}` begins or ends with a blank", tag.as_str())
        });
    }
}

fn unescaped_comma(report: &mut LineReport, line: &[u8], tag: Tag, value: Range<usize>) {
    if let Some(at) = memchr::memchr(b',', &line[value.clone()]) {
        let at = value.start + at;
        report.add(&rule::UNESCAPED_CHARACTER, line, at..at + 1, || {
            format!("{} has one value, but a comma is not written as %2C", tag.as_str())
        });
    }
}

/// What the service's cast to boolean makes of a text.
pub fn truth(text: &[u8]) -> Option<bool> {
    let is = |words: [&str; 5]| {
        words.iter().any(|it| text.trim_ascii().eq_ignore_ascii_case(it.as_bytes()))
    };
    if is(["true", "t", "yes", "y", "1"]) {
        return Some(true);
    }
    is(["false", "f", "no", "n", "0"]).then_some(false)
}

/// `target_id start end [strand]`
fn target(report: &mut LineReport, line: &[u8], value: Range<usize>) {
    let mut words = line[value.clone()].split(|it| *it == b' ').filter(|it| !it.is_empty());
    let id = words.next();
    if id.is_some_and(|it| !is_sound_md5(it)) {
        add(report, &gff_row::MALFORMED_MD5_SEQID, line, value.clone(), |it| {
            format!("Target `{it}` has no MD5 id")
        });
    }
    let number = |it: Option<&[u8]>| std::str::from_utf8(it?).ok()?.parse::<u64>().ok();
    let (start, end, strand, more) = (words.next(), words.next(), words.next(), words.next());
    let why = match (id, number(start), number(end)) {
        (Some(_), Some(_), Some(_)) if more.is_some() => "has more than four parts",
        (Some(_), Some(start), Some(end)) if start > end => "ends before it starts",
        (Some(_), Some(0), Some(_)) => "starts at 0, but positions count from one",
        (Some(_), Some(_), Some(_))
            if !matches!(strand, None | Some(b"+" | b"-" | b"?" | b".")) =>
        {
            "has a strand that is neither + nor -"
        }
        (Some(_), Some(_), Some(_)) => return,
        (_, _, _) if end.is_none() => "has fewer than three parts",
        (_, _, _) => "has a start or an end that is no integer",
    };
    add(report, &rule::MALFORMED_TARGET, line, value, |it| format!("Target `{it}` {why}"));
}

/// Operations of a letter and a length, separated by blanks.
fn is_gap(text: &[u8]) -> bool {
    let mut operations = text.split(|it| matches!(it, b' ' | b'+')).filter(|it| !it.is_empty());
    operations.clone().next().is_some()
        && operations.all(|it| {
            matches!(it.first(), Some(b'M' | b'I' | b'D' | b'F' | b'R'))
                && it.len() > 1
                && it[1..].iter().all(u8::is_ascii_digit)
        })
}

/// The values between commas.
pub fn elements(line: &[u8], value: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = value.start;
    let ends = memchr::memchr_iter(b',', &line[value.clone()]).map(move |it| value.start + it);
    ends.chain([value.end]).map(move |end| {
        let range = start..end;
        start = end + 1;
        range
    })
}

/// Adds a finding about a value.
fn add(
    report: &mut LineReport,
    rule: &'static Rule,
    line: &[u8],
    range: Range<usize>,
    message: impl FnOnce(&str) -> String,
) {
    let value = &line[range.clone()];
    report.add(rule, line, range, || message(&printable(value, 40)));
}
