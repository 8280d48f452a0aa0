//! The header of a VCF file, line by line with places. A faulty line is a finding and is left out;
//! reading goes on.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::declared::{Contig, Definition, Header, Number};
use super::file::last_line_rule;
use super::judge::definition::{self, Line};
use super::judge::format_name::FormatNames;
use super::members::{Member, members};
use crate::diagnostic::Findings;
use crate::diagnostic::rules::vcf_header as rule;
use crate::model::ValueType;
use crate::read::lines::NO_FINAL_NEWLINE;

/// The names of the fixed columns.
const FIXED: [&str; 8] = ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
/// Kinds of header lines that need an ID.
const WITH_ID: [&str; 5] = ["INFO", "FORMAT", "FILTER", "ALT", "contig"];

/// Reads a header fed line by line.
pub struct HeaderReader<'f> {
    header: Header,
    findings: &'f mut Findings,
    seen: HashMap<(String, String), u64>,
    format_names: FormatNames,
    /// Whether the line with the column names was seen, sound or not.
    ended: bool,
}

impl<'f> HeaderReader<'f> {
    /// A reader that reports to `findings`.
    pub fn new(findings: &'f mut Findings) -> Self {
        Self {
            header: Header { field_count: FIXED.len(), ..Header::default() },
            findings,
            seen: HashMap::new(),
            format_names: FormatNames::default(),
            ended: false,
        }
    }

    /// Reads one line without its line break; false once the header has ended, the line not being
    /// part of it.
    pub fn line(&mut self, line: &[u8]) -> bool {
        if self.ended || !line.starts_with(b"#") {
            return false;
        }
        self.header.lines += 1;
        if self.header.lines == 1 {
            self.first_line(line);
        }
        match line.strip_prefix(b"##") {
            Some(meta) if meta.starts_with(b"fileformat") => self.repeated_first_line(line),
            Some(meta) => self.meta_line(line, meta),
            None => self.column_line(line),
        }
        true
    }

    /// Says that the line read last, and with it the file, does not end in a newline.
    pub fn unterminated(&mut self, line: &[u8]) {
        let rule = last_line_rule(self.header.minor());
        let message = || NO_FINAL_NEWLINE.to_owned();
        self.findings.add(rule, self.header.lines, line, line.len()..line.len(), message);
    }

    /// Ends the header at the first record, whose line is given, or at the end of the file.
    pub fn finish(mut self, next_line: &[u8]) -> Header {
        if self.header.lines == 0 {
            self.first_line(next_line);
        }
        if !self.ended {
            let number = self.header.lines + 1;
            self.findings.add(
                &rule::MISSING_COLUMN_LINE,
                number,
                next_line,
                0..next_line.len().min(40),
                || "there is no `#CHROM` line before this".to_owned(),
            );
        }
        self.header
    }

    fn first_line(&mut self, line: &[u8]) {
        let number = self.header.lines.max(1);
        let text = String::from_utf8_lossy(line);
        let Some(version) = text.strip_prefix("##fileformat=") else {
            let shown = 0..line.len().min(40);
            let absent = self.header.is_absent();
            return self.findings.add(&rule::MISSING_FILEFORMAT, number, line, shown, || {
                let message = "the first line has to be `##fileformat=VCFv4.x`";
                if absent {
                    format!("this does not look like VCF: {message}")
                } else {
                    message.to_owned()
                }
            });
        };
        let numbers = version.strip_prefix("VCFv").and_then(|it| it.split_once('.'));
        self.header.version =
            numbers.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        let (rule, message) = match self.header.version {
            Some((4, 0..=3)) => return,
            Some((4, 4..=5)) => (
                &rule::UNSUPPORTED_VERSION,
                format!("the service's reader knows VCF 4.0 to 4.3, not {version}"),
            ),
            _ => (
                &rule::UNKNOWN_VERSION,
                format!("`{version}` is no version of VCF 4; it is read as VCF 4.2"),
            ),
        };
        let range = "##fileformat=".len()..line.len();
        self.findings.add(rule, number, line, range, || message);
    }

    fn repeated_first_line(&mut self, line: &[u8]) {
        let number = self.header.lines;
        if number > 1 {
            let message = || "there is a second fileformat line".to_owned();
            self.findings.add(&rule::REPEATED_FILEFORMAT, number, line, 0..line.len(), message);
        }
    }

    /// The line as its definition is checked; `at` is where its value or, behind the `<`, its
    /// members begin.
    fn checked<'a>(&'a mut self, line: &'a [u8], kind: &'a str, at: usize) -> Line<'a> {
        let (number, minor) = (self.header.lines, self.header.minor());
        Line { findings: &mut *self.findings, number, text: line, kind, at, minor }
    }

    fn meta_line(&mut self, line: &[u8], meta: &[u8]) {
        let text = String::from_utf8_lossy(meta);
        let Some((kind, value)) =
            text.split_once('=').filter(|(kind, value)| !kind.is_empty() && !value.is_empty())
        else {
            return self.malformed(line, 0..line.len(), "a header line has to be `##key=value`");
        };
        let value_at = 2 + kind.len() + 1;
        if !WITH_ID.contains(&kind) {
            return definition::other(&mut self.checked(line, kind, value_at), value);
        }
        let members =
            value.strip_prefix('<').and_then(|it| it.trim_end().strip_suffix('>')).map(members);
        let Some(members) = members else {
            return self.malformed(
                line,
                value_at..line.len(),
                &format!("the {kind} line has to be `##{kind}=<ID=...,...>`"),
            );
        };
        match members {
            Ok(members) => self.definition(line, value_at + 1, kind, &members),
            Err(fault) => {
                let at = value_at + 1 + fault.at;
                self.malformed(line, at..line.len().min(at + 1).max(at), fault.what);
            }
        }
    }

    fn definition(&mut self, line: &[u8], at: usize, kind: &str, members: &[Member<'_>]) {
        let member = |name: &str| members.iter().find(|it| it.name == name);
        let Some(id) = member("ID").filter(|it| !it.value.is_empty()) else {
            return self.malformed(line, at..line.len(), &format!("the {kind} line has no ID"));
        };
        let number = self.header.lines;
        match self.seen.entry((kind.to_owned(), id.value.clone())) {
            Entry::Vacant(place) => place.insert(number),
            Entry::Occupied(first) => {
                let first = first.get();
                let message = || format!("{kind} {} is defined in line {first} already", id.value);
                let rule = if kind == "contig" {
                    &rule::DUPLICATE_CONTIG
                } else {
                    &rule::DUPLICATE_DEFINITION
                };
                return self.findings.add(rule, number, line, id.range(at), message);
            }
        };
        definition::check(&mut self.checked(line, kind, at), members, id);
        if kind == "FORMAT" {
            let mut names = std::mem::take(&mut self.format_names);
            names.check(&mut self.checked(line, kind, at), id);
            self.format_names = names;
        }
        match kind {
            "FILTER" => self.header.filters.push(id.value.clone()),
            "contig" => self.header.contigs.push(Contig {
                id: id.value.clone(),
                length: member("length").and_then(|it| it.value.parse().ok()),
            }),
            "INFO" | "FORMAT" => self.typed_definition(line, at, kind, members, &id.value),
            _ => {}
        }
    }

    fn typed_definition(
        &mut self,
        line: &[u8],
        at: usize,
        kind: &str,
        members: &[Member<'_>],
        key: &str,
    ) {
        let member = |name: &str| members.iter().find(|it| it.name == name);
        let (Some(declared_type), Some(declared_number)) = (member("Type"), member("Number"))
        else {
            let absent = if member("Type").is_none() { "Type" } else { "Number" };
            return self.malformed(line, at..line.len(), &format!("{kind} {key} has no {absent}"));
        };
        let line_number = self.header.lines;
        let mut fault = |rule, member: &Member<'_>| {
            let message = || format!("{kind} {key} has the {} `{}`", member.name, member.value);
            self.findings.add(rule, line_number, line, member.range(at), message);
        };
        let mut value = parse_type(kind, &declared_type.value).unwrap_or_else(|| {
            fault(&rule::INVALID_TYPE, declared_type);
            ValueType::String
        });
        let number = Number::parse(&declared_number.value).unwrap_or_else(|| {
            fault(&rule::INVALID_NUMBER, declared_number);
            Number::Any
        });
        let is_flag = value == ValueType::Flag;
        if kind == "INFO" && is_flag != (number == Number::Count(0)) {
            let (is_type, is_number) = (&declared_type.value, &declared_number.value);
            let message = || format!("INFO {key} has Type {is_type} and Number {is_number}");
            let range = declared_number.range(at);
            self.findings.add(&rule::FLAG_WITH_NUMBER, line_number, line, range, message);
            value = ValueType::Flag;
        }
        let description = member("Description").map(|it| it.value.clone()).unwrap_or_default();
        let is_character = declared_type.value == "Character";
        let definition =
            Definition { key: key.to_owned(), value, is_character, number, description };
        let declared = [declared_type, declared_number];
        definition::typed(&mut self.checked(line, kind, at), &definition, declared);
        let list = if kind == "INFO" { &mut self.header.info } else { &mut self.header.format };
        list.push(definition);
    }

    fn column_line(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        if !text.contains('\t') {
            return self.column_line_without_tabs(line);
        }
        self.ended = true;
        if text.ends_with('\t') {
            let message = || "the line of column names ends in a tab".to_owned();
            let (number, end) = (self.header.lines, line.len());
            let rule = &rule::TRAILING_TAB_IN_COLUMN_LINE;
            self.findings.add(rule, number, line, end - 1..end, message);
        }
        let columns: Vec<&str> =
            text.trim_end_matches('\t').trim_start_matches('#').split('\t').collect();
        let mut at = 1;
        for (index, name) in FIXED.iter().chain(&["FORMAT"]).enumerate() {
            let found = columns.get(index);
            if found.is_none_or(|it| it != name) && (index < FIXED.len() || found.is_some()) {
                let message = || match found {
                    Some(found) => {
                        format!("column {} is `{found}`, but has to be {name}", index + 1)
                    }
                    None => format!("column {}, {name}, is missing", index + 1),
                };
                let range = at..at + found.map_or(0, |it| it.len());
                let number = self.header.lines;
                return self.findings.add(&rule::WRONG_COLUMN_NAMES, number, line, range, message);
            }
            at += found.map_or(0, |it| it.len() + 1);
        }
        self.header.readable = true;
        self.header.field_count = columns.len();
        if columns.len() == FIXED.len() + 1 {
            let message = || "there is FORMAT, but no sample".to_owned();
            let (number, end) = (self.header.lines, 1 + columns.join("\t").len());
            let range = end - "FORMAT".len()..end;
            self.findings.add(&rule::FORMAT_WITHOUT_SAMPLES, number, line, range, message);
        }
        self.samples(line, &columns);
    }

    fn column_line_without_tabs(&mut self, line: &[u8]) {
        self.ended = line.starts_with(b"#CHROM");
        if self.ended {
            let message = || "the column names are not separated by tabs".to_owned();
            let number = self.header.lines;
            self.findings.add(&rule::MISSING_COLUMN_LINE, number, line, 0..line.len(), message);
        } else {
            let what = "a header line begins with `##`, or is the `#CHROM` line";
            self.malformed(line, 0..line.len(), what);
        }
    }

    fn samples(&mut self, line: &[u8], columns: &[&str]) {
        let mut first_with: HashMap<&str, usize> = HashMap::new();
        let mut at = 1;
        for (index, name) in columns.iter().enumerate() {
            if index > FIXED.len() {
                if let Some(first) = first_with.insert(name, index) {
                    let message = || {
                        format!("columns {} and {} are both sample `{name}`", first + 1, index + 1)
                    };
                    self.findings.add(
                        &rule::DUPLICATE_SAMPLE,
                        self.header.lines,
                        line,
                        at..at + name.len(),
                        message,
                    );
                }
                if name.is_empty() {
                    let message = || format!("column {} has no sample name", index + 1);
                    let (rule, number) = (&rule::EMPTY_SAMPLE_NAME, self.header.lines);
                    self.findings.add(rule, number, line, at..at, message);
                }
                self.header.samples.push((*name).to_owned());
            }
            at += name.len() + 1;
        }
    }

    fn malformed(&mut self, line: &[u8], range: std::ops::Range<usize>, what: &str) {
        self.findings
            .add(&rule::MALFORMED_DEFINITION, self.header.lines, line, range, || what.to_owned());
    }
}

fn parse_type(kind: &str, text: &str) -> Option<ValueType> {
    match text {
        "Integer" => Some(ValueType::Integer),
        "Float" => Some(ValueType::Float),
        "Flag" if kind == "INFO" => Some(ValueType::Flag),
        "String" | "Character" => Some(ValueType::String),
        _ => None,
    }
}
