//! The annotations of VEP and SnpEff within INFO: which keys have them, and the columns that their
//! entries become.

use std::collections::BTreeMap;

/// Whose annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnnotationKind {
    /// Ensembl VEP: `annotations.vep`.
    Vep,
    /// SnpEff's `ANN`, or `EFF` of its older versions: `annotations.ann`.
    Ann,
}

/// How a field of an entry is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it stands; the empty text stays one.
    Text,
    /// A list, split on `&`; null where the field is empty.
    Texts,
    /// A row of two texts, split on the first `/`; null where the field is empty. The second is
    /// null where there is no `/`.
    Pair(&'static str, &'static str),
}

/// A column of an entry.
#[derive(Clone, Copy, Debug)]
pub struct AnnotationColumn {
    /// Its name in SQL.
    pub name: &'static str,
    /// The name that the header has for the field.
    pub field: &'static str,
    /// How it is kept.
    pub shape: Shape,
}

const fn column(name: &'static str, field: &'static str, shape: Shape) -> AnnotationColumn {
    AnnotationColumn { name, field, shape }
}

const EXTENT: Shape = Shape::Pair("pos", "length");
const RANK: Shape = Shape::Pair("rank", "total");
const CHANGE: Shape = Shape::Pair("reference", "variant");

/// The columns of the service; `extras`, the map of all other fields, comes behind them.
static VEP: [AnnotationColumn; 23] = [
    column("allele", "Allele", Shape::Text),
    column("consequence", "Consequence", Shape::Texts),
    column("impact", "IMPACT", Shape::Text),
    column("symbol", "SYMBOL", Shape::Text),
    column("gene", "Gene", Shape::Text),
    column("feature_type", "Feature_type", Shape::Text),
    column("feature", "Feature", Shape::Text),
    column("biotype", "BIOTYPE", Shape::Text),
    column("exon", "EXON", RANK),
    column("intron", "INTRON", RANK),
    column("hgvsc", "HGVSc", Shape::Text),
    column("hgvsp", "HGVSp", Shape::Text),
    column("cdna_position", "cDNA_position", Shape::Text),
    column("cds_position", "CDS_position", Shape::Text),
    column("protein_position", "Protein_position", Shape::Text),
    column("amino_acids", "Amino_acids", CHANGE),
    column("codons", "Codons", CHANGE),
    column("existing_variation", "Existing_variation", Shape::Texts),
    column("distance", "DISTANCE", Shape::Text),
    column("strand", "STRAND", Shape::Text),
    column("flags", "FLAGS", Shape::Texts),
    column("symbol_source", "SYMBOL_SOURCE", Shape::Text),
    column("hgnc_id", "HGNC_ID", Shape::Text),
];

/// The fields of "Variant annotations in VCF format" 1.0, in their order; `extras` comes behind
/// them.
static ANN: [AnnotationColumn; 16] = [
    column("allele", "Allele", Shape::Text),
    column("annotation", "Annotation", Shape::Texts),
    column("annotation_impact", "Annotation_Impact", Shape::Text),
    column("gene_name", "Gene_Name", Shape::Text),
    column("gene_id", "Gene_ID", Shape::Text),
    column("feature_type", "Feature_Type", Shape::Text),
    column("feature_id", "Feature_ID", Shape::Text),
    column("transcript_biotype", "Transcript_BioType", Shape::Text),
    column("rank", "Rank", RANK),
    column("hgvs_c", "HGVS.c", Shape::Text),
    column("hgvs_p", "HGVS.p", Shape::Text),
    column("cdna_position", "cDNA.pos / cDNA.length", EXTENT),
    column("cds_position", "CDS.pos / CDS.length", EXTENT),
    column("aa_position", "AA.pos / AA.length", EXTENT),
    column("distance", "Distance", Shape::Text),
    column("errors", "ERRORS / WARNINGS / INFO", Shape::Texts),
];

impl AnnotationKind {
    /// Both, in the order of the columns.
    pub const ALL: [Self; 2] = [Self::Vep, Self::Ann];

    /// The key of `annotationFields`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Vep => "VEP",
            Self::Ann => "ANN",
        }
    }

    /// The field of `annotations`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vep => "vep",
            Self::Ann => "ann",
        }
    }

    /// The columns of an entry, without `extras`.
    pub fn columns(self) -> &'static [AnnotationColumn] {
        match self {
            Self::Vep => &VEP,
            Self::Ann => &ANN,
        }
    }

    /// The index of a column by its name in SQL.
    pub fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|it| it.name == name)
    }
}

/// Where the annotations of one kind are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AnnotationField {
    /// Where the header shows them: in the INFO key that the program uses, if its definition is
    /// the program's.
    #[default]
    Usual,
    /// Nowhere.
    Nowhere,
    /// In this INFO key.
    Key(String),
}

/// The API's `annotationFields`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnotationFields {
    /// VEP's. `Usual` is CSQ, else the first key with VEP's own description.
    pub vep: AnnotationField,
    /// SnpEff's. `Usual` is ANN, else EFF, with SnpEff's own description.
    pub ann: AnnotationField,
    /// Keys that mean nothing, here or in the service.
    pub unknown: Vec<String>,
}

impl AnnotationFields {
    /// No annotations at all.
    pub fn none() -> Self {
        let nowhere = || AnnotationField::Nowhere;
        Self { vep: nowhere(), ann: nowhere(), unknown: Vec::new() }
    }

    /// What a request says. A key that is left out stays [`AnnotationField::Usual`].
    pub fn of_request(given: &BTreeMap<String, String>) -> Self {
        let mut fields = Self::default();
        for (key, id) in given {
            match key.as_str() {
                "VEP" => fields.vep = AnnotationField::Key(id.clone()),
                "ANN" => fields.ann = AnnotationField::Key(id.clone()),
                _ => fields.unknown.push(key.clone()),
            }
        }
        fields
    }

    /// The field of a kind.
    pub fn of(&self, kind: AnnotationKind) -> &AnnotationField {
        match kind {
            AnnotationKind::Vep => &self.vep,
            AnnotationKind::Ann => &self.ann,
        }
    }
}
