//! What the parsers of all chunks of a VCF file share, and what a chunk becomes.

use super::annotation::Annotations;
use super::declared::Header;
use super::opening::LineEnd;
use super::sites::Sites;
use crate::diagnostic::Rule;
use crate::diagnostic::rules::file::NO_FINAL_NEWLINE;
use crate::diagnostic::rules::vcf_record::UNTERMINATED_LAST_LINE;
use crate::model::{AnnotationFields, AnnotationKind, InfoColumn, ValueType, VcfOptions};

/// How a VCF file is to be read.
#[derive(Clone, Debug, Default)]
pub struct VcfReading {
    /// What of its records to leave out.
    pub options: VcfOptions,
    /// Where annotations are.
    pub annotations: AnnotationFields,
}

/// What the header of a VCF file says, for the parsers of all its chunks.
pub struct VcfFile {
    /// What the header declares.
    pub header: Header,
    /// The columns that take the values of the first INFO definitions, once somebody has any.
    columns: Vec<InfoColumn>,
    /// How many definitions, from the first on, have columns that take values; the values of the
    /// others are kept as text.
    pub(super) stored: usize,
    pub(super) annotations: Annotations,
    pub(super) options: VcfOptions,
    /// What the `#CHROM` line ends in, and so, in a sound file, all lines.
    pub(super) line_end: LineEnd,
}

/// What the records of a chunk became.
#[derive(Debug)]
pub struct Chunk<G, S> {
    /// What the gate says.
    pub gate: G,
    /// Where the records lie.
    pub sites: Sites,
    /// What the sink made of them.
    pub records: S,
}

impl VcfFile {
    /// A file with this header, whose values go to whoever counts the definitions of INFO.
    pub(super) fn new(
        header: Header,
        annotations: Annotations,
        options: VcfOptions,
        line_end: LineEnd,
    ) -> Self {
        let (columns, stored) = (Vec::new(), usize::MAX);
        Self { header, columns, stored, annotations, options, line_end }
    }

    /// Gives the first definitions these columns, and the others none.
    pub fn store_in(&mut self, columns: &[InfoColumn]) {
        (self.columns, self.stored) = (columns.to_vec(), columns.len());
    }

    /// The type of the values of a definition of INFO, counted from 0, and whether records have
    /// lists of them: as the column says, where it has one.
    pub(super) fn form(&self, index: usize) -> (ValueType, bool) {
        match self.columns.get(index) {
            Some(it) => (it.value, it.list),
            None => (self.header.info[index].value, self.header.info[index].is_list()),
        }
    }

    /// The kinds of annotations that the file has.
    pub fn annotation_kinds(&self) -> Vec<AnnotationKind> {
        self.annotations.kinds()
    }

    /// The INFO keys that the header declares, with type and list-ness.
    pub fn declared(&self) -> Vec<(String, ValueType, bool)> {
        self.header.info.iter().map(|it| (it.key.clone(), it.value, it.is_list())).collect()
    }
}

/// The rule for a last line without a newline. Validators insist on one in VCF 4.3 and 4.4; files
/// of the suite for 4.5 have none.
pub fn last_line_rule(minor: u32) -> &'static Rule {
    if matches!(minor, 3 | 4) { &UNTERMINATED_LAST_LINE } else { &NO_FINAL_NEWLINE }
}
