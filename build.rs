//! Makes the rules of `src/diagnostic/rules`: a static of each page, and the list of all.
//!
//! A page begins with a head of `field: value` lines between two lines of `---`. Behind it, the
//! first paragraph says what the rule finds, and the others explain it. A page with a hole, with
//! another field or with an unknown word ends the build, which names file and line.

// A build script speaks to cargo on standard output.
#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::iter::Peekable;
use std::path::PathBuf;
use std::{env, fs, io};

const FOLDER: &str = "src/diagnostic/rules";

/// What rules look at, in the order of the manual, and what the documentation says of their
/// module.
const SUBJECTS: [(&str, &str); 14] = [
    ("file", "Rules about files as such, whatever their format."),
    ("reference", "Rules about variants held against a reference."),
    ("tsv-normalization", "Rules about rows of TSV that an import is to normalize."),
    ("request", "Rules about the JSON of a request: for a store, or for an import job."),
    ("gff-file", "Rules about a GFF3 file as a whole: directives and sequences."),
    ("gff-row", "Rules about the first eight columns of a GFF3 row."),
    ("gff-attribute", "Rules about the attributes of a GFF3 row."),
    (
        "gff-hierarchy",
        "Rules about what holds the rows of a GFF3 file together: `ID` and `Parent`.",
    ),
    ("tsv-file", "Rules about TSV files as such: options, schema and header."),
    ("tsv-row", "Rules about the rows of a TSV file."),
    ("vcf-header", "Rules about the header of a VCF file."),
    ("vcf-record", "Rules about the records of a VCF file."),
    ("vcf-annotation", "Rules about the annotations of VEP and `SnpEff` in INFO."),
    ("vcf-sample", "Rules about the samples of a VCF file."),
];
const EFFECTS: [&str; 5] = ["refuses-request", "fails-job", "drops-row", "loses-value", "accepted"];
const OUTCOMES: [&str; 3] = ["stored", "stored-changed", "rejected"];
const SPECIFICATIONS: [&str; 4] = ["forbids", "discourages", "allows", "silent"];
/// How loudly a rule speaks where it is no error.
const SEVERITIES: [&str; 2] = ["warning", "note"];

/// The fields of a head, in their order.
const FIELDS: [&str; 10] = [
    "name",
    "subject",
    "effect",
    "outcome",
    "specification",
    "severity",
    "help",
    "source",
    "service",
    "fix",
];
/// Those that may be left out: where in the service's own libraries the effect was read, and what
/// `annostore fix` does.
const OPTIONAL: [&str; 2] = ["service", "fix"];

/// What is wrong with a page, and in which line.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// A page that can be made into a rule.
#[derive(Debug)]
pub struct Page {
    code: String,
    /// The fields in the order of [`FIELDS`].
    fields: [String; FIELDS.len()],
    summary: String,
    explanation: String,
}

fn main() -> io::Result<()> {
    // Also the folder, so that a rule that comes or goes is seen.
    println!("cargo::rerun-if-changed=build.rs\ncargo::rerun-if-changed={FOLDER}");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(FOLDER)?.map(|it| Ok(it?.path())).collect::<io::Result<_>>()?;
    folders.retain(|it| it.is_dir());
    let mut pages = Vec::new();
    for folder in folders {
        let path = folder.join("rule.md");
        let code = folder.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path);
        let page = text.map_err(|error| Fault { line: 1, message: error.to_string() });
        match page.and_then(|text| Page::parse(&code, &text)) {
            Ok(page) => pages.push(page),
            Err(Fault { line, message }) => {
                println!("cargo::error={}:{line}: {message}", path.display());
            }
        }
    }
    pages.sort_by(|a, b| (a.subject(), &a.code).cmp(&(b.subject(), &b.code)));
    for (one, other) in doubles(&pages) {
        println!("cargo::error={FOLDER}/{one}/rule.md:2: {other} has the same name");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("rules.rs"), source(&pages))
}

/// The codes of pages that have the name of an earlier one, each with the code of that.
pub fn doubles(pages: &[Page]) -> Vec<(&str, &str)> {
    let mut first = HashMap::new();
    let codes = pages.iter().filter_map(|it| {
        let earlier = first.insert(it.field("name"), it.code.as_str());
        earlier.map(|earlier| (it.code.as_str(), earlier))
    });
    codes.collect()
}

impl Page {
    /// Reads the page of a rule.
    pub fn parse(code: &str, text: &str) -> Result<Self, Fault> {
        let (letters, digits) = code.split_at(code.len().saturating_sub(3));
        let is_code = letters.len() >= 3
            && letters.bytes().all(|it| it.is_ascii_uppercase())
            && digits.bytes().all(|it| it.is_ascii_digit());
        if !is_code {
            return fault(1, "the folder of a rule is named after its code, such as VCF101");
        }
        let mut lines = text.lines().zip(1..).peekable();
        if lines.next().is_none_or(|(line, _)| line != "---") {
            return fault(1, "a page begins with `---` and its fields");
        }
        let fields = head(&mut lines)?;
        let (summary, explanation) = body(lines)?;
        Ok(Self { code: code.to_owned(), fields, summary, explanation })
    }

    fn field(&self, name: &str) -> &str {
        let place = FIELDS.iter().position(|it| *it == name);
        place.map_or("", |it| &self.fields[it])
    }

    /// The place of the subject among all.
    fn subject(&self) -> Option<usize> {
        SUBJECTS.iter().position(|it| it.0 == self.field("subject"))
    }
}

fn fault<T>(line: usize, message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { line, message: message.into() })
}

/// Reads the fields, and the line that ends them.
fn head<'a>(
    lines: &mut Peekable<impl Iterator<Item = (&'a str, usize)>>,
) -> Result<[String; FIELDS.len()], Fault> {
    let mut fields: [String; FIELDS.len()] = Default::default();
    for (name, field) in FIELDS.iter().zip(&mut fields) {
        if OPTIONAL.contains(name) && lines.peek().is_some_and(|it| !it.0.starts_with(name)) {
            continue;
        }
        let (line, number) = lines.next().unwrap_or_default();
        let Some(value) = line.strip_prefix(name).and_then(|it| it.strip_prefix(": ")) else {
            let all = FIELDS.join(", ");
            return fault(number, format!("here belongs `{name}: ...`; a head has {all}"));
        };
        *field = plain(value).or_else(|message| fault(number, message))?;
        check(name, field).or_else(|message| fault(number, message))?;
    }
    match lines.next() {
        Some(("---", _)) => Ok(fields),
        end => fault(end.unwrap_or_default().1, "behind the fields belongs a line of `---`"),
    }
}

/// The value of a field: as it stands, or within double quotes, as YAML has it.
fn plain(value: &str) -> Result<String, String> {
    let Some(quoted) = value.strip_prefix('"') else {
        let is_special = value.starts_with(|it: char| !it.is_alphanumeric())
            || [": ", " #"].iter().any(|it| value.contains(it))
            || value != value.trim();
        let help = "a value that YAML would read otherwise stands within double quotes";
        return if is_special { Err(help.to_owned()) } else { Ok(value.to_owned()) };
    };
    let inside = quoted.strip_suffix('"').ok_or("the closing quote is missing")?;
    if inside.contains(['"', '\\']) {
        return Err("within quotes there are neither quotes nor backslashes".to_owned());
    }
    Ok(inside.to_owned())
}

fn check(name: &str, value: &str) -> Result<(), String> {
    let words: Vec<&str> = match name {
        "subject" => SUBJECTS.iter().map(|it| it.0).collect(),
        "effect" => EFFECTS.to_vec(),
        "outcome" => OUTCOMES.to_vec(),
        "specification" => SPECIFICATIONS.to_vec(),
        "severity" => SEVERITIES.to_vec(),
        _ => Vec::new(),
    };
    let is_name = |it: &str| {
        let is_kebab = |it: u8| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
        it.starts_with(|it: char| it.is_ascii_lowercase()) && it.bytes().all(is_kebab)
    };
    if value.is_empty() {
        Err(format!("{name} is empty"))
    } else if name == "name" && !is_name(value) {
        Err(format!("`{value}` is no name in kebab case"))
    } else if !words.is_empty() && !words.contains(&value) {
        Err(format!("there is no {name} `{value}`; there are {}", words.join(", ")))
    } else {
        Ok(())
    }
}

/// The summary and the explanation. Lines of a paragraph are joined.
fn body<'a>(lines: impl Iterator<Item = (&'a str, usize)>) -> Result<(String, String), Fault> {
    let mut paragraphs: Vec<String> = Vec::new();
    let (mut is_open, mut last) = (false, 1);
    for (line, number) in lines {
        last = number;
        // Printed in a terminal, joined and wrapped, nothing else would be what it is.
        let mark = line.split(' ').next().unwrap_or_default();
        let is_item = mark.strip_suffix('.').is_some_and(|it| it.parse::<u32>().is_ok());
        let marks = ["#", "##", "###", "-", "*", "+", ">", "```", "|"];
        if is_item || marks.contains(&mark) || line != line.trim() {
            return fault(number, "a page consists of paragraphs only");
        }
        match paragraphs.last_mut().filter(|_| is_open && !line.is_empty()) {
            Some(paragraph) => {
                paragraph.push(' ');
                paragraph.push_str(line);
            }
            None if !line.is_empty() => paragraphs.push(line.to_owned()),
            None => {}
        }
        is_open = !line.is_empty();
    }
    match paragraphs.split_first() {
        Some((summary, rest)) if !rest.is_empty() => Ok((summary.clone(), rest.join("\n\n"))),
        Some(_) => fault(last, "there is no explanation: a second paragraph"),
        None => fault(last, "there is no summary: a first paragraph"),
    }
}

/// The Rust source of all rules: a module for each subject, and the list.
pub fn source(pages: &[Page]) -> String {
    let (mut text, mut list) = (String::new(), String::new());
    for (index, (subject, about)) in SUBJECTS.iter().enumerate() {
        let module = subject.replace('-', "_");
        text += &format!(
            "/// {about}\n\
             #[allow(clippy::doc_markdown)] // names in plain words, as in the manual\n\
             pub mod {module} {{\n\
             use crate::diagnostic::{{Effect, Outcome, Rule, Severity, Specification, Subject}};\n"
        );
        for page in pages.iter().filter(|it| it.subject() == Some(index)) {
            let name = page.field("name").replace(['-', '.'], "_").to_uppercase();
            text += &format!("/// {}\npub static {name}: Rule = {};\n", page.summary, rule(page));
            list += &format!("&{module}::{name},");
        }
        text += "}\n";
    }
    text + &format!(
        "/// Every rule, by subject and code.\npub static RULES: &[&Rule] = &[{list}];\n"
    )
}

/// The expression of a rule.
fn rule(page: &Page) -> String {
    let text = |name: &str| format!("{:?}", page.field(name));
    let word = |of: &str, name: &str| format!("{of}::{}", pascal(page.field(name)));
    let members = [
        ("code", format!("{:?}", page.code)),
        ("name", text("name")),
        ("subject", word("Subject", "subject")),
        ("effect", word("Effect", "effect")),
        ("outcome", word("Outcome", "outcome")),
        ("specification", word("Specification", "specification")),
        ("otherwise", word("Severity", "severity")),
        ("summary", format!("{:?}", page.summary)),
        ("explanation", format!("{:?}", page.explanation)),
        ("help", text("help")),
        ("source", text("source")),
        ("service", text("service")),
        ("fix", text("fix")),
    ];
    let members = members.map(|(name, value)| format!("{name}: {value}"));
    format!("Rule {{ {} }}", members.join(", "))
}

/// The variant of an enum that a word stands for: `fails-job` is `FailsJob`.
fn pascal(word: &str) -> String {
    let parts = word.split('-').map(|part| {
        let (first, rest) = part.split_at(part.len().min(1));
        first.to_uppercase() + rest
    });
    parts.collect()
}
