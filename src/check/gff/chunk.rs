//! What a chunk says about the file as a whole: its features, without what is judged line by line.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use crate::model::Result;
use crate::read::gff::{Feature, Region, Sink, Tag};

/// A text of the chunk, as a place in [`FeatureChunk::texts`].
pub type TextSpan = (u32, u32);

/// What holds a chunk's rows together. Lines count from 1 within it.
#[derive(Default)]
pub struct FeatureChunk {
    /// Features and directives in the order of the chunk.
    pub items: Vec<Item>,
    /// What is told once for a file.
    pub once: Once,
    /// The IDs that the rows name as Parent, row by row.
    parents: Vec<Named>,
    texts: Vec<u8>,
    row: FeatureRow,
    /// The seqid of the row before, which mostly stays.
    seqid: Named,
}

/// Where the chunk first has what is told once for a file.
#[derive(Default)]
pub struct Once {
    /// An escape.
    pub escapes: Option<u64>,
    /// An escaped comma in a text.
    pub escaped_comma: Option<u64>,
    /// `Ontology_term`
    pub ontology_term: Option<u64>,
    /// `Derives_from`
    pub derives_from: Option<u64>,
}

/// A feature, or a directive between features.
pub enum Item {
    /// A feature.
    Row(FeatureRow),
    /// `##sequence-region`
    Region(Declared),
    /// `###`
    Terminator {
        /// Its line.
        line: u64,
    },
}

/// A name: its hash, by which names are compared, and its text.
#[derive(Clone, Copy, Default)]
pub struct Named {
    /// Zero where there is no name.
    pub hash: u64,
    /// The text.
    text: TextSpan,
}

/// One line of a feature.
#[derive(Clone, Copy, Default)]
pub struct FeatureRow {
    /// The line.
    pub line: u64,
    /// The landmark.
    pub seqid: Named,
    /// A hash of the type.
    pub kind: u32,
    /// First base, zero-based.
    pub start: Option<i64>,
    /// The base after the last one, zero-based.
    pub end: Option<i64>,
    /// `ID`
    pub id: Named,
    /// Where its Parents begin among all, and where they end.
    parents: (u32, u32),
    /// Whether it is a CDS.
    pub is_cds: bool,
    /// The phase.
    pub phase: Option<i32>,
    /// The strand: `+`, `-` or another byte.
    pub strand: u8,
    /// `Is_circular`
    pub is_circular: bool,
}

/// A `##sequence-region` directive.
pub struct Declared {
    /// The line.
    pub line: u64,
    /// The landmark.
    pub seqid: Named,
    /// First base, one-based.
    pub start: i64,
    /// Last base, one-based.
    pub end: Option<i64>,
}

/// A hash of a name, never zero.
fn hash(text: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    hasher.finish().max(1)
}

/// A narrow hash, for what is only compared with its like.
fn narrow(hash: u64) -> u32 {
    let bytes = hash.to_le_bytes();
    u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]])
}

impl Named {
    /// A narrow hash of it.
    pub fn narrow(self) -> u32 {
        narrow(self.hash)
    }
}

impl FeatureChunk {
    /// The text of a name.
    pub fn text(&self, name: Named) -> String {
        crate::diagnostic::printable(self.bytes(name), 60)
    }

    /// The bytes of a name.
    pub fn bytes(&self, name: Named) -> &[u8] {
        let (start, end) = (name.text.0 as usize, name.text.1 as usize);
        self.texts.get(start..end).unwrap_or_default()
    }

    /// The Parents of a row.
    pub fn parents(&self, row: &FeatureRow) -> &[Named] {
        let (start, end) = (row.parents.0 as usize, row.parents.1 as usize);
        self.parents.get(start..end).unwrap_or_default()
    }

    fn name(&mut self, text: &[u8]) -> Named {
        let start = place(self.texts.len());
        self.texts.extend_from_slice(text);
        Named { hash: hash(text), text: (start, place(self.texts.len())) }
    }

    fn seqid(&mut self, text: &[u8]) -> Named {
        let (start, end) = (self.seqid.text.0 as usize, self.seqid.text.1 as usize);
        if self.seqid.hash == 0 || self.texts.get(start..end) != Some(text) {
            self.seqid = self.name(text);
        }
        self.seqid
    }
}

/// A chunk has at most a line of 64 MiB, or a few MiB of lines.
fn place(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Sink for FeatureChunk {
    type Output = Self;

    fn feature(&mut self, line: u64, feature: &Feature<'_>) {
        let parents = place(self.parents.len());
        self.row = FeatureRow {
            line,
            seqid: feature.seqid.map(|it| self.seqid(it)).unwrap_or_default(),
            kind: narrow(feature.kind.map(hash).unwrap_or_default()),
            start: feature.start,
            end: feature.end,
            id: Named::default(),
            parents: (parents, parents),
            is_cds: matches!(feature.kind, Some(b"CDS" | b"SO:0000316")),
            phase: feature.phase,
            strand: feature.strand.and_then(|it| it.first().copied()).unwrap_or(b'.'),
            is_circular: false,
        };
    }

    fn text(&mut self, tag: Tag, value: &[u8]) {
        match tag {
            Tag::Id if !value.is_empty() => self.row.id = self.name(value),
            Tag::DerivesFrom => {
                self.once.derives_from.get_or_insert(self.row.line);
            }
            _ => {}
        }
    }

    fn begin_list(&mut self, tag: Tag) {
        if tag == Tag::OntologyTerm {
            self.once.ontology_term.get_or_insert(self.row.line);
        }
    }

    fn element(&mut self, tag: Tag, value: &[u8]) {
        if tag == Tag::Parent && !value.is_empty() {
            let parent = self.name(value);
            self.parents.push(parent);
            self.row.parents.1 = place(self.parents.len());
        }
    }

    fn end_list(&mut self, _: Tag) {}

    fn is_circular(&mut self, value: bool) {
        self.row.is_circular = value;
    }

    fn other(&mut self, _: &[u8], _: &[u8]) {}

    fn end_feature(&mut self) {
        self.items.push(Item::Row(self.row));
    }

    fn escapes(&mut self, line: u64) {
        self.once.escapes.get_or_insert(line);
    }

    fn escaped_comma(&mut self, line: u64) {
        self.once.escaped_comma.get_or_insert(line);
    }

    fn region(&mut self, line: u64, region: &Region<'_>) {
        let seqid = self.seqid(region.seqid);
        let (start, end) = (region.start, region.end);
        self.items.push(Item::Region(Declared { line, seqid, start, end }));
    }

    fn terminator(&mut self, line: u64) {
        self.items.push(Item::Terminator { line });
    }

    fn finish(self) -> Result<Self> {
        Ok(self)
    }
}
