//! What a report leaves out, and what changed since an earlier one: told in every form.

use serde_json::{Value, json};

use super::number::counted;
use super::table::table;
use crate::diagnostic::report::{Choice, HeldAgainst};
use crate::diagnostic::{Change, Findings};
use crate::model::shell_word;

/// Behind the number of errors and warnings: how many findings are not among them.
pub fn aside(findings: &Findings) -> String {
    match findings.total_hidden() {
        0 => String::new(),
        hidden => format!(" ({} hidden)", counted(hidden, "finding")),
    }
}

/// A line that says how many findings were left out on whose word, if any were.
pub fn hidden(findings: &Findings) -> String {
    let by: Vec<_> = findings
        .hidden_by()
        .into_iter()
        .map(|(by, count)| format!("{} by {by}", counted(count, "finding")))
        .collect();
    if by.is_empty() { String::new() } else { format!("hidden: {}\n", by.join(", ")) }
}

/// The file of settings, and what became of earlier findings, each a line or a table, if any.
pub fn text(choice: &Choice) -> String {
    let mut text = String::new();
    if let Some(held) = &choice.held_against {
        text += &if held.is_baseline { gone(held) } else { changes(held) };
    }
    if let Some(settings) = &choice.settings {
        text += &format!("settings: {settings}\n");
    }
    text
}

/// What a baseline has that is not there any longer.
fn gone(held: &HeldAgainst) -> String {
    let gone: u64 = held.changes.iter().map(|it| it.gone).sum();
    if gone == 0 {
        return String::new();
    }
    let file = &held.file;
    format!(
        "{} of {file} {} gone: `--write-baseline {}` writes it anew\n",
        counted(gone, "finding"),
        if gone == 1 { "is" } else { "are" },
        shell_word(file)
    )
}

/// What changed since an earlier report, rule by rule.
fn changes(earlier: &HeldAgainst) -> String {
    let changed: Vec<&Change> = earlier.changes.iter().filter(|it| it.is_any()).collect();
    let file = &earlier.file;
    let mut text = if changed.is_empty() {
        format!("nothing changed since {file}\n")
    } else {
        let rows = changed.iter().map(|it| {
            let numbers = [it.was, it.now, it.new, it.gone].map(|it| it.to_string());
            let [was, now, new, gone] = numbers;
            [it.rule.clone(), was, now, new, gone]
        });
        let head = ["rule", "was", "is", "new", "gone"];
        format!("since {file}:\n{}", table(head, rows, &[1, 2, 3, 4]))
    };
    let inexact = earlier.changes.iter().filter(|it| !it.is_exact);
    let inexact: Vec<_> = inexact.map(|it| it.rule.as_str()).collect();
    if !inexact.is_empty() {
        let rules = inexact.join(", ");
        text += &format!(
            "compared by number where not all are listed: {rules}; `--max-findings` lists more\n"
        );
    }
    text
}

/// Adds what was left out to the report in JSON.
pub fn add_hidden(value: &mut Value, findings: &Findings) {
    let hidden = findings.hidden().iter();
    let hidden = hidden.map(|it| json!({ "rule": it.rule.code, "count": it.count, "by": it.by }));
    value["findings_hidden"] = json!(findings.total_hidden());
    value["hidden"] = hidden.collect();
}

/// Adds how many findings were left out on whose word, if any were.
pub fn add_hidden_by(value: &mut Value, findings: &Findings) {
    let by = findings.hidden_by();
    if !by.is_empty() {
        value["hidden"] = by.into_iter().map(|it| (it.0.to_owned(), json!(it.1))).collect();
    }
}

/// Adds the file of settings, and what became of earlier findings.
pub fn add_choice(value: &mut Value, choice: &Choice) {
    if let Some(settings) = &choice.settings {
        value["settings"] = json!(settings);
    }
    if let Some(held) = &choice.held_against {
        let kind = if held.is_baseline { "baseline" } else { "report" };
        let changes: Vec<_> = held.changes.iter().map(change).collect();
        value["compared"] = json!({ "file": held.file, "kind": kind, "rules": changes });
    }
}

fn change(change: &Change) -> Value {
    json!({
        "rule": change.rule,
        "was": change.was,
        "is": change.now,
        "new": change.new,
        "gone": change.gone,
        "is_exact": change.is_exact,
    })
}
