//! What `annostore fix` says of a file: what was mended, and what is left.

use std::fmt::Write as _;
use std::path::Path;

use super::output;
use crate::diagnostic::render::number::counted;
use crate::diagnostic::render::text::{self, Audience};
use crate::fix::{Fixed, Mend, Times};
use crate::model::shell_word;

/// What was asked for.
pub struct Told<'a> {
    /// The file.
    pub file: &'a str,
    /// Where its mended text goes.
    pub output: Option<&'a Path>,
    /// Whether that takes the place of the file.
    pub in_place: bool,
    /// Where the lines go that an import stores.
    pub valid: Option<&'a Path>,
    /// Where those go that it rejects.
    pub rejected: Option<&'a Path>,
    /// Whether a diff is shown.
    pub diff: bool,
}

/// Keys that are named at most.
const KEYS: usize = 10;

/// The text for a person; with `quiet` only what is left.
pub fn of(fixed: &Fixed, told: &Told, quiet: bool) -> String {
    let mut text = String::new();
    if !quiet {
        text += &mended(fixed, told);
    }
    match fixed.report.clone() {
        Some(mut report) => {
            report.profile = None;
            text += &text::render(&report, output::style(), Audience::Checker);
        }
        None if !quiet => {
            text += "not checked again: give the schema of the table with --options\n";
        }
        None => {}
    }
    text
}

/// What was mended, and where it went.
fn mended(fixed: &Fixed, told: &Told) -> String {
    let file = told.file;
    let is_written = told.output.is_some() || told.in_place;
    let parts = parts(told);
    if fixed.mends.is_empty() {
        let left = if told.in_place { "; the file is as it was" } else { "" };
        return format!("{file}: nothing to mend{left}\n{parts}\n");
    }
    let mut text = match (told.output, told.in_place) {
        (Some(output), _) if output == Path::new("-") => format!("{file}: mended\n"),
        (Some(output), _) => format!("{file}: mended, in {}\n", output.display()),
        (None, true) => format!("{file}: mended in place\n"),
        (None, false) => format!("{file}: can be mended\n"),
    };
    for (mend, times) in fixed.mends.made() {
        let _ = writeln!(text, "  {}", line(fixed, mend, times));
    }
    for (mend, _) in fixed.mends.made() {
        if let Some(warning) = mend.warning() {
            let _ = writeln!(text, "warning: {warning}");
        }
    }
    if fixed.has_no_diff {
        text += "note: the lines do not end in LF, so there is no diff of them\n";
    }
    if fixed.left_out_of_diff > 0 {
        let lines = counted(fixed.left_out_of_diff, "more changed line");
        let _ = writeln!(text, "note: the diff ends here; {lines} not shown");
    }
    text += &parts;
    if !is_written && parts.is_empty() && !told.diff {
        let file = shell_word(file);
        let _ = writeln!(
            text,
            "nothing is written yet: `annostore fix {file} -o OUT` writes it to OUT, `--in-place` \
             to the file itself, `--diff` shows it"
        );
    }
    if !is_written {
        text += "what is left once it is mended:\n";
    }
    text + "\n"
}

/// Where lines went that were written apart.
fn parts(told: &Told) -> String {
    let mut text = String::new();
    let parts =
        [("lines that an import stores", told.valid), ("lines that it rejects", told.rejected)];
    for (what, path) in parts {
        if let Some(path) = path.filter(|it| *it != Path::new("-")) {
            let _ = writeln!(text, "{what}: in {}", path.display());
        }
    }
    text
}

/// What was mended, how often and where first.
fn line(fixed: &Fixed, mend: Mend, times: Times) -> String {
    let mut line = match mend.rule(fixed.file) {
        Some(rule) => format!("{} {}", rule.code, mend.as_str()),
        None => mend.as_str().to_owned(),
    };
    let keys = keys(fixed, mend);
    if !keys.is_empty() {
        let _ = write!(line, ": {keys}");
    } else if times.count > 1 {
        let _ = write!(line, ": {} times, first in line {}", times.count, times.first);
    } else if times.first > 0 {
        let _ = write!(line, ": line {}", times.first);
    }
    line
}

/// The keys that are defined.
fn keys(fixed: &Fixed, mend: Mend) -> String {
    use crate::read::vcf::KeyKind;
    let kind = match mend {
        Mend::Filter => KeyKind::Filter,
        Mend::Info => KeyKind::Info,
        Mend::Format => KeyKind::Format,
        _ => return String::new(),
    };
    let all: Vec<_> = fixed.additions.iter().filter(|it| it.kind == kind).collect();
    let mut keys: Vec<&str> = all.iter().take(KEYS).map(|it| it.key.as_str()).collect();
    let more = format!("and {} more", all.len() - keys.len());
    if all.len() > keys.len() {
        keys.push(&more);
    }
    keys.join(", ")
}
