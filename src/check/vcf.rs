//! VCF: what only the whole file shows, and what is in it.

use std::sync::Arc;

use super::normalized::NormalizedDuplicates;
use super::profile::{VcfProfile, VcfProfiler, frequencies};
use super::{CheckOptions, Checked, Site, Variants, WholeFile};
use crate::diagnostic::rules::vcf_header::KEYS_DIFFER_IN_CASE;
use crate::diagnostic::{Findings, Rule};
use crate::model::info::assign_columns;
use crate::model::key_case::fields_by_case;
use crate::model::{Location, Result};
use crate::normalize::{Normalized, VcfNormalizers, vcf_records};
use crate::read::vcf::{Chunk, Header, Order, Reader, Sites, VcfFile, VcfReading};
use crate::read::{CheckScope, Parsed, Records};

/// What the chunks of a VCF file say together.
pub struct WholeVcf {
    normalized: NormalizedDuplicates,
    order: Order,
    profile: VcfProfile,
    reference_rules: Vec<&'static Rule>,
    /// Which fields keys get that differ in case only.
    fields: Option<String>,
    contig_lengths: Vec<(String, u64)>,
}

/// INFO keys up to which the fields are worked out that they get in a version.
const NAMED_KEYS: usize = 5_000;

impl Checked for VcfReading {
    type Chunk = Chunk<Normalized, VcfProfiler>;
    type WholeFile = WholeVcf;

    fn check_variants(&self, _: &Variants) -> Result<()> {
        Ok(())
    }

    fn look(reader: Reader, options: &CheckOptions) -> (Records<Self::Chunk>, WholeVcf) {
        let header = &reader.file.header;
        let normalizers = match &options.variants {
            Variants::Against(reference) => {
                Some(VcfNormalizers::looking(Arc::clone(reference), header))
            }
            Variants::AsTheyAre | Variants::Normalized => None,
        };
        let (columns, frequencies) = (header.info.len(), frequencies(header));
        let whole = WholeVcf {
            normalized: NormalizedDuplicates::default(),
            order: Order::of(&reader.totals),
            profile: VcfProfile::new(header),
            reference_rules: normalizers.as_ref().map(VcfNormalizers::rules).unwrap_or_default(),
            fields: fields(&reader.file),
            contig_lengths: contig_lengths(header),
        };
        (vcf_records(reader, normalizers, move || VcfProfiler::new(columns, frequencies)), whole)
    }
}

impl WholeFile for WholeVcf {
    type Chunk = Chunk<Normalized, VcfProfiler>;

    fn add(&mut self, parsed: &mut Parsed<Self::Chunk>) {
        let forms = &parsed.output.gate.forms;
        self.normalized.add(forms, parsed.lines_before, &mut parsed.findings);
        self.order.judge(parsed);
        self.profile.add(&parsed.output.records);
    }

    fn sites(chunk: &Self::Chunk) -> impl DoubleEndedIterator<Item = Site<'_>> {
        let Sites { contigs, sites } = &chunk.sites;
        contigs.iter().enumerate().flat_map(|(index, (contig, start))| {
            let end = contigs.get(index + 1).map_or(sites.len(), |it| it.1);
            let stretch = sites.get(*start..end).unwrap_or_default();
            stretch.iter().map(|it| Site { line: it.line, contig, position: it.position.into() })
        })
    }

    fn finish(self, findings: &mut Findings) -> CheckScope {
        if let Some(told) = self.fields {
            let message = format!("in a new version {told}");
            findings.add_at(&KEYS_DIFFER_IN_CASE, Location::FILE, "", message);
        }
        CheckScope {
            reference_rules: self.reference_rules,
            skipped: self.normalized.skipped().into_iter().collect(),
            profile: Some(self.profile.finish()),
            contig_lengths: self.contig_lengths,
            ..CheckScope::default()
        }
    }
}

fn contig_lengths(header: &Header) -> Vec<(String, u64)> {
    let lengths = header.contigs.iter().map(|it| Some((it.id.clone(), it.length?)));
    lengths.flatten().collect()
}

/// Which field of a new version holds which key, where keys differ in case only.
fn fields(file: &VcfFile) -> Option<String> {
    if file.header.info.len() > NAMED_KEYS {
        return None;
    }
    let columns = assign_columns(&[], &file.declared()).ok()?;
    fields_by_case(&columns.iter().collect::<Vec<_>>())
}
