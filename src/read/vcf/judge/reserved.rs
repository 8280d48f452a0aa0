//! The reserved keys of INFO and FORMAT, with the Type and Number that the specification gives
//! them.

use crate::model::ValueType;
use crate::read::vcf::declared::Number;

/// A reserved key over a range of versions.
#[derive(Debug)]
pub struct Reserved {
    key: &'static [u8],
    /// Its Type; none where the specification gives none.
    pub value: Option<ValueType>,
    /// Its Number; [`Number::Any`] where the specification gives none, or versions of it differ.
    pub number: Number,
    /// The first and the last minor version.
    versions: (u32, u32),
}

impl Reserved {
    /// Whether the key counts something, so that it cannot be negative.
    pub fn is_count(&self) -> bool {
        let signed: [&[u8]; 6] = [b"SVLEN", b"CIPOS", b"CIEND", b"CILEN", b"CICNADJ", b"CIRB"];
        self.value == Some(ValueType::Integer) && self.key != b"CICN" && !signed.contains(&self.key)
    }

    /// How the header writes the Type and the Number.
    pub fn declaration(&self) -> String {
        let value = self.value.map_or("any Type", ValueType::as_str);
        format!("Number={}, Type={value}", self.number)
    }
}

/// The entry of an INFO key in a version.
pub fn info(key: &[u8], minor: u32) -> Option<&'static Reserved> {
    find(INFO, key, minor)
}

/// The entry of a FORMAT key in a version.
pub fn format(key: &[u8], minor: u32) -> Option<&'static Reserved> {
    find(FORMAT, key, minor)
}

fn find(table: &'static [Reserved], key: &[u8], minor: u32) -> Option<&'static Reserved> {
    table.iter().find(|it| it.key == key && (it.versions.0..=it.versions.1).contains(&minor))
}

/// Whether an INFO key says something about structural variants that can contradict the record.
pub fn is_structural(key: &[u8]) -> bool {
    STRUCTURAL.contains(&key)
}

const STRUCTURAL: [&[u8]; 16] = [
    b"SVLEN", b"SVCLAIM", b"RN", b"RUS", b"RUL", b"RUC", b"RB", b"RUB", b"CIRUC", b"CIRB",
    b"CIPOS", b"CIEND", b"CILEN", b"CICN", b"MEINFO", b"METRANS",
];

const ALL: (u32, u32) = (0, u32::MAX);
const UNTIL_2: (u32, u32) = (0, 2);
const UNTIL_3: (u32, u32) = (0, 3);
const SINCE_3: (u32, u32) = (3, u32::MAX);
const SINCE_4: (u32, u32) = (4, u32::MAX);
const SINCE_5: (u32, u32) = (5, u32::MAX);
const ONE: Number = Number::Count(1);
const TWO: Number = Number::Count(2);

const fn integer(key: &'static str, number: Number, versions: (u32, u32)) -> Reserved {
    Reserved { key: key.as_bytes(), value: Some(ValueType::Integer), number, versions }
}

const fn float(key: &'static str, number: Number, versions: (u32, u32)) -> Reserved {
    Reserved { key: key.as_bytes(), value: Some(ValueType::Float), number, versions }
}

const fn string(key: &'static str, number: Number, versions: (u32, u32)) -> Reserved {
    Reserved { key: key.as_bytes(), value: Some(ValueType::String), number, versions }
}

const fn flag(key: &'static str) -> Reserved {
    let (value, number) = (Some(ValueType::Flag), Number::Count(0));
    Reserved { key: key.as_bytes(), value, number, versions: ALL }
}

/// VCF 4.3, section 1.6.1, table 1, and section 3.
const INFO: &[Reserved] = &[
    string("AA", ONE, ALL),
    integer("AC", Number::A, ALL),
    integer("AD", Number::R, SINCE_3),
    integer("ADF", Number::R, SINCE_3),
    integer("ADR", Number::R, SINCE_3),
    float("AF", Number::A, ALL),
    integer("AN", ONE, ALL),
    float("BQ", ONE, ALL),
    string("CIGAR", Number::A, ALL),
    flag("DB"),
    integer("DP", ONE, ALL),
    integer("END", ONE, ALL),
    flag("H2"),
    flag("H3"),
    Reserved { key: b"MQ", value: None, number: ONE, versions: ALL },
    integer("MQ0", ONE, ALL),
    integer("NS", ONE, ALL),
    flag("SOMATIC"),
    flag("VALIDATED"),
    flag("1000G"),
    // Structural variants.
    flag("IMPRECISE"),
    flag("NOVEL"),
    integer("SVLEN", Number::Any, UNTIL_3),
    integer("SVLEN", Number::A, SINCE_4),
    string("SVTYPE", ONE, ALL),
    integer("CIPOS", TWO, UNTIL_3),
    integer("CIPOS", Number::Any, SINCE_4),
    integer("CIEND", TWO, UNTIL_3),
    integer("CIEND", Number::Any, SINCE_4),
    integer("CILEN", TWO, UNTIL_3),
    integer("CILEN", Number::Any, SINCE_4),
    integer("CICN", TWO, UNTIL_3),
    float("CICN", Number::Any, SINCE_4),
    integer("CICNADJ", Number::Any, UNTIL_3),
    integer("CN", ONE, UNTIL_3),
    float("CN", Number::A, SINCE_4),
    integer("CNADJ", Number::Any, UNTIL_3),
    integer("DPADJ", Number::Any, UNTIL_3),
    integer("HOMLEN", Number::Any, ALL),
    string("HOMSEQ", Number::Any, ALL),
    string("BKPTID", Number::Any, ALL),
    string("MEINFO", Number::Count(4), UNTIL_3),
    string("METRANS", Number::Count(4), UNTIL_3),
    string("DGVID", ONE, UNTIL_3),
    string("DBVARID", ONE, UNTIL_3),
    string("DBRIPID", ONE, UNTIL_3),
    string("MATEID", Number::Any, ALL),
    string("PARID", ONE, UNTIL_3),
    string("EVENT", ONE, UNTIL_3),
    string("SVCLAIM", Number::A, SINCE_4),
    integer("RN", Number::A, SINCE_4),
    string("RUS", Number::Any, SINCE_4),
    integer("RUL", Number::Any, SINCE_4),
    float("RUC", Number::Any, SINCE_4),
    integer("RB", Number::Any, SINCE_4),
    float("CIRUC", Number::Any, SINCE_4),
    integer("CIRB", Number::Any, SINCE_4),
    integer("RUB", Number::Any, SINCE_4),
];

/// VCF 4.3, section 1.6.2, table 2, and section 4.
const FORMAT: &[Reserved] = &[
    integer("AD", Number::R, SINCE_3),
    integer("ADF", Number::R, SINCE_3),
    integer("ADR", Number::R, SINCE_3),
    integer("DP", ONE, ALL),
    integer("EC", Number::A, ALL),
    string("FT", ONE, ALL),
    float("GL", Number::G, ALL),
    string("GLE", Number::G, UNTIL_2),
    float("GP", Number::G, ALL),
    integer("GQ", ONE, ALL),
    string("GT", ONE, ALL),
    integer("HQ", TWO, ALL),
    integer("MQ", ONE, ALL),
    integer("PL", Number::G, ALL),
    integer("PQ", ONE, ALL),
    integer("PS", ONE, ALL),
    string("PSL", Number::P, SINCE_4),
    integer("PSO", Number::P, SINCE_4),
    integer("PSQ", Number::P, SINCE_4),
    // Structural variants.
    integer("CN", ONE, UNTIL_3),
    float("CN", ONE, SINCE_4),
    float("CNQ", ONE, ALL),
    float("CNL", Number::Any, UNTIL_2),
    float("CNL", Number::G, SINCE_3),
    float("CNP", Number::G, SINCE_3),
    float("CICN", TWO, SINCE_4),
    integer("NQ", ONE, ALL),
    integer("HAP", ONE, ALL),
    integer("AHAP", ONE, ALL),
    // Local alleles.
    integer("LAA", Number::Any, SINCE_5),
    integer("LAD", Number::LR, SINCE_5),
    integer("LADF", Number::LR, SINCE_5),
    integer("LADR", Number::LR, SINCE_5),
    integer("LEC", Number::LA, SINCE_5),
    float("LGL", Number::LG, SINCE_5),
    float("LGP", Number::LG, SINCE_5),
    integer("LPL", Number::LG, SINCE_5),
    integer("LEN", ONE, SINCE_5),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_version_has_a_key_twice() {
        for (name, table) in [("INFO", INFO), ("FORMAT", FORMAT)] {
            for minor in 0..=5 {
                for entry in table {
                    let entries = table.iter().filter(|it| {
                        it.key == entry.key && (it.versions.0..=it.versions.1).contains(&minor)
                    });
                    assert!(entries.count() <= 1, "{name} {:?} in 4.{minor}", entry.key);
                }
            }
        }
    }

    #[test]
    fn versions_differ() {
        assert_eq!(info(b"CN", 3).map(|it| it.number), Some(ONE));
        assert_eq!(info(b"CN", 4).map(|it| it.number), Some(Number::A));
        assert!(format(b"AD", 2).is_none() && format(b"GLE", 3).is_none());
    }
}
