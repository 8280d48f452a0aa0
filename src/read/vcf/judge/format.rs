//! FORMAT, and what it says about the samples beyond their typed columns.

use std::ops::Range;

use super::counts::{self, Alternates};
use super::elements::{elements, repeated};
use super::fault::Fault;
use super::sample::Sample;
use super::{genotype, syntax};
use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;
use crate::read::vcf::declared::Header;

/// What is wrong with the keys of one FORMAT field, and where to look in samples.
#[derive(Default)]
pub struct Keys {
    faults: Vec<Fault>,
    /// Keys whose values are lost, with their places among the keys.
    lost: Vec<(usize, Fault)>,
    /// GL and PL, where there are both.
    likelihoods: Option<(usize, usize)>,
    genotype: Option<usize>,
    local: Option<usize>,
    phase_sets: Option<PhaseSets>,
}

/// Where the keys of phase sets stand (VCF 4.4).
struct PhaseSets {
    /// PSL.
    names: usize,
    /// PSO and PSQ.
    others: [Option<usize>; 2],
}

impl Keys {
    /// Looks at a FORMAT field.
    pub fn new(text: &[u8], header: &Header) -> Self {
        let place = |name: &[u8]| elements(text, b':').position(|it| &text[it] == name);
        let minor = header.minor();
        let names = place(b"PSL").filter(|_| minor >= 4);
        Self {
            faults: faults(text, header),
            lost: lost(text, header),
            likelihoods: place(b"GL").zip(place(b"PL")),
            genotype: place(b"GT"),
            local: place(b"LAA").filter(|_| minor >= 5),
            phase_sets: names
                .map(|names| PhaseSets { names, others: [place(b"PSO"), place(b"PSQ")] }),
        }
    }

    /// Reports what is wrong with the field at `range` of the line.
    pub fn check(&self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        for fault in &self.faults {
            fault.report(report, line, range.clone());
        }
        for (place, fault) in &self.lost {
            if has_value(&line[range.end..], *place) {
                fault.report(report, line, range.clone());
            }
        }
    }

    /// Whether the service's reader passes over GL of a sample: there is PL before it in the
    /// record. `before` is whether a sample above has one, and then whether this one does.
    pub fn passes_over_likelihoods(&self, sample: &[u8], before: &mut bool) -> bool {
        let Some((likelihoods, phred)) = self.likelihoods else { return false };
        let value = sample.split(|it| *it == b':').nth(phred);
        let has_phred = value.is_some_and(|it| it != b".");
        let passes_over = *before || has_phred && phred < likelihoods;
        *before |= has_phred;
        passes_over
    }

    /// What a sample says about its alleles.
    pub fn sample(&self, text: &[u8], alternates: Alternates, has_phred: bool) -> Sample {
        let nth = |place: usize| text.split(|it| *it == b':').nth(place);
        Sample {
            alternates: alternates.count,
            passed_over: alternates.passed_over,
            has_phred,
            ploidy: self.genotype.and_then(nth).map_or(2, genotype::ploidy),
            local: self
                .local
                .and_then(nth)
                .filter(|it| *it != b".")
                .map(|it| if it.is_empty() { 0 } else { counts::count(it) }),
        }
    }

    /// PSL names the phase sets of phased alleles alone; PSO and PSQ speak of alleles that have
    /// one.
    pub fn check_phase_sets(&self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        let Some(phase_sets) = &self.phase_sets else { return };
        let text = &line[range.clone()];
        let nth = |place: usize| elements(text, b':').nth(place);
        let (Some(genotype), Some(names)) = (self.genotype.and_then(nth), nth(phase_sets.names))
        else {
            return;
        };
        let missing = |it: &[u8]| it == b"." || it.is_empty();
        let phases = genotype::phases(&text[genotype]);
        let names_of = || text[names.clone()].split(|it| *it == b',');
        let unphased = names_of().zip(&phases).any(|(name, phased)| !phased && !missing(name));
        let mut add = |place: Range<usize>, what: &str| {
            let place = range.start + place.start..range.start + place.end;
            report.add(&rule::PHASE_SET_OF_UNPHASED_ALLELE, line, place.clone(), || {
                format!("{what} is `{}`", String::from_utf8_lossy(&line[place]))
            });
        };
        if unphased {
            add(names.clone(), "PSL of an allele that is not phased");
        }
        for place in phase_sets.others.iter().flatten().filter_map(|it| nth(*it)) {
            let values = text[place.clone()].split(|it| *it == b',');
            if names_of().zip(values).any(|(name, value)| missing(name) && !missing(value)) {
                add(place, "the value of an allele without a phase set");
            }
        }
    }
}

fn faults(text: &[u8], header: &Header) -> Vec<Fault> {
    let minor = header.minor();
    let mut faults = Vec::new();
    let mut add = |rule, place, message| faults.push(Fault { rule, place, message });
    if text.is_empty() {
        add(&rule::EMPTY_FIELD, 0..0, |_, _| "FORMAT is empty".to_owned());
        return faults;
    }
    let has = |name: &[u8]| elements(text, b':').find(|it| &text[it.clone()] == name);
    // Where it comes twice, the service looks at the second.
    let genotype = elements(text, b':').filter(|it| &text[it.clone()] == b"GT").last();
    if let Some(place) = genotype.filter(|it| it.start > 0) {
        add(&rule::GENOTYPE_NOT_FIRST, place, |_, _| "GT is not first".to_owned());
    }
    if let Some(place) = repeated(text, b':') {
        let rule = if minor < 3 {
            &rule::DUPLICATE_FORMAT_KEY_BEFORE_4_3
        } else {
            &rule::DUPLICATE_FORMAT_KEY
        };
        add(rule, place, |_, key| format!("FORMAT has the key {key} twice"));
    }
    if let Some(place) = has(b"CICN").filter(|_| minor >= 4 && has(b"CN").is_none()) {
        add(&rule::INTERVAL_WITHOUT_COPY_NUMBER, place, |_, _| {
            "FORMAT has CICN, but not CN".to_owned()
        });
    }
    if minor == 0 && has(b"GT").is_none() {
        add(&rule::GENOTYPE_ABSENT_BEFORE_4_1, 0..text.len(), |_, _| "FORMAT has no GT".to_owned());
    }
    if let Some(place) = has(b"GL") {
        add(&rule::LIKELIHOODS_NOT_KEPT, place, |_, _| "FORMAT has GL".to_owned());
    }
    for place in elements(text, b':') {
        let key = &text[place.clone()];
        if let Some(rule) = key_fault(key, minor) {
            add(rule, place.clone(), |_, key| format!("FORMAT has the key `{key}`"));
        }
    }
    faults.sort_by_key(|it| it.place.start);
    faults
}

/// Keys whose values the service drops: those that the header does not define, or that the
/// service does not find there.
fn lost(text: &[u8], header: &Header) -> Vec<(usize, Fault)> {
    let is = |name: &[u8]| header.format_definition(name).is_some();
    let mut lost = Vec::new();
    if text.is_empty() {
        return lost;
    }
    for (index, place) in elements(text, b':').enumerate() {
        let key = &text[place.clone()];
        // The service's reader makes a column for PL where there is GL.
        let fault = if !(is(key) || key == b"PL" && is(b"GL")) {
            Fault {
                rule: &rule::UNDECLARED_FORMAT_KEY,
                place,
                message: |_, key| match key {
                    "" => "FORMAT has an empty key".to_owned(),
                    _ => format!("FORMAT {key} is not defined in the header"),
                },
            }
        } else if !key.is_ascii() {
            let message = |_: &str, key: &str| format!("FORMAT has the key `{key}`");
            Fault { rule: &rule::FORMAT_KEY_BEYOND_ASCII, place, message }
        } else {
            continue;
        };
        lost.push((index, fault));
    }
    lost
}

/// Whether a sample has a value for the key at a place; `samples` begins with the tab in front.
fn has_value(samples: &[u8], place: usize) -> bool {
    let mut values = samples
        .split(|it| *it == b'\t')
        .skip(1)
        .filter_map(|it| it.split(|it| *it == b':').nth(place));
    values.any(|it| !matches!(it, b"" | b"."))
}

fn key_fault(key: &[u8], minor: u32) -> Option<&'static Rule> {
    // Validators take the percent sign of encoded characters.
    let allowed = |it: &u8| syntax::is_key_character(*it) || minor >= 3 && *it == b'%';
    let starts = key.first().is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_');
    if key.is_empty() || !key.iter().all(allowed) || minor >= 3 && !starts {
        return Some(&rule::INVALID_FORMAT_KEY);
    }
    let unusual = minor < 3 && !key.iter().all(u8::is_ascii_alphanumeric);
    unusual.then_some(&rule::UNUSUAL_FORMAT_KEY)
}
