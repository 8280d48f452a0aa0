//! `annostore rule`: the manual pages.

use std::process::ExitCode;

use clap::Args;
use textwrap::{Options, WordSplitter};

use super::output;
use crate::diagnostic::render::consequence::service;
use crate::diagnostic::rules::{RULES, find};
use crate::diagnostic::{Policy, Rule, Specification};
use crate::model::{Error, Result};

/// Print the manual page of a rule; without a code, the list of rules
#[derive(Args, Debug)]
pub struct RuleArgs {
    /// The code or the name of a rule, for example VCF102
    code: Option<String>,
}

/// Prints the page or the list.
pub fn run(args: &RuleArgs) -> Result<ExitCode> {
    let text = match &args.code {
        Some(code) => page(code)?,
        None => list(),
    };
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn list() -> String {
    let width = RULES.iter().map(|it| it.name.len()).max().unwrap_or_default();
    RULES.iter().fold(String::new(), |list, it| {
        let severity = it.severity(Policy::default()).as_str();
        list + &format!("{}  {severity:<8}{:<width$}  {}\n", it.code, it.name, it.summary)
    })
}

fn page(code: &str) -> Result<String> {
    let rule = find(code).ok_or_else(|| {
        Error::invalid(format!("there is no rule `{}`", code.escape_debug()))
            .with_help("`annostore rule` lists them")
    })?;
    let read = if rule.service.is_empty() { "" } else { "\nRead in:   " };
    let fix = if rule.fix.is_empty() { "" } else { "\nFix:       " };
    Ok(format!(
        "{} {}\n\n{}\n\n{}\n\nSeverity:  {}\nService:   {} ({}, {})\nannostore: {}\n\
         Remedy:    {}{fix}{}\n\
         Source:    {}{read}{}\n",
        rule.code,
        rule.name,
        rule.summary,
        wrapped(rule.explanation),
        severities(rule),
        rule.effect,
        service(rule),
        rule.evidence().told(),
        rule.outcome,
        rule.help,
        rule.fix,
        rule.source,
        rule.service,
    ))
}

/// How loudly the rule speaks under each policy.
fn severities(rule: &Rule) -> String {
    if rule.specification == Specification::Silent {
        return rule.severity(Policy::Service).to_string();
    }
    let each = Policy::ALL.map(|it| format!("{} (--policy {it})", rule.severity(it)));
    each.join(", ")
}

/// Breaks lines at 100 columns, between words alone.
fn wrapped(text: &str) -> String {
    let options = Options::new(100).break_words(false).word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}
