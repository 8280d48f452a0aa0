//! The kinds of findings, with examples drawn as at the terminal.

use super::escape::of_terminal;
use crate::diagnostic::render::form::Style;
use crate::diagnostic::render::number::{counted, grouped};
use crate::diagnostic::render::text;
use crate::diagnostic::report::Judged;
use crate::diagnostic::{Finding, Tally, printable};

/// Kinds that are shown with examples.
const DRAWN: usize = 60;
/// Examples of a kind below the one that is drawn.
const EXAMPLES: usize = 9;
/// Bytes of a message that are shown.
const MESSAGE: usize = 200;

/// The findings of a rule.
pub struct RuleFindings {
    /// The code of the rule.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it finds, in a sentence.
    pub summary: &'static str,
    /// How loudly it speaks.
    pub severity: String,
    /// How many findings.
    pub count: String,
    /// On which line, or in which record, the first is.
    pub first: String,
    /// What the service does.
    pub effect: String,
    /// What annostore does.
    pub outcome: String,
    /// The first finding, drawn; empty where none is shown.
    pub drawing: String,
    /// Others: place, value and message.
    pub examples: Vec<[String; 3]>,
    /// What the examples leave out.
    pub more: String,
}

/// The kinds of findings, the worst first, and what is said of examples that are not shown.
pub fn kinds(report: &dyn Judged) -> (Vec<RuleFindings>, String) {
    let mut tallies: Vec<&Tally> = report.findings().tallies().iter().collect();
    let severity = |it: &&Tally| report.severity(it.rule);
    tallies.sort_by_key(|it| (std::cmp::Reverse(severity(it)), it.rule.code));
    let kinds = tallies.iter().enumerate().map(|(place, it)| kind(report, it, place < DRAWN));
    let told = match tallies.len() {
        0 => "Nothing was found.".to_owned(),
        all if all > DRAWN => {
            format!("Examples are shown of the first {DRAWN} of {}.", counted(all as u64, "kind"))
        }
        _ => String::new(),
    };
    (kinds.collect(), told)
}

fn kind(report: &dyn Judged, tally: &Tally, is_drawn: bool) -> RuleFindings {
    let [_, severity, _, first, effect, outcome, _] = text::row(report, tally);
    let (rule, limit) = (tally.rule, if is_drawn { EXAMPLES + 1 } else { 0 });
    let found = report.findings().kept().iter().filter(|it| it.rule == rule).take(limit);
    let found: Vec<&Finding> = found.collect();
    let drawing = found.first().map(|it| drawing(report, it));
    let examples = found.iter().skip(1).map(|it| example(report, it)).collect();
    let more = tally.count.saturating_sub(found.len() as u64);
    let more =
        if more > 0 && is_drawn { format!("and {} more", grouped(more)) } else { String::new() };
    RuleFindings {
        code: rule.code,
        name: rule.name,
        summary: rule.summary,
        severity,
        count: grouped(tally.count),
        first,
        effect,
        outcome,
        drawing: drawing.unwrap_or_default(),
        examples,
        more,
    }
}

fn drawing(report: &dyn Judged, finding: &Finding) -> String {
    let style = Style { color: true, width: 110, ..Style::PLAIN };
    let finding = Finding { message: message(finding), ..finding.clone() };
    of_terminal(&text::draw(report, &finding, style))
}

fn message(finding: &Finding) -> String {
    printable(finding.message.as_bytes(), MESSAGE)
}

fn example(report: &dyn Judged, finding: &Finding) -> [String; 3] {
    let place = match report.record(finding.at) {
        Some(record) => format!("record {}", grouped(record)),
        None if finding.at.line == 0 => "the file".to_owned(),
        None => finding.at.to_string(),
    };
    [place, finding.value.clone(), message(finding)]
}
