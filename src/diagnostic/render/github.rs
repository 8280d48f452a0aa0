//! A report as commands of a GitHub workflow, which become annotations of the lines. A step has at
//! most ten of each level, of which GitHub shows no more: those that tell most are chosen, and what
//! is left out is counted in the log.

use std::io::{self, Write};

use super::consequence::consequence;
use super::form::{Form, Renderer, Style};
use super::number::grouped;
use super::place::{TextSpan, firsts_first, span};
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Error, visible_lines};

/// For workflows of GitHub.
pub static FORM: Form = Form {
    name: "github",
    summary: "Annotations of a GitHub workflow, ten of each level",
    is_binary: false,
    begin: |_: Style| Box::new(Annotations::default()),
};

/// Annotations of a level that a step may have.
const OF_EACH_LEVEL: usize = 10;

/// The levels, as GitHub calls them.
const LEVELS: [(Severity, &str); 3] =
    [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")];

#[derive(Default)]
struct Annotations {
    levels: [OfLevel; LEVELS.len()],
}

/// The annotations of a level, of which those that stand for a rule in a file come first.
#[derive(Default)]
struct OfLevel {
    firsts: Vec<String>,
    others: Vec<String>,
    total: u64,
}

impl Annotations {
    fn add(&mut self, report: &dyn Judged) {
        for (level, (severity, name)) in self.levels.iter_mut().zip(LEVELS) {
            level.total += report.count(severity);
            let mut seen: Vec<&str> = Vec::new();
            for it in firsts_first(report, severity).take(2 * OF_EACH_LEVEL) {
                let is_first = !seen.contains(&it.rule.code);
                seen.push(it.rule.code);
                let list = if is_first { &mut level.firsts } else { &mut level.others };
                if list.len() < OF_EACH_LEVEL {
                    list.push(command(name, report, it));
                }
            }
        }
    }
}

impl Renderer for Annotations {
    fn request(&mut self, report: &RequestReport, _: &mut dyn Write) -> io::Result<()> {
        self.add(report);
        Ok(())
    }

    fn file(&mut self, report: &Report, _: &mut dyn Write) -> io::Result<()> {
        self.add(report);
        Ok(())
    }

    fn unchecked(&mut self, file: &str, why: &Error, _: &mut dyn Write) -> io::Result<()> {
        let errors = &mut self.levels[0];
        errors.total += 1;
        let help = why.help().map(|it| format!("\n{it}")).unwrap_or_default();
        let message = data(&format!("{why}{help}"));
        let command = format!("::error file={},title=not checked::{message}", property(file));
        // It goes before all: nothing else is known of the file.
        errors.firsts.insert(0, command);
        errors.firsts.truncate(OF_EACH_LEVEL);
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        for (level, (_, name)) in self.levels.iter().zip(LEVELS) {
            let chosen = level.firsts.iter().chain(&level.others).take(OF_EACH_LEVEL);
            for it in chosen.clone() {
                writeln!(out, "{it}")?;
            }
            let more = level.total.saturating_sub(chosen.count() as u64);
            if more > 0 {
                writeln!(out, "{} more of level {name} are in no annotation", grouped(more))?;
            }
        }
        Ok(())
    }
}

fn command(level: &str, report: &dyn Judged, finding: &Finding) -> String {
    let rule = finding.rule;
    let mut text = format!("::{level} file={}", property(report.file()));
    let at = span(report, finding);
    if let Some(TextSpan { line, columns }) = at {
        text += &format!(",line={line}");
        if let Some((first, behind)) = columns {
            text += &format!(",col={first},endColumn={}", first.max(behind - 1));
        }
    }
    let place = if at.is_none() && finding.at.line > 0 {
        format!("{}: ", report.place(finding.at))
    } else {
        String::new()
    };
    let told = format!(
        "{place}{}\n{}\n{}",
        finding.message,
        consequence(rule, report.outcome(rule)),
        rule.help
    );
    text + &format!(",title={}::{}", property(&format!("{} {}", rule.code, rule.name)), data(&told))
}

/// A text behind `::`, as the runner reads it back.
fn data(text: &str) -> String {
    visible_lines(text).replace('%', "%25").replace('\n', "%0A")
}

/// The value of a property, as the runner reads it back.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
