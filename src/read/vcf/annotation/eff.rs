//! EFF, the annotations of `SnpEff` before version 4.1:
//! `Effect(Impact|Class|Codon|...),Effect(...)`, in the columns of ANN.

use std::ops::Range;

use super::{AnnotationEntry, keep_last};
use crate::model::AnnotationKind;
use crate::read::vcf::sink::Sink;

/// The fields between the parentheses, in their order.
#[derive(Clone, Debug)]
pub struct EffLayout {
    fields: Vec<EffField>,
    /// How many of them every entry has; errors and warnings come only where there are some.
    required: usize,
    columns: EffColumns,
}

/// The columns of ANN that a field of EFF has.
#[derive(Clone, Debug)]
struct EffColumns {
    allele: usize,
    annotation: usize,
    feature_type: usize,
    rank: usize,
    hgvs_c: usize,
    hgvs_p: usize,
    aa_position: usize,
    distance: usize,
    errors: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum EffField {
    /// A column as it is.
    Column(usize),
    Rank,
    Codon,
    AminoAcid,
    AminoAcidLength,
    Genotype,
    Transcript(usize),
    /// Errors or warnings, which have one column.
    Errors(&'static str),
    /// A field without a column, by its key of `extras`.
    Extra(String),
    /// A field that comes again.
    Nowhere,
}

impl EffLayout {
    /// The layout that a description names, in lower case: `effect ( effect_impact | ... [ | errors
    /// | warnings ] )`.
    pub fn of_description(description: &str) -> Option<Self> {
        let inside = description.split_once('(')?.1;
        if !inside.trim_start().starts_with("effect_impact") {
            return None;
        }
        let (required, optional) = inside.split_once('[').unwrap_or((inside, ""));
        let names = |text: &str| -> Vec<String> {
            let plain = |it: char| it.is_ascii_alphanumeric() || it == '_';
            let name = |it: &str| it.chars().filter(|it| plain(*it)).collect::<String>();
            text.split('|').map(name).filter(|it| !it.is_empty()).collect()
        };
        let (required, optional) = (names(required), names(optional));
        let column = |name| AnnotationKind::Ann.column(name);
        let columns = EffColumns {
            allele: column("allele")?,
            annotation: column("annotation")?,
            feature_type: column("feature_type")?,
            rank: column("rank")?,
            hgvs_c: column("hgvs_c")?,
            hgvs_p: column("hgvs_p")?,
            aa_position: column("aa_position")?,
            distance: column("distance")?,
            errors: column("errors")?,
        };
        let mut fields: Vec<_> = required.iter().chain(&optional).map(|it| field(it)).collect();
        keep_last(&mut fields, &EffField::Nowhere);
        Some(Self { fields, required: required.len(), columns })
    }
}

fn field(name: &str) -> EffField {
    let column = |name, field: fn(usize) -> EffField| AnnotationKind::Ann.column(name).map(field);
    let known = match name {
        "effect_impact" => column("annotation_impact", EffField::Column),
        "gene_name" => column("gene_name", EffField::Column),
        "transcript_biotype" => column("transcript_biotype", EffField::Column),
        "transcript_id" => column("feature_id", EffField::Transcript),
        "exon" | "exon_rank" | "exon_id" => Some(EffField::Rank),
        "codon_change" => Some(EffField::Codon),
        "amino_acid_change" => Some(EffField::AminoAcid),
        "amino_acid_length" => Some(EffField::AminoAcidLength),
        "genotype" | "genotypenum" | "genotype_number" => Some(EffField::Genotype),
        "errors" => Some(EffField::Errors("errors")),
        "warnings" => Some(EffField::Errors("warnings")),
        _ => None,
    };
    known.unwrap_or_else(|| EffField::Extra(name.to_owned()))
}

impl<S: Sink> AnnotationEntry<'_, S> {
    /// The entries of EFF. `alternates` is ALT: EFF numbers the alleles.
    pub(super) fn effects(&mut self, value: Range<usize>, layout: &EffLayout, alternates: &[u8]) {
        let mut start = value.start;
        while start < value.end {
            let text = &self.line[start..value.end];
            let length = memchr::memmem::find(text, b"),").map_or(text.len(), |it| it + 1);
            self.effect(start..start + length, layout, alternates);
            start += length + 1;
        }
    }

    fn effect(&mut self, range: Range<usize>, layout: &EffLayout, alternates: &[u8]) {
        let text = &self.line[range.clone()];
        let inside = opening(text).zip(text.strip_suffix(b")"));
        let (name, fields) = match inside {
            Some((at, closed)) if at < closed.len() => (&text[..at], &closed[at + 1..]),
            _ => (text, &[][..]),
        };
        let found =
            if fields.is_empty() { 0 } else { 1 + memchr::memchr_iter(b'|', fields).count() };
        if !(layout.required..=layout.fields.len()).contains(&found) {
            return self.wrong_count(range, found, &layout.required.to_string());
        }
        let (kind, columns) = (self.source.kind, &layout.columns);
        self.sink.annotation(kind);
        let effects: Vec<u8> = name.iter().map(|it| if *it == b'+' { b'&' } else { *it }).collect();
        self.put(columns.annotation, &effects);
        let mut errors: Vec<u8> = Vec::new();
        for (field, text) in layout.fields.iter().zip(fields.split(|it| *it == b'|')) {
            match field {
                EffField::Column(column) => self.put(*column, text),
                EffField::Extra(key) => self.extra(key, text),
                EffField::Rank => self.put(columns.rank, text),
                EffField::Transcript(column) => {
                    self.put(*column, text);
                    let transcript = if text.is_empty() { b"".as_slice() } else { b"transcript" };
                    self.put(columns.feature_type, transcript);
                }
                EffField::Codon => self.codon(columns, text),
                EffField::AminoAcid => self.amino_acid(columns, text),
                EffField::AminoAcidLength => {
                    if !text.is_empty() {
                        self.sink.annotation_pair(kind, columns.aa_position, None, Some(text));
                    }
                }
                EffField::Genotype => self.put(columns.allele, allele(text, alternates)),
                EffField::Nowhere => {}
                EffField::Errors(_) if text.is_empty() => {}
                EffField::Errors(_) => {
                    errors.extend(if errors.is_empty() { &b""[..] } else { b"&" });
                    errors.extend(text);
                }
            }
        }
        self.put(columns.errors, &errors);
    }

    /// Codons, a change of the transcript, or the distance of an effect beside the gene.
    fn codon(&mut self, columns: &EffColumns, text: &[u8]) {
        self.extra("codon_change", text);
        let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
        self.put(columns.distance, if is_number { text } else { b"" });
    }

    /// `R124Q`, or with `-hgvs` `p.Arg124Gln/c.371G>A`, each part of which may be alone.
    fn amino_acid(&mut self, columns: &EffColumns, text: &[u8]) {
        self.extra("amino_acid_change", text);
        let mut parts = text.split(|it| *it == b'/').filter(|it| it.get(1) == Some(&b'.'));
        let protein = parts.clone().find(|it| it[0] == b'p');
        let coding = parts.find(|it| matches!(it[0], b'c' | b'n'));
        self.put(columns.hgvs_p, protein.unwrap_or_default());
        self.put(columns.hgvs_c, coding.unwrap_or_default());
    }
}

/// Where the parenthesis opens: the first that is not within brackets, as in
/// `NEXT_PROT[site:N-linked_(GlcNAc...)](...)`.
fn opening(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    text.iter().position(|it| {
        match it {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *it == b'(' && depth == 0
    })
}

/// The allele that a number stands for, from 1; any other text as it is.
fn allele<'a>(number: &'a [u8], alternates: &'a [u8]) -> &'a [u8] {
    let index = std::str::from_utf8(number).ok().and_then(|it| it.parse::<usize>().ok());
    let nth = |it: usize| alternates.split(|it| *it == b',').nth(it);
    index.and_then(|it| it.checked_sub(1)).and_then(nth).unwrap_or(number)
}
