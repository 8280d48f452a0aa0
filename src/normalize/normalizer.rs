//! Variants held against a reference and put in their one form, whatever the format of the file
//! that has them.

use std::hash::Hasher as _;
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::align::{Change, align};
use super::cursor::Cursor;
use super::summary::{Normalized, NormalizedForm};
use crate::diagnostic::rules::reference as rule;
use crate::diagnostic::{Rule, printable};
use crate::model::contigs::other_names;
use crate::model::reference::concrete_base;
use crate::model::{Error, Reference, Result};
use crate::read::{Admission, Role, Variant};

/// What to do with a record whose REF is not what the reference has there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefMismatch {
    /// Reject its line.
    #[default]
    Error,
    /// Store it as it is.
    Warn,
    /// Leave its line out.
    Skip,
}

/// What may keep a record from fitting the reference.
static MISFITS: [&Rule; 3] =
    [&rule::CONTIG_NOT_IN_REFERENCE, &rule::REFERENCE_MISMATCH, &rule::BEYOND_CONTIG];

/// What is said about records that are only looked at.
static LOOKS: [&Rule; 2] = [&rule::NOT_NORMALIZED, &rule::DUPLICATE_ONCE_NORMALIZED];

/// How to normalize.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NormalizeOptions {
    /// What to do with a record that does not fit the reference.
    pub mismatch: RefMismatch,
    /// Whether a record with several ALT alleles becomes one for each (VCF).
    pub split: bool,
    /// Whether to leave records as they are, and say what would become of them.
    pub only_look: bool,
}

impl NormalizeOptions {
    /// The rules about the reference that are looked for on the way.
    pub fn rules(self) -> Vec<&'static Rule> {
        let looks: &[&'static Rule] = if self.only_look { &LOOKS } else { &[] };
        MISFITS.iter().chain(looks).copied().collect()
    }

    /// The rules whose lines are stored although they reject them.
    pub fn stored_anyway(self) -> &'static [&'static Rule] {
        if self.mismatch == RefMismatch::Warn { &MISFITS } else { &[] }
    }
}

/// Bases of an allele that a message shows.
const SHOWN: usize = 50;

/// Normalizes the variants of a chunk.
pub struct Normalizer {
    pub(super) options: NormalizeOptions,
    cursor: Cursor,
    pub(super) summary: Normalized,
    /// The first failure to read the reference.
    failed: Option<Error>,
    before: Vec<u8>,
}

/// Why a variant does not fit the reference.
#[derive(Debug)]
pub struct Misfit {
    /// What is wrong.
    pub rule: &'static Rule,
    /// With which value of the record.
    pub role: Role,
    /// In words.
    pub message: String,
}

impl Normalizer {
    /// A normalizer that has seen nothing yet.
    pub fn new(reference: Arc<dyn Reference>, options: NormalizeOptions) -> Self {
        Self {
            options,
            cursor: Cursor::new(reference),
            summary: Normalized::default(),
            failed: None,
            before: Vec::new(),
        }
    }

    /// Looks at a record, unless the reference could not be read before: then the whole import
    /// fails.
    pub fn guard(&mut self, look: impl FnOnce(&mut Self) -> Result<Admission>) -> Admission {
        if self.failed.is_some() {
            return Admission::Rejected;
        }
        look(self).unwrap_or_else(|error| {
            self.failed = Some(error);
            Admission::Rejected
        })
    }

    /// What the chunk came to.
    pub fn finish(self) -> Result<Normalized> {
        self.failed.map_or(Ok(self.summary), Err)
    }

    /// Why a variant does not lie on the reference, or does not have its bases; none where it does.
    pub fn misfit(&mut self, variant: &Variant<'_>) -> Result<Option<Misfit>> {
        let &Variant { contig, start, reference, .. } = variant;
        let name = || printable(contig, SHOWN);
        if !self.cursor.enter(contig) {
            let mut message = format!("the reference has no contig `{}`", name());
            if let Some(alias) = likely_alias(contig, self.cursor.reference()) {
                message += &format!("; it has `{alias}`, which may be the same");
            }
            let rule = &rule::CONTIG_NOT_IN_REFERENCE;
            return Ok(Some(Misfit { rule, role: Role::Contig, message }));
        }
        let length = self.cursor.length();
        let last = start + reference.len() as u64;
        if last > length {
            let role = if start >= length { Role::Position } else { Role::Reference };
            let message = format!("the record ends at {last}, but `{}` has {length} bases", name());
            return Ok(Some(Misfit { rule: &rule::BEYOND_CONTIG, role, message }));
        }
        for (at, base) in (start..).zip(reference) {
            if self.cursor.base(at)? != base.to_ascii_uppercase() {
                let message = self.mismatch(variant)?;
                let rule = &rule::REFERENCE_MISMATCH;
                return Ok(Some(Misfit { rule, role: Role::Reference, message }));
            }
        }
        Ok(None)
    }

    fn mismatch(&mut self, variant: &Variant<'_>) -> Result<String> {
        let &Variant { start, reference, alternates, .. } = variant;
        let mut there = Vec::new();
        self.cursor.append(start, start + reference.len() as u64, &mut there)?;
        let bases: Vec<u8> = there.iter().map(|it| concrete_base(*it)).collect();
        let swapped = alternates.split(|it| *it == b',').any(|it| it.eq_ignore_ascii_case(&bases));
        let (given, shown) = (printable(reference, SHOWN), printable(&there, SHOWN));
        let mut message = format!("REF is `{given}`, but the reference has `{shown}`");
        if bases != there {
            message += &format!(", which has to be written `{}`", printable(&bases, SHOWN));
        }
        if swapped {
            message += ", which is an ALT allele of the record";
        }
        Ok(message)
    }

    /// What to do with a record that does not fit the reference.
    pub fn unfit(&mut self) -> Admission {
        let counts = &mut self.summary.counts;
        match self.options.mismatch {
            _ if self.options.only_look => Admission::AsIs,
            RefMismatch::Error => Admission::Rejected,
            RefMismatch::Warn => {
                counts.unlike += 1;
                Admission::AsIs
            }
            RefMismatch::Skip => {
                counts.left_out += 1;
                Admission::LeftOut
            }
        }
    }

    /// A record that is in its one form.
    pub fn same(&mut self, line: u64, variant: &Variant<'_>) -> Admission {
        self.summary.counts.unchanged += 1;
        if self.options.only_look {
            self.note(line, variant, false);
        }
        Admission::AsIs
    }

    /// What becomes of the alleles; nothing where one of them is not aligned.
    pub fn change(&mut self, variant: &Variant<'_>) -> Result<Change> {
        let reference = variant.reference;
        if reference.len() == 1 && variant.alternates.len() == 1 {
            // One base for another: nearly all records, for which nothing has to be looked up.
            return Ok(Change::default());
        }
        let mut alleles: Vec<&[u8]> = vec![reference];
        alleles.extend(variant.alternates.split(|it| *it == b','));
        let same = |it: &&[u8]| it.eq_ignore_ascii_case(reference);
        if alleles.iter().any(|it| !is_alignable(it)) || alleles[1..].iter().any(same) {
            return Ok(Change::default());
        }
        align(&alleles, variant.start, &mut self.cursor)
    }

    /// Appends the alleles that a change makes, and gives the zero-based start. Counts what the
    /// record came to.
    pub fn apply(
        &mut self,
        variant: &Variant<'_>,
        change: Change,
        reference: &mut Vec<u8>,
        alternates: &mut Vec<u8>,
    ) -> Result<u64> {
        let start = change.start(variant.start);
        self.before.clear();
        self.cursor.append(start, start + change.before as u64, &mut self.before)?;
        self.before.iter_mut().for_each(|it| *it = concrete_base(*it));
        change.apply(variant.reference, &self.before, reference);
        for (index, alternate) in variant.alternates.split(|it| *it == b',').enumerate() {
            if index > 0 {
                alternates.push(b',');
            }
            change.apply(alternate, &self.before, alternates);
        }
        let counts = &mut self.summary.counts;
        *(if start < variant.start { &mut counts.moved } else { &mut counts.trimmed }) += 1;
        Ok(start)
    }

    /// Keeps the form of a record, to compare it with others.
    pub fn note(&mut self, line: u64, form: &Variant<'_>, changed: bool) {
        let mut hasher = FxHasher::default();
        hasher.write(form.contig);
        hasher.write_u64(form.start);
        let alleles = form.reference.iter().chain(b">").chain(form.alternates);
        alleles.for_each(|it| hasher.write_u8(it.to_ascii_uppercase()));
        self.summary.forms.push(NormalizedForm { hash: hasher.finish(), line, changed });
    }
}

/// A form as a message shows it, at a position as the file counts.
pub fn shown(position: u64, reference: &[u8], alternates: &[u8]) -> String {
    format!("{position} {} {}", printable(reference, SHOWN), printable(alternates, SHOWN))
}

fn is_alignable(allele: &[u8]) -> bool {
    let is_base = |it: &u8| matches!(it.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T' | b'N');
    !allele.is_empty() && allele.iter().all(is_base)
}

/// The name under which the reference probably has a contig that it does not have under this one.
fn likely_alias(name: &[u8], reference: &dyn Reference) -> Option<String> {
    let names = other_names(std::str::from_utf8(name).ok()?);
    names.into_iter().find(|it| reference.contig(it.as_bytes()).is_some())
}
