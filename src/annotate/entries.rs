//! Entries of the annotations of VEP and SnpEff: which column of which entry is asked for, and
//! which ALT allele an entry is of.

use rustc_hash::FxHashMap;

use crate::model::annotation::AnnotationColumn;
use crate::model::{AnnotationKind, Error, Result, ValueType};
use crate::query::nearest;
use crate::read::vcf::Definition;

/// Which values of entries a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPath<'a> {
    /// Whose entries.
    pub kind: AnnotationKind,
    /// Which entry of an allele, counted from one; all of them where none is named.
    pub place: Option<usize>,
    /// The column, or the field that VEP or SnpEff calls so.
    pub name: &'a str,
}

/// The parts of an entry between bars, as the description of its key lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryParts {
    /// Whose entries.
    pub kind: AnnotationKind,
    /// Which part names the allele.
    pub allele: usize,
    /// The names of all parts.
    pub names: Vec<String>,
}

/// Which entries of an allele are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of them.
    All,
    /// One, counted from one.
    Nth(usize),
}

impl<'a> EntryPath<'a> {
    /// That of `vep[1].consequence`, `vep[*].symbol` or `ann.gene_name`.
    pub fn of(path: &'a str) -> Result<Self> {
        // Names of fields may have full stops.
        let (list, name) = path.split_once('.').ok_or_else(|| malformed(path))?;
        let (kind, place) = match list.split_once('[') {
            None => (list, None),
            Some((kind, "*]")) => (kind, None),
            Some((kind, place)) => {
                let place = place.strip_suffix(']').and_then(|it| it.parse().ok());
                (kind, Some(place.filter(|it| *it > 0).ok_or_else(|| malformed(path))?))
            }
        };
        let kind = AnnotationKind::ALL.into_iter().find(|it| it.name() == kind);
        Ok(Self { kind: kind.ok_or_else(|| malformed(path))?, place, name })
    }

    /// The column that the store has of each entry, by its name or by that of its field.
    pub fn column(&self) -> Option<&'static AnnotationColumn> {
        let is_it = |it: &&AnnotationColumn| it.name == self.name || it.field == self.name;
        self.kind.columns().iter().find(is_it)
    }

    /// The error where entries have neither such a column nor such a part.
    pub fn unknown(&self, parts: &[String]) -> Error {
        let columns = self.kind.columns().iter().map(|it| it.name);
        let near = nearest(self.name, columns.chain(parts.iter().map(String::as_str)));
        let place = self.place.map_or(String::new(), |it| format!("[{it}]"));
        malformed(&format!("{}{place}.{}", self.kind.name(), self.name))
            .with_help(format!("the columns of an entry are {near}"))
    }
}

fn malformed(path: &str) -> Error {
    Error::invalid(format!("there is no annotations.{}", path.escape_debug())).with_help(
        "name a column of one entry, annotations.vep[1].consequence, or of all of them, \
         annotations.vep.consequence",
    )
}

impl EntryParts {
    /// Those that a definition describes, `Format: Allele|Consequence|...` or `'Allele | Annotation
    /// | ...'`; none where it is none of entries.
    pub fn of(definition: &Definition) -> Option<Self> {
        let description = definition.description.as_str();
        let (kind, parts) = match description.split_once("Format:") {
            Some((_, parts)) => (AnnotationKind::Vep, parts),
            None => (AnnotationKind::Ann, description.split_once('\'')?.1),
        };
        let names = parts.split('|').map(|it| it.trim_matches([' ', '\'', '"']).to_owned());
        let names: Vec<String> = names.collect();
        let allele = names.iter().position(|it| it == "Allele")?;
        (definition.value == ValueType::String).then_some(Self { kind, allele, names })
    }
}

/// The ALT alleles of a row by the names that entries of annotations give them.
///
/// SnpEff names ALT itself. VEP leaves the first base out where the alleles of a record differ in
/// length and all begin with it, and writes `-` where nothing is left.
pub struct NamedAlleles<'a> {
    alternates: &'a [&'a [u8]],
    leaves_first_out: bool,
    /// The alleles by their names in capitals, where many are asked for.
    by_name: Option<FxHashMap<Vec<u8>, usize>>,
}

/// Comparisons of names from which on they are looked up.
const MANY: usize = 512;

impl<'a> NamedAlleles<'a> {
    /// The alleles of a row, of which so many will be asked for.
    pub fn new(
        kind: AnnotationKind,
        reference: &[u8],
        alternates: &'a [&'a [u8]],
        asked: usize,
    ) -> Self {
        let is_vep = kind == AnnotationKind::Vep;
        let leaves_first_out = is_vep && leaves_first_out(reference, alternates);
        let mut this = Self { alternates, leaves_first_out, by_name: None };
        if alternates.len().saturating_mul(asked) > MANY {
            let mut by_name = FxHashMap::default();
            let spelled = alternates.iter().map(|it| this.spelled(it)).enumerate();
            let as_written = alternates.iter().copied().enumerate();
            for (allele, name) in spelled.chain(as_written) {
                by_name.entry(name.to_ascii_uppercase()).or_insert(allele);
            }
            this.by_name = Some(by_name);
        }
        this
    }

    /// The allele, counted from zero, that an entry names; none where that cannot be told.
    pub fn find(&self, named: &[u8]) -> Option<usize> {
        if let Some(by_name) = &self.by_name {
            return by_name.get(&named.to_ascii_uppercase()).copied();
        }
        let is_named = |it: &&'a [u8]| self.spelled(it).eq_ignore_ascii_case(named);
        let as_written = || self.alternates.iter().position(|it| it.eq_ignore_ascii_case(named));
        self.alternates.iter().position(is_named).or_else(as_written)
    }

    /// The name of an allele.
    fn spelled(&self, alternate: &'a [u8]) -> &'a [u8] {
        match alternate.get(1..) {
            _ if !self.leaves_first_out || !is_bases(alternate) => alternate,
            Some(rest) if !rest.is_empty() => rest,
            _ => b"-",
        }
    }
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
        let found = |path: &'static str| {
            EntryPath::of(path).map(|it| (it.kind, it.place, it.name, it.column().is_some())).ok()
        };
        let (vep, ann) = (AnnotationKind::Vep, AnnotationKind::Ann);
        assert_eq!(found("vep[1].consequence"), Some((vep, Some(1), "consequence", true)));
        assert_eq!(found("vep[*].symbol"), Some((vep, None, "symbol", true)));
        assert_eq!(found("ann.gene_name"), Some((ann, None, "gene_name", true)));
        assert_eq!(found("vep.CADD_PHRED"), Some((vep, None, "CADD_PHRED", false)));
        for path in ["vep", "vep[0].symbol", "vep[x].symbol", "snp.symbol"] {
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
            for asked in [1, 1 << 20] {
                let names = NamedAlleles::new(kind, alleles[0], &alleles[1..], asked);
                assert_eq!(names.find(named.as_bytes()), expected, "{alleles:?} {named}");
            }
        }
    }

    #[test]
    fn descriptions_tell_entries() {
        let found = |description: &str| {
            EntryParts::of(&Definition {
                key: "X".to_owned(),
                number: crate::read::vcf::Number::Any,
                value: ValueType::String,
                is_character: false,
                description: description.to_owned(),
            })
            .map(|it| (it.kind, it.allele))
        };
        let vep = "Consequence annotations from Ensembl VEP. Format: Consequence|Allele|SYMBOL";
        assert_eq!(found(vep), Some((AnnotationKind::Vep, 1)));
        let ann = "Functional annotations: 'Allele | Annotation | Gene_Name' ";
        assert_eq!(found(ann), Some((AnnotationKind::Ann, 0)));
        assert_eq!(found("Allele frequency"), None);
        assert_eq!(found("Effects: 'Effect ( A | B )'"), None);
    }
}
