//! A report as the result of tests: each file is a suite, each check that was made a test in it. A
//! check with errors fails, one with other findings passes and says them, one that could not be
//! made is skipped. Jenkins, GitLab and others take it.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::consequence::consequence;
use super::form::{Form, Renderer, Style};
use super::number::counted;
use crate::diagnostic::report::{Judged, Report, RequestReport, SkippedCheck};
use crate::diagnostic::{Findings, Rule, Severity, Tally};
use crate::model::Error;

/// For servers that run tests.
pub static FORM: Form = Form {
    name: "junit",
    summary: "JUnit XML: a suite for each file, a test for each check",
    is_binary: false,
    begin: |_: Style| Box::new(Suites::default()),
};

/// Findings of a rule that its test tells.
const TOLD: usize = 20;

#[derive(Default)]
struct Suites {
    suites: String,
    total: TestCounts,
}

/// Tests of a suite, or of all.
#[derive(Clone, Copy, Default)]
struct TestCounts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl TestCounts {
    fn attributes(self) -> String {
        let Self { tests, failures, errors, .. } = self;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
    }
}

impl Suites {
    fn add(&mut self, file: &str, cases: &str, counts: TestCounts) {
        let (name, attributes, skipped) = (escaped(file), counts.attributes(), counts.skipped);
        self.suites += &format!(
            "  <testsuite name=\"{name}\" {attributes} skipped=\"{skipped}\" time=\"0\">\n\
             {cases}  </testsuite>\n"
        );
        self.total.tests += counts.tests;
        self.total.failures += counts.failures;
        self.total.errors += counts.errors;
    }

    /// Adds a suite of the checks that were made, among them the rules that spoke.
    fn judged(&mut self, report: &dyn Judged, made: &[&Rule], skipped: &[SkippedCheck]) {
        let (mut cases, mut counts) = (String::new(), TestCounts::default());
        let tallies = report.findings().tallies();
        let spoke = |rule: &Rule| tallies.iter().find(|it| it.rule == rule);
        let others = tallies.iter().map(|it| it.rule).filter(|it| !made.contains(it));
        let hidden = hidden_rules(report.findings());
        let is_hidden = |rule: &&Rule| hidden.iter().any(|it| it.rule == *rule);
        for rule in made.iter().copied().filter(|it| !is_hidden(it)).chain(others) {
            let inside = spoke(rule).map_or_else(String::new, |it| findings(report, it));
            let fails = inside.contains("<failure");
            case(&mut cases, report.file(), &format!("{} {}", rule.code, rule.name), &inside);
            counts.tests += 1;
            counts.failures += usize::from(fails);
        }
        for it in skipped.iter().chain(&hidden).filter(|it| spoke(it.rule).is_none()) {
            let inside = format!("      <skipped message=\"{}\"/>\n", escaped(&it.why));
            let name = format!("{} {}", it.rule.code, it.rule.name);
            case(&mut cases, report.file(), &name, &inside);
            counts.tests += 1;
            counts.skipped += 1;
        }
        if counts.tests == 0 {
            case(&mut cases, report.file(), "request", "");
            counts.tests = 1;
        }
        self.add(report.file(), &cases, counts);
    }
}

impl Renderer for Suites {
    fn request(&mut self, report: &RequestReport, _: &mut dyn Write) -> io::Result<()> {
        self.judged(report, &[], &[]);
        Ok(())
    }

    fn file(&mut self, report: &Report, _: &mut dyn Write) -> io::Result<()> {
        self.judged(report, &report.checks, &report.skipped);
        Ok(())
    }

    fn unchecked(&mut self, file: &str, why: &Error, _: &mut dyn Write) -> io::Result<()> {
        let (message, help) = (escaped(&why.to_string()), escaped(why.help().unwrap_or_default()));
        let kind = why.kind().as_str();
        let inside = format!("      <error message=\"{message}\" type=\"{kind}\">{help}</error>\n");
        let mut cases = String::new();
        case(&mut cases, file, "it can be read", &inside);
        self.add(file, &cases, TestCounts { tests: 1, errors: 1, ..TestCounts::default() });
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        let attributes = self.total.attributes();
        writeln!(out, "<testsuites name=\"annostore check\" {attributes} time=\"0\">")?;
        writeln!(out, "{}</testsuites>", self.suites)
    }
}

/// The rules of which nothing is told, and on whose word: no test of theirs passed.
fn hidden_rules(findings: &Findings) -> Vec<SkippedCheck> {
    let hidden = findings.hidden().iter().map(|it| {
        let why = format!("{} hidden by {}", counted(it.count, "finding"), it.by);
        SkippedCheck { rule: it.rule, why: why.into() }
    });
    hidden.filter(|it| findings.tallies().iter().all(|tally| tally.rule != it.rule)).collect()
}

/// What the test of a rule says that spoke.
fn findings(report: &dyn Judged, tally: &Tally) -> String {
    let rule = tally.rule;
    let kept = report.findings().kept().iter().filter(|it| it.rule == rule);
    let mut text = String::new();
    for it in kept.take(TOLD) {
        let _ = writeln!(text, "{}: {}", report.place(it.at).trim_end_matches(':'), it.message);
    }
    text += &format!("{}\n{}\n", consequence(rule, report.outcome(rule)), rule.help);
    let (text, summary) = (escaped(&text), escaped(rule.summary));
    if report.severity(rule) == Severity::Error {
        let count = counted(tally.count, "finding");
        let effect = rule.effect;
        format!(
            "      <failure message=\"{count}: {summary}\" type=\"{effect}\">{text}</failure>\n"
        )
    } else {
        format!("      <system-out>{text}</system-out>\n")
    }
}

fn case(cases: &mut String, file: &str, name: &str, inside: &str) {
    let (file, name) = (escaped(file), escaped(name));
    let begin = format!("    <testcase classname=\"{file}\" name=\"{name}\" time=\"0\"");
    *cases += &match inside {
        "" => format!("{begin}/>\n"),
        inside => format!("{begin}>\n{inside}    </testcase>\n"),
    };
}

/// A text as XML has it, in attributes too; what no XML may have becomes the mark of what is lost.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(it),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            it if it.is_control() => escaped.push('\u{fffd}'),
            it => escaped.push(it),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn xml_has_no_control_characters() {
        assert_eq!(
            escaped("a<b>&\"c\"\u{1b}\u{0}\u{ffff}é\n"),
            "a&lt;b&gt;&amp;&quot;c&quot;\u{fffd}\u{fffd}\u{fffd}é\n"
        );
    }
}
