//! The tags of column nine that the specification gives a meaning, and how the service tells tags
//! apart.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// A tag with a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// `ID`
    Id,
    /// `Name`
    Name,
    /// `Alias`: several values, kept as one text with commas.
    Alias,
    /// `Parent`: a list.
    Parent,
    /// `Target`
    Target,
    /// `Gap`
    Gap,
    /// `Derives_from`
    DerivesFrom,
    /// `Note`: a list.
    Note,
    /// `Dbxref`: a list.
    Dbxref,
    /// `Ontology_term`: a list.
    OntologyTerm,
    /// `Is_circular`
    IsCircular,
}

impl Tag {
    /// All of them, in the order of their columns.
    pub const ALL: [Self; 11] = [
        Self::Id,
        Self::Name,
        Self::Alias,
        Self::Parent,
        Self::Target,
        Self::Gap,
        Self::DerivesFrom,
        Self::Note,
        Self::Dbxref,
        Self::OntologyTerm,
        Self::IsCircular,
    ];

    /// The specification's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::Name => "Name",
            Self::Alias => "Alias",
            Self::Parent => "Parent",
            Self::Target => "Target",
            Self::Gap => "Gap",
            Self::DerivesFrom => "Derives_from",
            Self::Note => "Note",
            Self::Dbxref => "Dbxref",
            Self::OntologyTerm => "Ontology_term",
            Self::IsCircular => "Is_circular",
        }
    }

    /// The tag of that spelling; case counts.
    pub fn parse(text: &[u8]) -> Option<Self> {
        Some(match text {
            b"ID" => Self::Id,
            b"Parent" => Self::Parent,
            b"Name" => Self::Name,
            b"Dbxref" => Self::Dbxref,
            b"Note" => Self::Note,
            b"Alias" => Self::Alias,
            b"Target" => Self::Target,
            b"Gap" => Self::Gap,
            b"Derives_from" => Self::DerivesFrom,
            b"Ontology_term" => Self::OntologyTerm,
            b"Is_circular" => Self::IsCircular,
            _ => return None,
        })
    }

    /// Whether its column is a list.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Parent | Self::Note | Self::Dbxref | Self::OntologyTerm)
    }

    /// Whether it may have several values, separated by commas.
    pub fn takes_several(self) -> bool {
        self.is_list() || self == Self::Alias
    }

    /// The tag that the service takes a tag for: it looks neither at case nor at underscores.
    pub fn in_service(text: &[u8]) -> Option<Self> {
        // The longest has 13 bytes, and few underscores are put in by accident.
        if text.len() > 20 {
            return None;
        }
        let folded = fold(text);
        Self::ALL.into_iter().find(|it| fold(it.as_str().as_bytes()) == folded)
    }
}

/// A hash of what the service sees of a tag.
pub fn fold(text: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    for byte in text.iter().filter(|it| **it != b'_') {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_known_by_its_spelling() {
        for tag in Tag::ALL {
            assert_eq!(Tag::parse(tag.as_str().as_bytes()), Some(tag));
            assert_eq!(Tag::in_service(tag.as_str().as_bytes()), Some(tag));
        }
        assert_eq!(Tag::parse(b"id"), None);
    }

    #[test]
    fn the_service_looks_neither_at_case_nor_at_underscores() {
        assert_eq!(Tag::in_service(b"db_xref"), Some(Tag::Dbxref));
        assert_eq!(Tag::in_service(b"parent"), Some(Tag::Parent));
        assert_eq!(Tag::in_service(b"gene_id"), None);
    }
}
