//! Entries of the annotations of VEP and SnpEff: which column of which entry is asked for, and
//! which ALT allele an entry is of.

use crate::model::annotation::AnnotationColumn;
use crate::model::{AnnotationKind, Error, Result, ValueType};
use crate::query::nearest;
use crate::read::vcf::Definition;

/// A column of entries.
#[derive(Clone, Copy, Debug)]
pub struct EntryColumn {
    /// Whose entries.
    pub kind: AnnotationKind,
    /// Which entry of an allele, counted from one; all of them where none is named.
    pub place: Option<usize>,
    /// The column.
    pub column: &'static AnnotationColumn,
}

/// Which entries of an allele are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of them.
    All,
    /// One, counted from one.
    Nth(usize),
}

impl EntryColumn {
    /// That of `vep[1].consequence`, `vep[*].symbol` or `ann.gene_name`.
    pub fn named(path: &str) -> Result<Self> {
        let malformed = || {
            Error::invalid(format!("there is no annotations.{}", path.escape_debug())).with_help(
                "name a column of one entry, annotations.vep[1].consequence, or of all of them, \
                 annotations.vep.consequence",
            )
        };
        let (list, column) = path.rsplit_once('.').ok_or_else(malformed)?;
        let (kind, place) = match list.split_once('[') {
            None => (list, None),
            Some((kind, "*]")) => (kind, None),
            Some((kind, place)) => {
                let place = place.strip_suffix(']').and_then(|it| it.parse().ok());
                (kind, Some(place.filter(|it| *it > 0).ok_or_else(malformed)?))
            }
        };
        let kind = AnnotationKind::ALL.into_iter().find(|it| it.name() == kind);
        let kind = kind.ok_or_else(malformed)?;
        let known = kind.columns().iter().find(|it| it.name == column);
        let column = known.ok_or_else(|| {
            let near = nearest(column, kind.columns().iter().map(|it| it.name));
            malformed().with_help(format!("the columns of an entry are {near}"))
        })?;
        Ok(Self { kind, place, column })
    }
}

/// Whose entries the values of a key are by its description, `Format: Allele|Consequence|...` or
/// `'Allele | Annotation | ...'`, and which of their parts names the allele.
pub fn entries_of(definition: &Definition) -> Option<(AnnotationKind, usize)> {
    let description = definition.description.as_str();
    let (kind, parts) = match description.split_once("Format:") {
        Some((_, parts)) => (AnnotationKind::Vep, parts),
        None => (AnnotationKind::Ann, description.split_once('\'')?.1),
    };
    let mut parts = parts.split('|').map(|it| it.trim_matches([' ', '\'', '"']));
    let place = parts.position(|it| it == "Allele")?;
    (definition.value == ValueType::String).then_some((kind, place))
}

/// The ALT allele of a row, counted from zero, that an entry is of by the allele that it names;
/// none where that cannot be told.
///
/// SnpEff names ALT itself. VEP leaves the first base out where the alleles of a record differ in
/// length and all begin with it, and writes `-` where nothing is left.
pub fn allele_of(
    named: &[u8],
    kind: AnnotationKind,
    reference: &[u8],
    alternates: &[&[u8]],
) -> Option<usize> {
    let as_written = || alternates.iter().position(|it| it.eq_ignore_ascii_case(named));
    if kind == AnnotationKind::Ann || !leaves_first_out(reference, alternates) {
        return as_written();
    }
    let is_named = |it: &&[u8]| match it.get(1..) {
        _ if !is_bases(it) => it.eq_ignore_ascii_case(named),
        Some(rest) if !rest.is_empty() => rest.eq_ignore_ascii_case(named),
        _ => named == b"-",
    };
    alternates.iter().position(is_named).or_else(as_written)
}

/// Whether VEP leaves the first base of these alleles out.
fn leaves_first_out(reference: &[u8], alternates: &[&[u8]]) -> bool {
    let mut bases = alternates.iter().filter(|it| is_bases(it));
    let first = |it: &[u8]| it.first().map(u8::to_ascii_uppercase);
    bases.clone().all(|it| first(it) == first(reference))
        && bases.any(|it| it.len() != reference.len())
}

fn is_bases(allele: &[u8]) -> bool {
    !allele.is_empty() && allele.iter().all(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_one_or_all() {
        let found = |path: &str| {
            EntryColumn::named(path).map(|it| (it.kind, it.place, it.column.name)).ok()
        };
        let (vep, ann) = (AnnotationKind::Vep, AnnotationKind::Ann);
        assert_eq!(found("vep[1].consequence"), Some((vep, Some(1), "consequence")));
        assert_eq!(found("vep[*].symbol"), Some((vep, None, "symbol")));
        assert_eq!(found("ann.gene_name"), Some((ann, None, "gene_name")));
        for path in ["vep", "vep[0].symbol", "vep[x].symbol", "snp.symbol", "vep.sumbol"] {
            assert_eq!(found(path), None, "{path}");
        }
    }

    #[test]
    fn the_allele_of_an_entry_is_spelled_as_its_program_does() {
        let (vep, ann) = (AnnotationKind::Vep, AnnotationKind::Ann);
        for (kind, alleles, named, expected) in [
            (vep, "A C G", "G", Some(1)),
            (vep, "A C G", "T", None),
            (vep, "AC AT", "AT", Some(0)),
            (vep, "AT A AC", "-", Some(0)),
            (vep, "AT A AC", "C", Some(1)),
            (vep, "A AAT AT", "AT", Some(0)),
            (vep, "A AAT AT", "T", Some(1)),
            (vep, "A AT T", "T", Some(1)),
            (vep, "AT A *", "*", Some(1)),
            (vep, "A <DEL>", "deletion", None),
            (ann, "A AAT AT", "AT", Some(1)),
            (ann, "A AT", "T", None),
        ] {
            let alleles: Vec<&[u8]> = alleles.split(' ').map(str::as_bytes).collect();
            let found = allele_of(named.as_bytes(), kind, alleles[0], &alleles[1..]);
            assert_eq!(found, expected, "{alleles:?} {named}");
        }
    }

    #[test]
    fn descriptions_tell_entries() {
        let found = |description: &str| {
            entries_of(&Definition {
                key: "X".to_owned(),
                number: crate::read::vcf::Number::Any,
                value: ValueType::String,
                is_character: false,
                description: description.to_owned(),
            })
        };
        let vep = "Consequence annotations from Ensembl VEP. Format: Consequence|Allele|SYMBOL";
        assert_eq!(found(vep), Some((AnnotationKind::Vep, 1)));
        let ann = "Functional annotations: 'Allele | Annotation | Gene_Name' ";
        assert_eq!(found(ann), Some((AnnotationKind::Ann, 0)));
        assert_eq!(found("Allele frequency"), None);
        assert_eq!(found("Effects: 'Effect ( A | B )'"), None);
    }
}
