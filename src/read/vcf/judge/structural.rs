//! What the INFO keys of structural variants say together.

use std::ops::Range;

use super::counts::{count, miscounted};
use super::syntax::is_structural_type;
use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::number;
use crate::read::report::LineReport;

/// The keys with four values for each allele.
const MOBILE_ELEMENTS: [&[u8]; 2] = [b"MEINFO", b"METRANS"];
/// The keys with two values for each allele.
const INTERVALS: [&[u8]; 4] = [b"CIPOS", b"CIEND", b"CILEN", b"CICN"];

/// A record with structural variants, or with keys that speak of them.
pub struct StructuralRecord<'r> {
    /// Where findings go.
    pub report: &'r mut LineReport,
    /// The line.
    pub line: &'r [u8],
    /// REF.
    pub reference: Range<usize>,
    /// ALT.
    pub alternates: Range<usize>,
    /// INFO.
    pub info: Range<usize>,
}

impl StructuralRecord<'_> {
    /// Checks the record by the rules of its version.
    pub fn check(mut self, minor: u32) {
        if minor < 4 {
            return self.lengths();
        }
        self.required();
        self.claims();
        self.tandem_repeats();
        self.counts_per_allele();
        self.lengths_of_copies();
    }

    /// The place of the value of a key, if it has one.
    fn find(&self, key: &[u8]) -> Option<Range<usize>> {
        let info = &self.line[self.info.clone()];
        let mut at = self.info.start;
        for entry in info.split(|it| *it == b';') {
            if entry.strip_prefix(key).is_some_and(|it| it.starts_with(b"=")) {
                return Some(at + key.len() + 1..at + entry.len());
            }
            at += entry.len() + 1;
        }
        None
    }

    fn values(&self, key: &[u8]) -> Option<(Range<usize>, Vec<&[u8]>)> {
        let place = self.find(key)?;
        let values = self.line[place.clone()].split(|it| *it == b',').collect();
        Some((place, values))
    }

    fn alleles(&self) -> impl Iterator<Item = &[u8]> {
        self.line[self.alternates.clone()].split(|it| *it == b',')
    }

    fn add(&mut self, rule: &'static Rule, range: Range<usize>, message: String) {
        self.report.add(rule, self.line, range, || message);
    }

    /// SVLEN before VCF 4.4.
    fn lengths(&mut self) {
        let Some((place, values)) = self.values(b"SVLEN") else { return };
        if values.len() != self.alleles().count() {
            return;
        }
        let reference = self.reference.len();
        let fault = self.alleles().zip(&values).find_map(|(allele, value)| {
            let (length, _) = number::integer(value)?;
            let is_bases = allele.iter().all(u8::is_ascii_alphabetic);
            let expected = if is_bases {
                let difference =
                    i64::try_from(allele.len()).ok()? - i64::try_from(reference).ok()?;
                (i64::from(length) != difference).then(|| difference.to_string())
            } else if allele.starts_with(b"<INS") || allele.starts_with(b"<DUP") {
                (length < 0).then(|| "positive".to_owned())
            } else if allele.starts_with(b"<DEL") {
                (length > 0).then(|| "negative".to_owned())
            } else {
                None
            };
            expected.map(|it| format!("SVLEN is {length}, but has to be {it}"))
        });
        if let Some(message) = fault {
            self.add(&rule::LENGTH_DISAGREES, place, message);
        }
    }

    /// With FORMAT CN, the alleles whose copies it counts have one length.
    fn lengths_of_copies(&mut self) {
        let Some((place, values)) = self.values(b"SVLEN") else { return };
        let format = self.line[self.info.end..].split(|it| *it == b'\t').nth(1);
        if !format.is_some_and(|it| it.split(|it| *it == b':').any(|it| it == b"CN")) {
            return;
        }
        let counts_copies =
            |it: &[u8]| matches!(structural_type(it), Some(b"CNV" | b"DEL" | b"DUP"));
        let lengths = self.alleles().zip(&values).filter(|(it, _)| counts_copies(it));
        // A negative length stands for the positive one.
        let lengths = lengths.filter_map(|(_, it)| Some(number::long(it)?.0.unsigned_abs()));
        let lengths: Vec<_> = lengths.collect();
        if let Some(pair) = lengths.windows(2).find(|it| it[0] != it[1]) {
            let (one, next) = (pair[0], pair[1]);
            let message = format!("with CN, SVLEN is {one} for one allele and {next} for the next");
            self.add(&rule::SVLEN_DIFFERS_WITH_CN, place, message);
        }
    }

    fn required(&mut self) {
        let (mut variant, mut claimed) = (false, false);
        for allele in self.alleles() {
            let kind = structural_type(allele);
            variant |= kind.is_some();
            claimed |= matches!(kind, Some(b"DEL" | b"DUP"));
        }
        let place = self.alternates.clone();
        if variant && self.find(b"SVLEN").is_none() {
            self.add(
                &rule::MISSING_SVLEN,
                place.clone(),
                "a structural variant has no SVLEN".to_owned(),
            );
        }
        if claimed && self.find(b"SVCLAIM").is_none() {
            let message = "a deletion or duplication has no SVCLAIM".to_owned();
            self.add(&rule::MISSING_SVCLAIM, place, message);
        }
    }

    fn claims(&mut self) {
        let Some((place, values)) = self.values(b"SVCLAIM") else { return };
        let fault = self.alleles().zip(&values).find(|(allele, claim)| {
            let allowed: &[&[u8]] = match structural_type(allele) {
                Some(b"DEL" | b"DUP") => &[b"D", b"J", b"DJ"],
                Some(b"CNV") => &[b"D", b"."],
                Some(b"INS" | b"INV") => &[b"J", b"DJ", b"."],
                _ if allele.iter().any(|it| matches!(it, b'[' | b']')) => &[b"J", b"."],
                _ if allele.starts_with(b"<") && *allele != b"<*>" => &[b"."],
                _ => return false,
            };
            !allowed.contains(claim)
        });
        if let Some((allele, claim)) = fault {
            let (allele, claim) = (String::from_utf8_lossy(allele), String::from_utf8_lossy(claim));
            let message = format!("SVCLAIM of {allele} is `{claim}`");
            self.add(&rule::INVALID_SVCLAIM, place, message);
        }
    }

    fn tandem_repeats(&mut self) {
        let has_repeat = self.alleles().any(|it| it == b"<CNV:TR>");
        if has_repeat && self.find(b"RUS").is_none() && self.find(b"RUL").is_none() {
            let message = "a tandem repeat has neither RUS nor RUL".to_owned();
            self.add(&rule::TANDEM_REPEAT_FIELDS, self.alternates.clone(), message);
        }
        let repeats = self.repeats();
        for key in [b"RUS".as_slice(), b"RUL", b"RUC", b"RB"] {
            self.check_count(key, repeats, &rule::TANDEM_REPEAT_FIELDS);
        }
        self.unit_lengths();
        for (key, of) in [(b"CIRUC".as_slice(), b"RUC".as_slice()), (b"CIRB", b"RB")] {
            let expected = self.find(of).map_or(0, |it| 2 * count(&self.line[it]));
            self.check_count(key, expected, &rule::TANDEM_REPEAT_FIELDS);
        }
        self.bases_per_unit();
    }

    /// How many repeats there are by RN, or one for each tandem repeat.
    fn repeats(&self) -> usize {
        match self.values(b"RN") {
            Some((_, values)) => values
                .iter()
                .filter_map(|it| number::integer(it))
                .map(|(it, _)| usize::try_from(it).unwrap_or(0))
                .fold(0, usize::saturating_add),
            None => self.alleles().filter(|it| *it == b"<CNV:TR>").count(),
        }
    }

    /// RUL is the length of RUS.
    fn unit_lengths(&mut self) {
        let (Some((place, lengths)), Some((_, units))) = (self.values(b"RUL"), self.values(b"RUS"))
        else {
            return;
        };
        let differs = |(length, unit): (&&[u8], &&[u8])| {
            let stated = number::integer(length).and_then(|it| usize::try_from(it.0).ok());
            **unit != *b"." && stated != Some(unit.len())
        };
        if lengths.len() == units.len() && lengths.iter().zip(&units).any(differs) {
            let message = "RUL is not the length of RUS".to_owned();
            self.add(&rule::TANDEM_REPEAT_FIELDS, place, message);
        }
    }

    /// RUB has a value for each unit that RUC counts.
    fn bases_per_unit(&mut self) {
        let Some(place) = self.find(b"RUB") else { return };
        let counts = self.values(b"RUC").map(|it| it.1).unwrap_or_default();
        let whole = |it: &&[u8]| number::integer(it).filter(|(_, length)| *length == it.len());
        let stated: Vec<_> = counts.iter().filter(|it| **it != b".").map(whole).collect();
        if stated.is_empty() || stated.iter().any(Option::is_none) {
            let message = "with RUB, RUC has to be there and whole".to_owned();
            return self.add(&rule::TANDEM_REPEAT_FIELDS, place, message);
        }
        let sum = stated.iter().flatten().map(|it| usize::try_from(it.0).unwrap_or(0));
        let expected = sum.fold(0, usize::saturating_add);
        self.check_count(b"RUB", expected, &rule::TANDEM_REPEAT_FIELDS);
    }

    fn counts_per_allele(&mut self) {
        let alleles = self.alleles().count();
        for (keys, each) in [(&INTERVALS[..], 2), (&MOBILE_ELEMENTS[..], 4)] {
            for key in keys {
                self.check_count(key, each * alleles, &rule::WRONG_COUNT_PER_ALLELE);
            }
        }
    }

    /// A finding where a key is there with another number of values.
    fn check_count(&mut self, key: &[u8], expected: usize, rule: &'static Rule) {
        let Some(place) = self.find(key) else { return };
        let found = count(&self.line[place.clone()]);
        if found != expected && &self.line[place.clone()] != b"." {
            let key = String::from_utf8_lossy(key);
            self.add(rule, place, format!("{key} {}", miscounted(found, expected)));
        }
    }
}

/// The type of a symbolic allele, without subtypes.
fn structural_type(allele: &[u8]) -> Option<&[u8]> {
    let id = allele.strip_prefix(b"<")?.strip_suffix(b">")?;
    let kind = id.split(|it| *it == b':').next()?;
    is_structural_type(kind, 4).then_some(kind)
}
