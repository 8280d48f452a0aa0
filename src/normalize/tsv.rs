//! TSV rows, between the parser and the sink.

use std::sync::Arc;

use super::normalizer::{NormalizeOptions, Normalizer, shown};
use super::summary::Normalized;
use crate::diagnostic::Rule;
use crate::diagnostic::rules::{reference as rule, tsv_normalization};
use crate::model::{Reference, Result};
use crate::read::tsv::{AlteredRow, CandidateRow, Gate, Reader, RowReport, Sink};
use crate::read::{Admission, Records, Role, Variant};

/// Normalizes the rows of a chunk. The alleles of a row stay together: what its other columns say
/// is about all of them.
pub struct TsvNormalizer(Option<Normalizer>);

/// Makes a normalizer for each chunk of a file.
#[derive(Clone)]
pub struct TsvNormalizers {
    reference: Option<Arc<dyn Reference>>,
    options: NormalizeOptions,
}

impl TsvNormalizers {
    /// For a file whose rows have a place and alleles.
    pub fn new(reference: Arc<dyn Reference>, options: NormalizeOptions) -> Self {
        Self { reference: Some(reference), options }
    }

    /// Leaves the rows as they are, and says what would become of them in the service and, where
    /// the reference is at hand, here.
    pub fn looking(reference: Option<Arc<dyn Reference>>) -> Self {
        Self {
            reference,
            options: NormalizeOptions { only_look: true, ..NormalizeOptions::default() },
        }
    }

    /// The rules about the reference that are looked for on the way.
    pub fn rules(&self) -> Vec<&'static Rule> {
        let of_reference = self.reference.is_some().then(|| self.options.rules());
        of_reference
            .into_iter()
            .flatten()
            .chain([&tsv_normalization::FIRST_ALTERNATE_ONLY])
            .collect()
    }

    /// The normalizer of a chunk.
    pub fn make(&self) -> TsvNormalizer {
        let normalizer = |it| Normalizer::new(Arc::clone(it), self.options);
        TsvNormalizer(self.reference.as_ref().map(normalizer))
    }
}

/// Parses the rows of a file, each through a normalizer where there are any.
pub fn tsv_records<S: Sink>(
    reader: Reader,
    normalizers: Option<TsvNormalizers>,
    make_sink: impl Fn() -> S + Send + Sync + 'static,
) -> Records<(Normalized, S::Output)> {
    match normalizers {
        None => reader.records(make_sink).map_output(|rows| (Normalized::default(), rows)),
        Some(normalizers) => reader.records_through(move || (normalizers.make(), make_sink())),
    }
}

impl Gate for TsvNormalizer {
    type Output = Normalized;

    fn admit(
        &mut self,
        row: &CandidateRow<'_>,
        report: &mut RowReport<'_>,
        altered: &mut AlteredRow,
    ) -> Admission {
        let Some(variant) = row.variant() else {
            if let Some(it) = &mut self.0 {
                it.summary.counts.unchanged += 1;
            }
            return Admission::AsIs;
        };
        if variant.alternates.contains(&b',') {
            report.add(&tsv_normalization::FIRST_ALTERNATE_ONLY, Role::Alternates, || {
                "the row has several ALT alleles".to_owned()
            });
        }
        let Some(normalizer) = &mut self.0 else { return Admission::AsIs };
        normalizer.guard(|it| look(it, row, &variant, report, altered))
    }

    fn finish(self) -> Result<Normalized> {
        self.0.map_or_else(|| Ok(Normalized::default()), Normalizer::finish)
    }
}

fn look(
    normalizer: &mut Normalizer,
    row: &CandidateRow<'_>,
    variant: &Variant<'_>,
    report: &mut RowReport<'_>,
    altered: &mut AlteredRow,
) -> Result<Admission> {
    // What is no bases cannot be held against the reference, and is a fault of its own.
    if !variant.reference.iter().all(u8::is_ascii_alphabetic) {
        return Ok(normalizer.same(row.line_number(), variant));
    }
    if let Some(misfit) = normalizer.misfit(variant)? {
        report.add(misfit.rule, misfit.role, || misfit.message);
        return Ok(normalizer.unfit());
    }
    let change = normalizer.change(variant)?;
    if change.is_none() {
        return Ok(normalizer.same(row.line_number(), variant));
    }
    let AlteredRow { reference, alternates, .. } = altered;
    reference.clear();
    alternates.clear();
    altered.start = normalizer.apply(variant, change, reference, alternates)?;
    if !normalizer.options.only_look {
        return Ok(Admission::Altered);
    }
    let form = Variant {
        contig: variant.contig,
        start: altered.start,
        reference: &altered.reference,
        alternates: &altered.alternates,
    };
    normalizer.note(row.line_number(), &form, true);
    report.add(&rule::NOT_NORMALIZED, Role::Reference, || {
        let position = row.in_file(form.start);
        format!("normalized, the row is `{}`", shown(position, form.reference, form.alternates))
    });
    Ok(Admission::AsIs)
}
