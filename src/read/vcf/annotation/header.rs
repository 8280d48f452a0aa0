//! What the header says about annotations: the key that has them, and the fields of an entry.

use super::{AnnotationSource, Annotations, FieldPlace, Grammar, eff, keep_last};
use crate::diagnostic::rules::vcf_annotation as rule;
use crate::diagnostic::{Findings, Rule};
use crate::model::{AnnotationField, AnnotationFields, AnnotationKind, Location, ValueType};
use crate::read::vcf::Header;

/// How the description of VEP's key begins; the service reads no other.
const VEP_DESCRIPTION: &str = "Consequence annotations from Ensembl VEP. Format:";
/// What stands before the names of the fields in any description that VEP wrote.
const FORMAT: &str = "Format:";

/// The lines of a header that define INFO keys, to show findings in their places.
#[derive(Debug, Default)]
pub struct InfoLines {
    lines: Vec<(u64, Vec<u8>)>,
}

impl InfoLines {
    /// Adds a line of the header, counted from 1, if it defines an INFO key.
    pub fn add(&mut self, number: u64, line: &[u8]) {
        if line.starts_with(b"##INFO=<") {
            self.lines.push((number, line.to_vec()));
        }
    }

    /// The lines that the service takes for the definition of a key: it compares their beginnings,
    /// so that for CSQ the line of CSQ2 is one too.
    fn beginning_with(&self, key: &str) -> impl Iterator<Item = &(u64, Vec<u8>)> {
        let begin = format!("##INFO=<ID={key}");
        self.lines.iter().filter(move |it| it.1.starts_with(begin.as_bytes()))
    }

    fn of(&self, key: &str) -> Option<&(u64, Vec<u8>)> {
        let length = "##INFO=<ID=".len() + key.len();
        let ends = |line: &[u8]| matches!(line.get(length), None | Some(b',' | b'>'));
        self.beginning_with(key).find(|it| ends(&it.1))
    }
}

impl Annotations {
    /// Looks for the annotations that are asked for; findings come in the order of the lines.
    pub fn of_header(
        header: &Header,
        lines: &InfoLines,
        fields: &AnnotationFields,
        findings: &mut Findings,
    ) -> Self {
        let mut found = Findings::from(findings.keep());
        for key in &fields.unknown {
            let message = format!("annotationFields has the key {key}, which means nothing");
            found.add_at(&rule::ANNOTATION_KEY_UNKNOWN, Location::FILE, key, message);
        }
        let mut finder = Finder { header, lines, findings: &mut found };
        let sources =
            AnnotationKind::ALL.iter().filter_map(|kind| finder.source(*kind, fields.of(*kind)));
        let sources = sources.collect();
        findings.merge(found);
        Self { sources }
    }
}

struct Finder<'a> {
    header: &'a Header,
    lines: &'a InfoLines,
    findings: &'a mut Findings,
}

impl Finder<'_> {
    fn source(
        &mut self,
        kind: AnnotationKind,
        field: &AnnotationField,
    ) -> Option<AnnotationSource> {
        let (info, asked_for) = match field {
            AnnotationField::Nowhere => return None,
            AnnotationField::Usual => (self.usual(kind)?, false),
            AnnotationField::Key(key) => (self.declared(kind, key)?, true),
        };
        let definition = &self.header.info[info];
        let key = &definition.key;
        let grammar = match kind {
            _ if definition.value != ValueType::String => None,
            AnnotationKind::Vep => self.vep_places(key, &definition.description),
            AnnotationKind::Ann => ann_grammar(&definition.description),
        };
        let Some(grammar) = grammar else {
            if asked_for {
                let program = program(kind);
                self.at_line(&rule::ANNOTATION_FIELDS_NOT_NAMED, key, || {
                    format!("the definition of {key} does not name the fields of {program}")
                });
            }
            return None;
        };
        if kind == AnnotationKind::Vep {
            self.judge_vep(key, &definition.description, asked_for);
        }
        Some(AnnotationSource { kind, key: key.clone(), info, grammar })
    }

    /// The key that has the annotations, where nobody says which.
    fn usual(&self, kind: AnnotationKind) -> Option<usize> {
        let position = |fits: &dyn Fn(&str, &str) -> bool| {
            self.header.info.iter().position(|it| fits(&it.key, &it.description))
        };
        match kind {
            AnnotationKind::Vep => position(&|key, text| key == "CSQ" && text.contains(FORMAT))
                .or_else(|| position(&|_, text| text.starts_with(VEP_DESCRIPTION))),
            AnnotationKind::Ann => {
                let named =
                    |name: &str| position(&|key, text| key == name && ann_grammar(text).is_some());
                named("ANN").or_else(|| named("EFF"))
            }
        }
    }

    fn declared(&mut self, kind: AnnotationKind, key: &str) -> Option<usize> {
        let found = self.header.info.iter().position(|it| it.key == key);
        if found.is_none() {
            let message = format!(
                "annotationFields names {key} for {}, but the header defines no such INFO key",
                kind.key()
            );
            self.findings.add_at(&rule::ANNOTATION_FIELD_ABSENT, Location::FILE, key, message);
        }
        found
    }

    /// The places of the fields that a description of VEP names. Of two with one name the last
    /// holds, as in the service.
    fn vep_places(&mut self, key: &str, description: &str) -> Option<Grammar> {
        let names = description.split_once(FORMAT)?.1;
        let names: Vec<&str> = names.split('|').map(trimmed).collect();
        if names.iter().all(|it| it.is_empty()) {
            return None;
        }
        let mut places: Vec<_> = names.iter().map(|it| vep_place(it)).collect();
        if let Some(first) = keep_last(&mut places, &FieldPlace::Nowhere) {
            self.at_line(&rule::ANNOTATION_FIELD_TWICE, key, || {
                format!("the definition of {key} names the field `{}` twice", names[first])
            });
        }
        Some(Grammar::Pipes(places))
    }

    /// What the service makes of VEP's key.
    fn judge_vep(&mut self, key: &str, description: &str, asked_for: bool) {
        let takes_it = asked_for || key == "CSQ";
        if takes_it && !description.starts_with(VEP_DESCRIPTION) {
            self.at_line(&rule::ANNOTATION_FORMAT_NOT_STANDARD, key, || {
                format!("the Description of {key} does not begin with `{VEP_DESCRIPTION}`")
            });
            return;
        }
        let others: Vec<_> = self.lines.beginning_with(key).skip(1).collect();
        for (number, line) in others.into_iter().filter(|_| takes_it) {
            let end = 11 + line[11..].iter().position(|it| *it == b',').unwrap_or_default();
            let message = || format!("this line begins like the definition of {key} too");
            self.findings.add(&rule::ANNOTATION_LINE_NOT_UNIQUE, *number, line, 11..end, message);
        }
        if let Some((number, line)) = self.lines.of(key)
            && let Some(at) = memchr::memmem::find(line, b"Codons")
        {
            let range = at..at + "Codons".len();
            self.findings.add(&rule::ANNOTATION_CODONS_REPLACED, *number, line, range, || {
                "the service fills `codons` from Amino_acids".to_owned()
            });
        }
    }

    fn at_line(&mut self, rule: &'static Rule, key: &str, message: impl FnOnce() -> String) {
        match self.lines.of(key) {
            Some((number, line)) => {
                let at = memchr::memmem::find(line, b"Description=").unwrap_or_default();
                self.findings.add(rule, *number, line, at..line.len(), message);
            }
            None => self.findings.add_at(rule, Location::FILE, key, message()),
        }
    }
}

fn program(kind: AnnotationKind) -> &'static str {
    match kind {
        AnnotationKind::Vep => "VEP (`Format: Allele|Consequence|...`)",
        AnnotationKind::Ann => "SnpEff (`Allele | Annotation | Annotation_Impact | ...`)",
    }
}

/// The place of a field that a description of VEP names.
fn vep_place(name: &str) -> FieldPlace {
    match AnnotationKind::Vep.columns().iter().position(|it| it.field == name) {
        Some(column) => FieldPlace::Column(column),
        None => FieldPlace::Extra(name.to_lowercase()),
    }
}

/// Names without the blanks and quotes around them.
fn trimmed(name: &str) -> &str {
    name.trim_matches(|it: char| it.is_whitespace() || matches!(it, '\'' | '"'))
}

/// How the entries of SnpEff's key are written: of ANN the order is fixed, of EFF it is not.
fn ann_grammar(description: &str) -> Option<Grammar> {
    let lower = description.to_ascii_lowercase();
    if lower.contains("annotation_impact") {
        let columns = AnnotationKind::Ann.columns().len();
        return Some(Grammar::Pipes((0..columns).map(FieldPlace::Column).collect()));
    }
    eff::EffLayout::of_description(&lower).map(Grammar::Effect)
}
