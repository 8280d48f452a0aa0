//! The sessions of README.md and of pages in docs/ are true: each command is run, and prints what
//! stands below it.
#![cfg(all(feature = "store", unix))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};

/// A request that the README shows.
const JOB: &str = r##"{"destinationName": "scores",
 "roleArn": "arn:aws:iam::000000000000:role/importer",
 "items": [{"source": "s3://bucket/scores.tsv"}],
 "formatOptions": {"tsvOptions": {"readOptions": {"delimiter": "\t", "comment": "#"}}}}
"##;

/// A command with what it prints; a line `...` stands for any lines.
struct Example {
    command: String,
    output: String,
}

/// The commands of the blocks marked `console`, in order.
fn examples(markdown: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for block in markdown.split("```console\n").skip(1) {
        let mut in_command = false;
        for line in block.split("```").next().unwrap().lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                examples.push(Example { command: command.to_owned(), output: String::new() });
            } else {
                let last = examples.last_mut().unwrap();
                let text = if in_command { &mut last.command } else { &mut last.output };
                text.push_str(if in_command { "\n" } else { "" });
                text.push_str(line);
                text.push_str(if in_command { "" } else { "\n" });
            }
            let command = &examples.last().unwrap().command;
            let quotes = command.replace("\\\"", "").matches('"').count();
            in_command = command.ends_with('\\') || quotes % 2 == 1;
        }
    }
    examples
}

/// What the program prints, its messages last, as a terminal shows them. It runs in a folder that
/// has `testdata` as the repository has.
fn run(command: &str, folder: &Path) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_annostore")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .env("ANNOSTORE_HOME", folder.join("home"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// The text without what differs from run to run: ids, times, how long something took, and how
/// large it became.
fn settled(text: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_matches(|it: char| !it.is_ascii_alphanumeric());
        let id = bare.len() == 36 && bare.matches('-').count() == 4;
        let time = bare.ends_with('Z') && bare.contains('T') && bare.contains(':');
        let measured = bare.parse::<f64>().is_ok() && bare.contains('.') && bare.len() < 5;
        if id || time || measured { "#".to_owned() } else { word.to_owned() }
    };
    text.lines()
        .map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ") + "\n")
        .collect()
}

/// Whether a text is as expected, where `...` stands for any lines.
fn fits(text: &str, expected: &str) -> bool {
    let Some((begin, rest)) = expected.split_once("...\n") else { return text == expected };
    let Some(mut text) = text.strip_prefix(begin) else { return false };
    let mut parts = rest.split("...\n").peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    true
}

#[test]
fn every_session_prints_what_it_says() {
    check("README.md", 5);
}

#[test]
fn the_page_of_annotate_is_true() {
    check("docs/annotate.md", 4);
}

#[test]
fn the_page_of_diff_is_true() {
    check("docs/diff.md", 8);
}

#[test]
fn the_page_of_export_is_true() {
    check("docs/export.md", 5);
}

/// Runs the sessions of a page, which has more than so many commands.
fn check(page: &str, least: usize) {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::os::unix::fs::symlink(root.join("testdata"), folder.path().join("testdata")).unwrap();
    std::fs::write(folder.path().join("job.json"), JOB).unwrap();
    let examples = examples(&std::fs::read_to_string(root.join(page)).unwrap());
    assert!(examples.len() > least);
    for Example { command, output } in examples {
        let printed = settled(&run(&command, folder.path()));
        let expected = settled(&output);
        assert!(fits(&printed, &expected), "{page}: $ {command}\n{printed}\nis not\n{expected}");
    }
}
