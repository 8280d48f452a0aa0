//! EFF, the annotations of `SnpEff` before version 4.1:
//! `Effect(Impact|Class|Codon|...),Effect(...)`, in the columns of ANN.

use std::ops::Range;

use super::Entry;
use crate::model::AnnotationKind;
use crate::read::vcf::sink::Sink;

/// The fields between the parentheses, in their order.
#[derive(Clone, Debug)]
pub struct Layout {
    fields: Vec<Field>,
    /// How many of them every entry has; errors and warnings come only where there are some.
    required: usize,
    columns: Columns,
}

/// The columns of ANN that a field of EFF has.
#[derive(Clone, Debug)]
struct Columns {
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

#[derive(Clone, Debug)]
enum Field {
    /// A column as it is.
    Column(usize),
    Rank,
    Codon,
    AminoAcid,
    AminoAcidLength,
    Genotype,
    Transcript(usize),
    Errors,
    /// A field without a column, by its key of `extras`.
    Extra(String),
}

impl Layout {
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
        let columns = Columns {
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
        let fields = required.iter().chain(&optional).map(|it| field(it)).collect();
        Some(Self { fields, required: required.len(), columns })
    }
}

fn field(name: &str) -> Field {
    let column = |name, field: fn(usize) -> Field| AnnotationKind::Ann.column(name).map(field);
    let known = match name {
        "effect_impact" => column("annotation_impact", Field::Column),
        "gene_name" => column("gene_name", Field::Column),
        "transcript_biotype" => column("transcript_biotype", Field::Column),
        "transcript_id" => column("feature_id", Field::Transcript),
        "exon" | "exon_rank" | "exon_id" => Some(Field::Rank),
        "codon_change" => Some(Field::Codon),
        "amino_acid_change" => Some(Field::AminoAcid),
        "amino_acid_length" => Some(Field::AminoAcidLength),
        "genotype" | "genotypenum" | "genotype_number" => Some(Field::Genotype),
        "errors" | "warnings" => Some(Field::Errors),
        _ => None,
    };
    known.unwrap_or_else(|| Field::Extra(name.to_owned()))
}

impl<S: Sink> Entry<'_, S> {
    /// The entries of EFF. `alternates` is ALT: EFF numbers the alleles.
    pub(super) fn effects(&mut self, value: Range<usize>, layout: &Layout, alternates: &[u8]) {
        let mut start = value.start;
        while start < value.end {
            let text = &self.line[start..value.end];
            let length = memchr::memmem::find(text, b"),").map_or(text.len(), |it| it + 1);
            self.effect(start..start + length, layout, alternates);
            start += length + 1;
        }
    }

    fn effect(&mut self, range: Range<usize>, layout: &Layout, alternates: &[u8]) {
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
                Field::Column(column) => self.put(*column, text),
                Field::Extra(key) => self.sink.annotation_extra(kind, key, text),
                Field::Rank => self.put(columns.rank, text),
                Field::Transcript(column) => {
                    self.put(*column, text);
                    let transcript = if text.is_empty() { b"".as_slice() } else { b"transcript" };
                    self.put(columns.feature_type, transcript);
                }
                Field::Codon => self.codon(columns, text),
                Field::AminoAcid => self.amino_acid(columns, text),
                Field::AminoAcidLength => {
                    if !text.is_empty() {
                        self.sink.annotation_pair(kind, columns.aa_position, None, Some(text));
                    }
                }
                Field::Genotype => self.put(columns.allele, allele(text, alternates)),
                Field::Errors if text.is_empty() => {}
                Field::Errors => {
                    errors.extend(if errors.is_empty() { &b""[..] } else { b"&" });
                    errors.extend(text);
                }
            }
        }
        self.put(columns.errors, &errors);
    }

    /// Codons, a change of the transcript, or the distance of an effect beside the gene.
    fn codon(&mut self, columns: &Columns, text: &[u8]) {
        self.sink.annotation_extra(self.source.kind, "codon_change", text);
        let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
        self.put(columns.distance, if is_number { text } else { b"" });
    }

    /// `R124Q`, or with `-hgvs` `p.Arg124Gln/c.371G>A`, each part of which may be alone.
    fn amino_acid(&mut self, columns: &Columns, text: &[u8]) {
        self.sink.annotation_extra(self.source.kind, "amino_acid_change", text);
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
