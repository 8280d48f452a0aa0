//! What an import leaves in words: its report in the home, and the message of its job.

use crate::catalog::ImportRun;
use crate::diagnostic::render::{Style, json, number, text};
use crate::diagnostic::report::{Judged, Report};
use crate::diagnostic::{Effect, Finding, Outcome, Subject};
use crate::model::Result;

/// Leaves the report in the home, where `job report` finds it: for programs, and as a page for
/// people.
pub fn keep_report(run: &ImportRun, report: &Report) -> Result<()> {
    let program = format!("{:#}\n", json::render(std::slice::from_ref(report)));
    run.keep_report("report.json", &program)?;
    run.keep_report(
        "report.txt",
        &text::render(report, Style::PLAIN, text::Audience::Importer(run.job_id())),
    )
}

/// The first rejections with their places, and how many there are; before them what is wrong with
/// the file as a whole and explains them, such as options that do not fit it.
pub fn failure_message(report: &Report) -> String {
    let placed = |it: &Finding| format!("{}: {}", report.place(it.at), it.message);
    let found = report.findings.kept().iter();
    let causes = found.clone().filter(|it| {
        it.rule.subject == Subject::TsvFile
            && it.rule.effect == Effect::FailsJob
            && report.outcome(it.rule) != Outcome::Rejected
    });
    let rejections: Vec<_> =
        found.filter(|it| report.outcome(it.rule) == Outcome::Rejected).take(3).collect();
    let more = report.rejections().saturating_sub(rejections.len() as u64);
    let first: Vec<String> = causes.take(2).chain(rejections).map(placed).collect();
    let rest = if more > 0 {
        format!("; and {}", number::counted(more, "more such finding"))
    } else {
        String::new()
    };
    format!("{}{rest}", first.join("; "))
}
