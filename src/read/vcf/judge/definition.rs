//! What the specification says about a definition in the header beyond what reading it needs.

use std::ops::Range;

use super::{reserved, syntax};
use crate::diagnostic::rules::vcf_header as rule;
use crate::diagnostic::{Effect, Findings, Rule};
use crate::read::vcf::declared::{Definition, Number};
use crate::read::vcf::members::{Member, members};

/// A header line, and where findings about it go.
pub struct Line<'a> {
    /// Where findings go.
    pub findings: &'a mut Findings,
    /// Whether one of them says that the job fails.
    pub is_told: &'a mut bool,
    /// The number of the line, from 1.
    pub number: u64,
    /// The line without its break.
    pub text: &'a [u8],
    /// What stands before the `=`.
    pub kind: &'a str,
    /// Where the value begins; behind the `<` for members.
    pub at: usize,
    /// The minor version of the file.
    pub minor: u32,
}

impl Line<'_> {
    fn add(&mut self, rule: &'static Rule, range: Range<usize>, message: impl FnOnce() -> String) {
        *self.is_told |= rule.effect == Effect::FailsJob;
        self.findings.add(rule, self.number, self.text, range, message);
    }

    fn member(
        &mut self,
        rule: &'static Rule,
        member: &Member<'_>,
        message: impl FnOnce() -> String,
    ) {
        let range = member.range(self.at);
        self.add(rule, range, message);
    }

    fn whole(&mut self, rule: &'static Rule, message: impl FnOnce() -> String) {
        self.add(rule, 0..self.text.len(), message);
    }
}

/// Checks an INFO, FORMAT, FILTER, ALT or contig line that has an ID.
pub fn check(line: &mut Line<'_>, members: &[Member<'_>], id: &Member<'_>) {
    match line.kind {
        "contig" => return contig(line, id),
        "ALT" => alternate(line, id),
        _ => identifier(line, id),
    }
    let typed = matches!(line.kind, "INFO" | "FORMAT");
    let required: &[&str] =
        if typed { &["ID", "Number", "Type", "Description"] } else { &["ID", "Description"] };
    order(line, members, required);
    description(line, members, typed);
    if line.kind == "FILTER" && id.value == "0" {
        line.member(&rule::FILTER_NAMED_ZERO, id, || "a filter has the ID 0".to_owned());
    }
}

fn identifier(line: &mut Line<'_>, id: &Member<'_>) {
    if !syntax::is_identifier(id.value.as_bytes()) {
        let kind = line.kind;
        line.member(&rule::UNUSUAL_IDENTIFIER, id, || format!("{kind} has the ID `{}`", id.value));
    }
}

fn contig(line: &mut Line<'_>, id: &Member<'_>) {
    let (invalid, unusual) = (&rule::INVALID_CONTIG_ID, &rule::UNUSUAL_IDENTIFIER);
    let fault = syntax::contig_fault(id.value.as_bytes(), line.minor, invalid, unusual);
    if let Some(rule) = fault {
        line.member(rule, id, || format!("a contig has the ID `{}`", id.value));
    }
}

fn alternate(line: &mut Line<'_>, id: &Member<'_>) {
    let text = id.value.as_bytes();
    if text.iter().any(|it| syntax::is_blank(*it) || matches!(it, b'<' | b'>' | b',')) {
        line.member(&rule::INVALID_ALT_ID, id, || format!("ALT has the ID `{}`", id.value));
    } else if syntax::has_unknown_type(text, line.minor) {
        line.member(&rule::UNKNOWN_ALT_TYPE, id, || {
            format!("ALT {} begins with no type of structural variant", id.value)
        });
    }
}

/// The required members come first and in their order; others follow them with quotes, from VCF
/// 4.2 on.
fn order(line: &mut Line<'_>, members: &[Member<'_>], required: &[&str]) {
    let kind = line.kind;
    let place = |name: &str| required.iter().position(|it| *it == name);
    let mut last = 0;
    let mut others = false;
    for member in members {
        match place(member.name) {
            Some(_) if others => {}
            Some(place) if place < last => {
                let is_second = members.iter().filter(|it| it.name == member.name).count() > 1;
                let rules = [&rule::MEMBERS_OUT_OF_ORDER, &rule::UNEXPECTED_MEMBER];
                return line.member(rules[usize::from(is_second)], member, || {
                    format!("{kind} has {} behind {}", member.name, required[last])
                });
            }
            Some(place) => last = place,
            None => {
                others = true;
                let is_sound = member.quoted && last + 1 == required.len();
                if line.minor < 2 || !is_sound {
                    return line.member(&rule::UNEXPECTED_MEMBER, member, || {
                        let when = if is_sound { " in this version" } else { "" };
                        format!("{kind} has the member {}{when}", member.name)
                    });
                }
            }
        }
    }
}

fn description(line: &mut Line<'_>, members: &[Member<'_>], typed: bool) {
    let kind = line.kind;
    match members.iter().find(|it| it.name == "Description") {
        Some(found) if !found.quoted => {
            line.member(&rule::UNQUOTED_DESCRIPTION, found, || {
                format!("the Description of {kind} is not within quotes")
            });
        }
        None if typed || line.minor < 4 => {
            line.whole(&rule::MISSING_DESCRIPTION, || {
                format!("the {kind} line has no Description")
            });
        }
        _ => {}
    }
}

/// Checks Type and Number of an INFO or FORMAT line against the tables of the specification.
/// `declared` are the two as they stand in the line.
pub fn typed(line: &mut Line<'_>, definition: &Definition, [value, number]: [&Member<'_>; 2]) {
    let kind = line.kind;
    if definition.number.first_version() > line.minor {
        // The service's reader knows R, whatever the version.
        let is_known = definition.number == Number::R;
        let rule = if is_known { &rule::NUMBER_OF_LATER_VERSION } else { &rule::NUMBER_SINCE_4_4 };
        line.member(rule, number, || {
            format!("{kind} {} has the Number `{}`", definition.key, number.value)
        });
    }
    let key = definition.key.as_bytes();
    let (entry, rule) = if kind == "INFO" {
        (reserved::info(key, line.minor), &rule::RESERVED_INFO_DEFINITION)
    } else {
        (reserved::format(key, line.minor), &rule::RESERVED_FORMAT_DEFINITION)
    };
    let Some(entry) = entry else { return };
    // As the line has it: a definition with Number 0 is read as a flag.
    let other_type = entry.value.is_some_and(|it| it.as_str() != value.value);
    let other_number = entry.number != Number::Any && number.value != entry.number.to_string();
    if other_type || other_number {
        let member = if other_type { value } else { number };
        line.member(rule, member, || {
            format!("{kind} {} is reserved, with {}", definition.key, entry.declaration())
        });
    }
}

/// Checks a line of a kind whose ID the reader does not need. `value` is what stands behind the
/// `=`.
pub fn other(line: &mut Line<'_>, value: &str) {
    match line.kind {
        "assembly" => url(line, value),
        "pedigreeDB" => {
            let bare = value.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
            url(line, bare.unwrap_or(value));
        }
        "META" if line.minor >= 3 => structured(line, value, &rule::UNUSUAL_META_LINE, meta_fault),
        "SAMPLE" => structured(line, value, &rule::UNUSUAL_SAMPLE_LINE, sample_fault),
        "PEDIGREE" => structured(line, value, &rule::UNUSUAL_PEDIGREE_LINE, pedigree_fault),
        _ => generic(line, value),
    }
}

fn url(line: &mut Line<'_>, value: &str) {
    if !syntax::is_url(value) {
        let kind = line.kind;
        line.add(&rule::NOT_A_URL, line.at..line.text.len(), || format!("{kind} is `{value}`"));
    }
}

fn structured(
    line: &mut Line<'_>,
    value: &str,
    rule: &'static Rule,
    fault: fn(&[Member<'_>], u32) -> Option<&'static str>,
) {
    let inside = value.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
    let what = match inside.map(members) {
        None => Some("it is not within angle brackets"),
        Some(Err(fault)) => Some(fault.what),
        Some(Ok(members)) => fault(&members, line.minor),
    };
    if let Some(what) = what {
        let kind = line.kind;
        line.whole(rule, || format!("the {kind} line is not as described: {what}"));
    }
}

fn meta_fault(members: &[Member<'_>], _: u32) -> Option<&'static str> {
    let value = |name: &str| members.iter().find(|it| it.name == name).map(|it| it.value.as_str());
    let is_list = |it: &str| it.starts_with('[') && it.ends_with(']') && it.len() > 2;
    if !value("ID").is_some_and(|it| syntax::is_identifier(it.as_bytes())) {
        Some("it has no sound ID")
    } else if value("Number") != Some(".") {
        Some("its Number is not `.`")
    } else if value("Type") != Some("String") {
        Some("its Type is not String")
    } else if !value("Values").is_some_and(is_list) {
        Some("its Values are not within square brackets")
    } else {
        None
    }
}

fn sample_fault(members: &[Member<'_>], minor: u32) -> Option<&'static str> {
    let identifier = |it: &str| syntax::is_identifier(it.as_bytes());
    let first = members.first().filter(|it| it.name == "ID" && !it.quoted);
    if !first.is_some_and(|it| identifier(&it.value)) {
        return Some("it does not begin with a sound ID");
    }
    if minor >= 3 {
        let sound = members[1..].iter().all(|it| identifier(it.name));
        return (!sound).then_some("a member has an unusual name");
    }
    let names: Vec<&str> = members.iter().map(|it| it.name).collect();
    if names != ["ID", "Genomes", "Mixture", "Description"] {
        Some("its members are not ID, Genomes, Mixture and Description")
    } else if members[1].quoted || members[2].quoted {
        Some("Genomes and Mixture stand without quotes")
    } else {
        (!members[3].quoted).then_some("its Description is not within quotes")
    }
}

fn pedigree_fault(members: &[Member<'_>], minor: u32) -> Option<&'static str> {
    let identifier = |it: &str| syntax::is_identifier(it.as_bytes());
    if members.is_empty() || members.iter().any(|it| it.quoted || !identifier(&it.value)) {
        return Some("a value is no plain name");
    }
    if minor < 3 {
        let sound = members.iter().all(|it| identifier(it.name));
        return (!sound).then_some("a member has an unusual name");
    }
    let names: Vec<&str> = members.iter().map(|it| it.name).collect();
    let is_numbered = |it: &&str| {
        it.strip_prefix("Name_").is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit())
        })
    };
    match names.as_slice() {
        ["ID", "Original"] | ["ID", "Father", "Mother"] => None,
        ["ID", rest @ ..] if !rest.is_empty() && rest.iter().all(is_numbered) => None,
        _ => Some("it has neither Original, nor Father and Mother, nor names behind its ID"),
    }
}

/// A line of any other kind: its brackets and quotes can be made out.
fn generic(line: &mut Line<'_>, value: &str) {
    let quoted = |it: &str| it.len() > 1 && it.starts_with('"') && it.ends_with('"');
    let inside = value.strip_prefix('<').map(|it| it.trim_end().strip_suffix('>'));
    let is_sound = match inside {
        Some(None) => false,
        Some(Some(inside)) => quoted(inside) || members(inside).is_ok_and(|it| !it.is_empty()),
        None => !value.starts_with('"') || quoted(value),
    };
    if !is_sound {
        let kind = line.kind;
        line.whole(&rule::MALFORMED_STRUCTURED_LINE, || {
            format!("the members or quotes of the {kind} line cannot be made out")
        });
    }
}
