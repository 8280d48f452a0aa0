//! The pages of docs/ that are made of the rules: `UPDATE_EXPECTED=1` writes them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use annostore::diagnostic::rules::RULES;
use annostore::diagnostic::{Policy, Rule, Specification};

use super::{bless, example, findings};

/// A page for the rules whose codes begin so.
struct Family {
    name: &'static str,
    title: &'static str,
    prefixes: &'static [&'static str],
}

const FAMILIES: [Family; 4] = [
    Family { name: "vcf", title: "Rules of VCF", prefixes: &["VCF"] },
    Family { name: "gff", title: "Rules of GFF3", prefixes: &["GFF"] },
    Family { name: "tsv", title: "Rules of TSV", prefixes: &["TSV"] },
    Family {
        name: "others",
        title: "Rules of files, requests and references",
        prefixes: &["FILE", "REQ", "REF"],
    },
];

impl Family {
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let prefixes = self.prefixes;
        let is_ours = move |it: &&Rule| prefixes.iter().any(|prefix| it.code.starts_with(prefix));
        RULES.iter().copied().filter(is_ours)
    }
}

/// What a page has to say, or says from now on.
#[track_caller]
fn hold(path: &str, page: &str) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        bless(&place, page);
    }
    let found = fs::read_to_string(&place).unwrap_or_default();
    assert_eq!(page, found, "UPDATE_EXPECTED=1 cargo test --test rules page writes {path}");
}

#[test]
fn the_page_of_each_family_is_that_of_its_rules() {
    for family in &FAMILIES {
        let mut page = format!("# {}\n", family.title);
        for rule in family.rules() {
            page += &section(rule);
        }
        hold(&format!("docs/rules/{}.md", family.name), &page);
    }
}

#[test]
fn the_page_of_all_rules_lists_them() {
    let mut page = INDEX.to_owned();
    let mut listed = 0;
    for family in &FAMILIES {
        writeln!(page, "\n## {}\n\n| rule | severity | what it finds |", family.title).unwrap();
        page += "| --- | --- | --- |\n";
        for rule in family.rules() {
            let Rule { code, name, summary, .. } = rule;
            let anchor = format!("{}-{name}", code.to_lowercase()).replace('.', "");
            let link = format!("rules/{}.md#{anchor}", family.name);
            let (severity, summary) = (rule.severity(Policy::default()), cell(summary));
            writeln!(page, "| [{code}]({link}) | {severity} | {summary} |").unwrap();
            listed += 1;
        }
    }
    assert_eq!(listed, RULES.len());
    hold("docs/rules.md", &page);
}

/// The page of one rule, with the finding of its failing example.
fn section(rule: &Rule) -> String {
    let mut text = format!("\n## {} {}\n\n{}\n\n", rule.code, rule.name, rule.summary);
    writeln!(text, "{}\n\n| | |\n| --- | --- |", rule.explanation).unwrap();
    for (what, says) in [
        ("severity", severities(rule)),
        ("the service", format!("{}, {}", rule.effect, rule.evidence().told())),
        ("annostore", rule.outcome.to_string()),
        ("remedy", rule.help.to_owned()),
        ("`annostore fix`", rule.fix.to_owned()),
        ("source", rule.source.to_owned()),
        ("read in", rule.service.to_owned()),
    ] {
        if !says.is_empty() {
            writeln!(text, "| {what} | {} |", cell(&says)).unwrap();
        }
    }
    text + &finding(rule)
}

/// How loudly a rule speaks, under each policy where these differ.
fn severities(rule: &Rule) -> String {
    let severity = rule.severity(Policy::Service);
    let is_one = Policy::ALL.iter().all(|it| rule.severity(*it) == severity);
    if is_one || rule.specification == Specification::Silent {
        return severity.to_string();
    }
    Policy::ALL.map(|it| format!("{} with `--policy {it}`", rule.severity(it))).join(", ")
}

/// The first finding of the failing example, below the line that has it.
fn finding(rule: &Rule) -> String {
    let path = example(rule.code, "fail");
    let findings = findings(&path);
    let first = findings.kept().iter().find(|it| it.rule == rule).unwrap();
    let line = fs::read_to_string(&path).ok().and_then(|text| {
        let at = usize::try_from(first.at.line).unwrap().checked_sub(1)?;
        text.lines().nth(at).map(shown)
    });
    let drawn = line.filter(|it| !it.is_empty());
    let drawn = drawn.map_or_else(String::new, |it| format!("```text\n{it}\n```\n\n"));
    let column = match first.at.column {
        0 => String::new(),
        column => format!(", column {column}"),
    };
    let place = match first.at.line {
        0 => "The file".to_owned(),
        line => format!("Line {line}{column}"),
    };
    format!("\n{drawn}{place}: {}\n", prose(&first.message))
}

/// A line with tabs as arrows, not too long, and without characters that a page cannot show.
fn shown(line: &str) -> String {
    let seen = line.chars().take(160).map(|it| match it {
        '\t' => '→',
        it if it.is_control() => '�',
        it => it,
    });
    let more = if line.chars().count() > 160 { "…" } else { "" };
    seen.collect::<String>() + more
}

/// A text as a cell of a table.
fn cell(text: &str) -> String {
    prose(text).replace('|', "\\|")
}

/// A text without what a page would take for HTML; spans of code stay.
fn prose(text: &str) -> String {
    let escaped = |(at, part): (usize, &str)| match at % 2 {
        0 => part.replace('<', "&lt;"),
        _ => part.to_owned(),
    };
    text.split('`').enumerate().map(escaped).collect::<Vec<_>>().join("`")
}

const INDEX: &str = "\
# The rules

Each finding of [`annostore check`](check.md) has a rule, and each rule a page: what it finds, what
the service and annostore do, what to do about it, where it comes from, and an example. `annostore
rule CODE` prints the same. A code never changes its meaning and is never given again. The severity
in these tables is that of `--policy service`.

| the service | |
| --- | --- |
| refuses-request | refuses the request, so that there is no job |
| fails-job | fails the whole job |
| drops-row | drops the row without a word |
| loses-value | loses or changes a value without a word |
| accepted | takes it as it is |

| annostore | |
| --- | --- |
| stored | keeps everything |
| stored-changed | keeps it in another form, which the rule describes |
| rejected | cannot store the line (or, for a header, the file) |
";

/// `docs/predictions.md`: where the effect of each rule of VCF was read.
#[test]
fn the_page_of_predictions_is_that_of_the_rules() {
    let mut page = PREDICTIONS.to_owned();
    for rule in RULES.iter().filter(|it| it.code.starts_with("VCF")) {
        let [summary, service] = [rule.summary, rule.service].map(|it| it.replace('|', "\\|"));
        let (code, name, effect) = (rule.code, rule.name, rule.effect);
        writeln!(page, "| {code} | {name} | {summary} | {effect} | {service} |").unwrap();
    }
    hold("docs/predictions.md", &page);
}

const PREDICTIONS: &str = "\
# What the service does with VCF

The service's importer reads VCF with htsjdk and Glow. `annostore check` predicts what becomes of a
file, rule by rule; here is where each prediction was read: the effect in the service, and the class
and function that decides, with what it says. The importer is the one that AWS published
(`glue-variant-etl`); it has Glow 1.2.2, which has htsjdk 2.21. `annostore rule CODE` shows the
same.

| rule | name | what it finds | effect | read in |
| --- | --- | --- | --- | --- |
";
