//! The header of a VCF file, line by line with places. A faulty line is a finding and is left out;
//! reading goes on.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::declared::{Contig, Definition, Header, Number};
use super::file::last_line_rule;
use super::judge::definition::{self, Line};
use super::judge::format_name::FormatNames;
use super::judge::{glow, htsjdk};
use super::members::{Member, members};
use super::opening::LineEnd;
use crate::diagnostic::rules::vcf_header as rule;
use crate::diagnostic::{Effect, Findings, Rule};
use crate::model::ValueType;
use crate::read::lines::NO_FINAL_NEWLINE;

/// The names of the fixed columns.
const FIXED: [&str; 8] = ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
/// Kinds of header lines that need an ID.
const WITH_ID: [&str; 5] = ["INFO", "FORMAT", "FILTER", "ALT", "contig"];

/// Reads a header fed line by line.
pub struct HeaderReader<'f> {
    pub(super) header: Header,
    pub(super) findings: &'f mut Findings,
    seen: HashMap<(&'static str, String), u64>,
    format_names: FormatNames,
    /// The first line, where it does not say the version, until another does.
    pub(super) first: Option<Vec<u8>>,
    /// The line that has said the version.
    pub(super) version_line: Option<u64>,
    /// Lines that the service's reader refuses if the last version is 4.3: number, text and why.
    refused_since_4_3: Vec<(u64, Vec<u8>, String)>,
    /// Whether the service's reader refuses the current line.
    is_refused: bool,
    /// Whether a finding about the current line says that the job fails.
    is_told: bool,
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
            first: None,
            version_line: None,
            refused_since_4_3: Vec::new(),
            is_refused: false,
            is_told: false,
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
        let equals = line.iter().position(|it| *it == b'=').unwrap_or(0);
        match line.strip_prefix(b"##") {
            Some(_) if line[2..equals.max(2)].trim_ascii() == b"fileformat" => {
                self.version_line(line, equals + 1);
            }
            Some(meta) => self.meta_line(line, meta),
            None => self.column_line(line),
        }
        if self.header.lines == 1 && self.version_line.is_none() {
            self.first = Some(line.to_vec());
        }
        true
    }

    /// Says that the line read last, and with it the file, does not end in a newline.
    pub fn unterminated(&mut self, line: &[u8]) {
        let rule = last_line_rule(self.header.minor());
        let message = || NO_FINAL_NEWLINE.to_owned();
        self.findings.add(rule, self.header.lines, line, line.len()..line.len(), message);
    }

    /// Says what is wrong with what the line read last ends in.
    pub fn line_end(&mut self, line: &[u8], end: LineEnd) {
        if let Some((rule, message)) = end.fault() {
            self.add(rule, line, line.len()..line.len(), || message.to_owned());
        }
    }

    /// Ends the header at the first record, whose line is given, or at the end of the file.
    pub fn finish(mut self, next_line: &[u8]) -> Header {
        if self.version_line.is_none() {
            self.missing_version(next_line);
        }
        if self.header.version == Some((4, 3)) {
            for (number, line, why) in std::mem::take(&mut self.refused_since_4_3) {
                self.refused(number, &line, &why);
            }
        }
        if !self.ended {
            let number = self.header.lines + 1;
            self.findings.add(
                &rule::MISSING_COLUMN_LINE,
                number,
                next_line,
                0..next_line.len().min(40),
                || {
                    match next_line {
                        b"" => "an empty line or the end of the file stands before a `#CHROM` line",
                        _ => "there is no `#CHROM` line before this",
                    }
                    .to_owned()
                },
            );
        }
        self.header
    }

    /// The line as its definition is checked; `at` is where its value or, behind the `<`, its
    /// members begin.
    fn checked<'a>(&'a mut self, line: &'a [u8], kind: &'a str, at: usize) -> Line<'a> {
        let (number, minor) = (self.header.lines, self.header.minor());
        let (findings, is_told) = (&mut *self.findings, &mut self.is_told);
        Line { findings, is_told, number, text: line, kind, at, minor }
    }

    fn meta_line(&mut self, line: &[u8], meta: &[u8]) {
        let text = String::from_utf8_lossy(meta);
        let refusal = htsjdk::refusal(&text, 2);
        // Of PEDIGREE it depends on the version, which may stand below.
        if refusal.is_none()
            && text.starts_with("PEDIGREE")
            && let Some(why) = htsjdk::refusal(&text, 3)
        {
            self.refused_since_4_3.push((self.header.lines, line.to_vec(), why));
        }
        (self.is_refused, self.is_told) = (refusal.is_some(), false);
        self.other_than_version(line, &text);
        // Of other versions the service reads nothing.
        let is_read = matches!(self.header.version, None | Some((4, 0..=3)));
        if let Some(why) = refusal.filter(|_| is_read && !self.is_told) {
            self.refused(self.header.lines, line, &why);
        }
    }

    fn refused(&mut self, number: u64, line: &[u8], why: &str) {
        let message = || format!("the service's reader takes no such line: {why}");
        self.findings.add(&rule::REFUSED_HEADER_LINE, number, line, 0..line.len(), message);
    }

    fn other_than_version(&mut self, line: &[u8], text: &str) {
        let Some((kind, value)) =
            text.split_once('=').filter(|(kind, value)| !kind.is_empty() && !value.is_empty())
        else {
            let rule = self.by_refusal(&rule::MALFORMED_DEFINITION, &rule::META_LINE_WITHOUT_VALUE);
            return self.add(rule, line, 0..line.len(), || {
                "a header line has to be `##key=value`".to_owned()
            });
        };
        let value_at = 2 + kind.len() + 1;
        if !WITH_ID.contains(&kind) {
            return definition::other(&mut self.checked(line, kind, value_at), value);
        }
        let members =
            value.strip_prefix('<').and_then(|it| it.trim_end().strip_suffix('>')).map(members);
        let Some(members) = members else {
            self.loose_definition(kind, value);
            return self.malformed(
                line,
                value_at..line.len(),
                &format!("the {kind} line has to be `##{kind}=<ID=...,...>`"),
            );
        };
        match members {
            Ok(members) => self.definition(line, value_at + 1, kind, &members),
            Err(fault) => {
                self.loose_definition(kind, value);
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
        match self.seen.entry((known_kind(kind), id.value.clone())) {
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
        let mut fault = |rule, member: &Member<'_>| {
            let rule = self.by_refusal(rule, &rule::LOOSE_HEADER_LINE);
            self.add(rule, line, member.range(at), || {
                format!("{kind} {key} has the {} `{}`", member.name, member.value)
            });
        };
        let mut value = parse_type(kind, &declared_type.value).unwrap_or_else(|| {
            fault(&rule::INVALID_TYPE, declared_type);
            ValueType::String
        });
        let number = Number::parse(declared_number.value.trim()).unwrap_or_else(|| {
            fault(&rule::INVALID_NUMBER, declared_number);
            Number::Any
        });
        let has_no_values = number == Number::Count(0);
        if (value == ValueType::Flag) != has_no_values {
            let rule = if has_no_values { &rule::COUNT_OF_ZERO } else { &rule::FLAG_WITH_NUMBER };
            let (is_type, is_number) = (&declared_type.value, &declared_number.value);
            self.add(rule, line, declared_number.range(at), || {
                format!("{kind} {key} has Type {is_type} and Number {is_number}")
            });
            if kind == "INFO" {
                value = ValueType::Flag;
            }
        }
        let description = member("Description").map(|it| it.value.clone()).unwrap_or_default();
        let is_character = declared_type.value == "Character";
        let definition =
            Definition { key: key.to_owned(), value, is_character, number, description };
        let declared = [declared_type, declared_number];
        definition::typed(&mut self.checked(line, kind, at), &definition, declared);
        if kind == "INFO" {
            return self.header.info.push(definition);
        }
        if let Some((rule, message)) = glow::column_fault(&definition)
            && let Some(id) = member("ID")
        {
            self.add(rule, line, id.range(at), || message);
        }
        self.header.format.push(definition);
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
            self.add(&rule::MALFORMED_DEFINITION, line, 0..line.len(), || {
                "a header line begins with `##`, or is the `#CHROM` line".to_owned()
            });
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
                if !name.is_ascii() {
                    let message = || format!("sample `{name}` gets another name in the service");
                    let (rule, number) = (&rule::SAMPLE_NAME_BEYOND_ASCII, self.header.lines);
                    self.findings.add(rule, number, line, at..at + name.len(), message);
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

    /// Takes up an INFO or FORMAT line whose form is broken, as the service's reader does.
    fn loose_definition(&mut self, kind: &str, value: &str) {
        let is_typed = matches!(kind, "INFO" | "FORMAT") && !self.is_refused;
        let Some([key, number, value, description]) =
            is_typed.then(|| htsjdk::definition(value)).flatten()
        else {
            return;
        };
        let place = self.seen.entry((known_kind(kind), key.clone()));
        let (Entry::Vacant(place), Some(number)) = (place, Number::parse(&number)) else { return };
        place.insert(self.header.lines);
        let is_character = value == "Character";
        let value = parse_type(kind, &value).unwrap_or(ValueType::String);
        let list = if kind == "INFO" { &mut self.header.info } else { &mut self.header.format };
        list.push(Definition { key, value, is_character, number, description });
    }

    /// A definition that cannot be read here: by the service it can, or cannot either.
    fn malformed(&mut self, line: &[u8], range: Range<usize>, what: &str) {
        let rule = self.by_refusal(&rule::MALFORMED_DEFINITION, &rule::LOOSE_HEADER_LINE);
        self.add(rule, line, range, || what.to_owned());
    }

    /// The first rule where the service's reader refuses the line, else the other.
    fn by_refusal(&self, refused: &'static Rule, taken: &'static Rule) -> &'static Rule {
        if self.is_refused { refused } else { taken }
    }

    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        line: &[u8],
        range: Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        self.is_told |= rule.effect == Effect::FailsJob;
        self.findings.add(rule, self.header.lines, line, range, message);
    }
}

/// The kind of a line that needs an ID.
fn known_kind(kind: &str) -> &'static str {
    WITH_ID.into_iter().find(|it| *it == kind).unwrap_or_default()
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
