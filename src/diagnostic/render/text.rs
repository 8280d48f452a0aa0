//! A report for a person: the first finding of each rule in full, then a table of all rules, and
//! where the other findings are.

use std::cmp::Reverse;
use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer as Painter, Snippet};

use super::choice;
use super::consequence::consequence;
use super::form::{Form, Renderer, Style};
use super::number::counted;
use super::page::{PAGE, height, narrowed, wrapped};
use super::profile;
use super::table::fitting;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Effect, Finding, Outcome, Policy, Rule, Severity, Tally};
use crate::model::{Error, shell_word, visible, visible_lines};

/// Lines of the table.
const TABLE: usize = 20;

/// For people.
pub static FORM: Form = Form {
    name: "text",
    summary: "For people",
    is_binary: false,
    begin: |style| Box::new(Text { style }),
};

/// Draws each report at once.
struct Text {
    style: Style,
}

impl Renderer for Text {
    fn request(&mut self, report: &RequestReport, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(render_request(report, self.style).as_bytes())
    }

    fn file(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(render(report, self.style, Audience::Checker).as_bytes())?;
        let told = if self.style.with_checks { checks(report) } else { String::new() };
        out.write_all(told.as_bytes())
    }

    fn unchecked(&mut self, _: &str, _: &Error, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Whom a report is for.
#[derive(Clone, Copy, Debug)]
pub enum Audience<'a> {
    /// Somebody who checks a file or a request.
    Checker,
    /// Somebody who imported a file by this job: what rejects a line comes first.
    Importer(&'a str),
}

impl Audience<'_> {
    /// How early a rule is told.
    fn rank(self, report: &dyn Judged, rule: &Rule) -> (bool, Severity) {
        let rejects = report.outcome(rule) == Outcome::Rejected;
        (matches!(self, Self::Importer(_)) && rejects, report.severity(rule))
    }

    /// What shows the findings that are not drawn.
    fn command(self, file: &str) -> String {
        match self {
            Self::Checker => format!("annostore check {} --output json", shell_word(file)),
            Self::Importer(job) => format!("annostore job report {job} --json"),
        }
    }
}

/// The report as text, with a line break at its end: a page, if it can be.
pub fn render(report: &Report, style: Style, audience: Audience<'_>) -> String {
    let table = table_of_rules(report, style, audience);
    let last = last_lines(report, style);
    let (kept, total) = (report.findings.kept().len(), report.findings.total());
    let whole = if kept as u64 == total { "all" } else { "the first" };
    let command = match report.findings.total_hidden() {
        0 => format!("`{}`", audience.command(&report.file)),
        _ => "`--output json` beside the same flags".to_owned(),
    };
    let others = format!("{whole} {}: {command}\n", counted(kept as u64, "finding"));
    let others = visible_lines(&others);
    let taken: usize = [&table, &last, &*others].iter().map(|it| height(it, style)).sum();
    let (mut text, drawn) = draw_within(report, style, audience, PAGE.saturating_sub(taken));
    text.push_str(&table);
    if total > drawn as u64 {
        text.push_str(&others);
    }
    text.push_str(&visible_lines(&last));
    text
}

/// What was not checked, what is in the file, and what would become of it.
fn last_lines(report: &Report, style: Style) -> String {
    let mut text = String::new();
    if let Some(skipped) = report.skipped.first() {
        let more = report.skipped.len() - 1;
        let others = if more == 0 { String::new() } else { format!(" and {more} more") };
        let told = format!("not checked: {}{others}: {}\n", skipped.rule.code, skipped.why);
        text += &wrapped(&told, style, 2, 0);
    }
    if let Some(profile) = &report.profile {
        text += &wrapped(&profile::text(profile, report.records), style, 12, 0);
    }
    text += &wrapped(&choice::hidden(&report.findings), style, 2, 0);
    text += &choice::text(&report.choice);
    text + &summary(report)
}

/// The report about a request as text, with a line break at its end.
pub fn render_request(report: &RequestReport, style: Style) -> String {
    let table = table_of_rules(report, style, Audience::Checker);
    let hidden = visible_lines(&choice::hidden(&report.findings)).into_owned();
    let last = hidden + &request_summary(report);
    let room = PAGE.saturating_sub(height(&table, style) + height(&last, style));
    draw_within(report, style, Audience::Checker, room).0 + &table + &last
}

/// One line with its break: the request, and what would become of it.
pub fn request_summary(report: &RequestReport) -> String {
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let verdict = request_verdict(report);
    format!(
        "{}: {} and {}{}: {verdict}\n",
        visible(&report.file),
        counted(errors, "error"),
        counted(warnings, "warning"),
        choice::aside(&report.findings),
    )
}

/// What would become of the request.
pub(super) fn request_verdict(report: &RequestReport) -> &'static str {
    let refused = report.findings.count_all_where(|it| it.effect == Effect::RefusesRequest) > 0;
    match (refused, report.count_all(Severity::Error)) {
        (true, _) => "the service would refuse it",
        (false, 0) => report.verdict,
        (false, _) => "the service would take it, with losses",
    }
}

/// As many of the first findings of each rule as so many lines have room for, and one at least; and
/// how many these are.
fn draw_within(
    report: &dyn Judged,
    style: Style,
    audience: Audience<'_>,
    mut room: usize,
) -> (String, usize) {
    let (mut text, mut count) = (String::new(), 0);
    for finding in first_of_each_rule(report, audience) {
        let drawn = draw(report, finding, style) + "\n\n";
        let lines = height(&drawn, style);
        if count > 0 && lines > room {
            break;
        }
        room = room.saturating_sub(lines);
        text.push_str(&drawn);
        count += 1;
    }
    (text, count)
}

/// The table of all rules that spoke, where any did, with an empty line below.
fn table_of_rules(report: &dyn Judged, style: Style, audience: Audience<'_>) -> String {
    match report.findings().tallies() {
        [] => String::new(),
        _ => table(report, style, audience) + "\n",
    }
}

/// The checks that were made, and those of the others that the report does not name.
fn checks(report: &Report) -> String {
    let made: Vec<_> = report.checks.iter().map(|it| it.code).collect();
    let mut text = format!("checked: {}\n", made.join(", "));
    for skipped in report.skipped.iter().skip(1) {
        text += &format!("not checked: {}: {}\n", skipped.rule.code, skipped.why);
    }
    text
}

/// One line with its break: the file, and what would become of it.
pub fn summary(report: &Report) -> String {
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let lines = match report.bcf_header {
        Some(header) => format!("behind {} of header", counted(header, "line")),
        None => format!("in {}", counted(report.lines, "line")),
    };
    let rejected = match report.rejected_lines {
        0 => String::new(),
        rejected => format!(", {rejected} of them rejected,"),
    };
    format!(
        "{}: {}{rejected} {lines}; {} and {}{}: {}{}\n",
        report.file,
        counted(report.records + report.rejected_lines, "record"),
        counted(errors, "error"),
        counted(warnings, "warning"),
        choice::aside(&report.findings),
        verdict(report),
        reservation(report),
    )
}

/// What else there is to say of the verdict.
pub(super) fn reservation(report: &Report) -> &'static str {
    let of_bcf = report.bcf_header.is_some() && report.policy == Policy::Service;
    if of_bcf { ", as VCF: it does not read BCF" } else { "" }
}

/// What would become of the file, or what it is, by the policy and by all findings, also those that
/// the report leaves out.
pub(super) fn verdict(report: &Report) -> &'static str {
    let has_errors = report.count_all(Severity::Error) > 0;
    match (report.policy, has_errors) {
        (Policy::Service, false) => "the service would import it",
        (Policy::Service, true) => {
            let fails = report.findings.count_all_where(|it| it.effect == Effect::FailsJob) > 0;
            if fails {
                "the service would fail this import"
            } else {
                "the service would import it, with losses"
            }
        }
        (Policy::Spec, false) => "it follows the specification",
        (Policy::Spec, true) => "it breaks the specification",
        (Policy::Strict, false) => "it follows the specification and its conventions",
        (Policy::Strict, true) => "it breaks the specification or its conventions",
    }
}

/// The first finding of each rule: errors before warnings, and what rejects lines of an import
/// before all, each in file order. Notes stand in the table alone, unless there is nothing else.
pub(super) fn first_of_each_rule<'a>(
    report: &'a dyn Judged,
    audience: Audience<'_>,
) -> Vec<&'a Finding> {
    let mut firsts: Vec<&Finding> = Vec::new();
    for finding in report.findings().kept() {
        if !firsts.iter().any(|it| it.rule == finding.rule) {
            firsts.push(finding);
        }
    }
    let rank = |it: &Finding| audience.rank(report, it.rule);
    let is_told = |it: &Finding| rank(it) > (false, Severity::Note);
    if firsts.iter().any(|it| is_told(it)) {
        firsts.retain(|it| is_told(it));
    }
    firsts.sort_by_key(|it| (Reverse(rank(it)), it.at.line));
    firsts
}

/// A finding in its line, as a person sees it at the terminal.
pub(super) fn draw(report: &dyn Judged, finding: &Finding, style: Style) -> String {
    let level = match report.severity(finding.rule) {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let record = report.record(finding.at);
    let line = usize::try_from(record.unwrap_or(finding.at.line)).unwrap_or(usize::MAX);
    let column = finding.at.column as usize;
    // A record of BCF has no columns to point to.
    let file = record.map_or_else(|| report.file().to_owned(), |_| report.place(finding.at));
    let (file, message) = (visible(&file), visible(&finding.message));
    let file = file.as_ref();
    // `warning[VCF102]: `, in front of each line of the message.
    let message = wrapped(message.as_ref(), style, 0, 18);
    let title = level.primary_title(message.as_ref()).id(finding.rule.code);
    // Both ends of what is cut off get three full stops, and the number of the line a frame.
    let excerpt = finding.excerpt.as_ref();
    let excerpt = excerpt.map(|it| narrowed(it, style, line.to_string().len() + 11));
    let group = match &excerpt {
        Some(excerpt) => {
            let annotation = AnnotationKind::Primary.span(excerpt.start..excerpt.end);
            let source = Snippet::source(excerpt.text.as_str()).line_start(line);
            // The renderer counts columns itself, in characters of what it is shown.
            let counts_alike = excerpt.text[..excerpt.start].chars().count() + 1 == column;
            if record.is_some() {
                title.element(Origin::path(file)).element(source.annotation(annotation))
            } else if counts_alike {
                title.element(source.path(file).annotation(annotation))
            } else {
                let origin = Origin::path(file).line(line).char_column(column);
                title.element(origin).element(source.annotation(annotation))
            }
        }
        None if line > 0 && record.is_none() => {
            title.element(Origin::path(file).line(line).char_column(column))
        }
        None => title.element(Origin::path(file)),
    };
    let told = consequence(finding.rule, report.outcome(finding.rule));
    // Behind the number of the line comes `= note: `.
    let taken = line.to_string().len() + 10;
    let (told, help) =
        (wrapped(&told, style, 0, taken), wrapped(finding.rule.help, style, 0, taken));
    let group = group
        .element(Level::NOTE.message(told.as_ref()))
        .element(Level::HELP.message(help.as_ref()));
    let renderer = if style.color { Painter::styled() } else { Painter::plain() };
    renderer.decor_style(DecorStyle::Ascii).term_width(style.width).render(&[group])
}

fn table(report: &dyn Judged, style: Style, audience: Audience<'_>) -> String {
    let mut tallies: Vec<&Tally> = report.findings().tallies().iter().collect();
    tallies.sort_by_key(|it| (Reverse(audience.rank(report, it.rule)), it.rule.code));
    let first = if report.has_records() { "first record" } else { "first line" };
    let head = ["rule", "severity", "count", first, "service", "annostore", "what"];
    let rows: Vec<_> = tallies.iter().take(TABLE).map(|it| row(report, it)).collect();
    // What each finding says, too, is left out first.
    let mut text = fitting(head, &rows, &[2, 3], style.width, &[5, 4, 3]);
    if tallies.len() > TABLE {
        let more = counted((tallies.len() - TABLE) as u64, "more rule");
        text += &format!("and {more}; `--output json` has all\n");
    }
    text
}

/// A row of the table: rule, severity, count, first place, effect, outcome, name.
pub(super) fn row(report: &dyn Judged, tally: &Tally) -> [String; 7] {
    let first = match (tally.first.line, report.record(tally.first)) {
        (0, _) => "-".to_owned(),
        (_, Some(record)) => record.to_string(),
        (_, None) if report.has_records() => "header".to_owned(),
        (line, None) => line.to_string(),
    };
    let rule = tally.rule;
    [
        rule.code.to_owned(),
        report.severity(rule).to_string(),
        tally.count.to_string(),
        first,
        rule.effect.to_string(),
        report.outcome(rule).to_string(),
        rule.name.to_owned(),
    ]
}
