//! What a TSV file is to be read as: the store's schema, the roles of its columns, and the dialect.

use super::nulls::NullCells;
use super::options::Dialect;
use crate::model::{
    AnnotationType, ColumnType, Error, ErrorKind, HeaderKey, NullMarks, ReadOptions, Result,
    SchemaColumn, TsvStoreOptions,
};

/// The name of the column that `CHR_POS` and `CHR_POS_REF_ALT` add.
pub const END_COLUMN: &str = "end";

/// A TSV file's schema, the roles of its columns, and its dialect, resolved.
#[derive(Clone, Debug)]
pub struct TsvReading {
    /// The store's options, as given.
    pub store: TsvStoreOptions,
    /// How bytes become fields.
    pub dialect: Dialect,
    pub(super) types: Vec<ColumnType>,
    pub(super) roles: Roles,
    /// Cells that are null by the store's own setting; mostly none.
    pub(super) nulls: Option<NullCells>,
}

/// What the parsers of all chunks of a TSV file share.
pub struct TsvFile {
    pub(super) reading: TsvReading,
    /// Whether rows can be stored: not where a position or a name of the schema cannot be told.
    pub(super) is_readable: bool,
    /// The text of the line that was dropped as the header; empty where there is none.
    pub(super) header: Vec<u8>,
}

impl TsvFile {
    /// How the file is read.
    pub fn reading(&self) -> &TsvReading {
        &self.reading
    }

    /// The text of the line that was dropped as the header, if one was.
    pub fn header(&self) -> Option<&[u8]> {
        (!self.header.is_empty()).then_some(self.header.as_slice())
    }
}

/// Which columns give the place of a row, counted in [`TsvReading::columns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coordinates {
    /// The contig.
    pub contig: usize,
    /// The first base, zero-based.
    pub start: usize,
    /// The base after the last one.
    pub end: usize,
}

/// Columns of the schema by their roles, as far as they were named, exist, and hold whole numbers
/// where they are positions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Roles {
    pub contig: Option<usize>,
    pub start: Option<usize>,
    pub end: Option<usize>,
    pub reference: Option<usize>,
    pub alternate: Option<usize>,
    /// Whether positions in the file count from one.
    pub one_based: bool,
    /// Whether a column `end` is added.
    pub adds_end: bool,
}

impl TsvReading {
    /// Resolves the options. The schema and the roles are judged where a file is opened, as
    /// findings.
    pub fn new(store: TsvStoreOptions, options: Option<&ReadOptions>) -> Result<Self> {
        let dialect = Dialect::new(options)?;
        let types = store.schema.iter().map(|it| it.data_type).collect();
        let roles = Roles::of(&store);
        Ok(Self { store, dialect, types, roles, nulls: None })
    }

    /// Takes cells that are one of the marks for null, in every column but those of contig and
    /// alleles.
    #[must_use]
    pub fn with_null_marks(self, marks: NullMarks) -> Self {
        let kept = [self.roles.contig, self.roles.reference, self.roles.alternate];
        let nulls = (!marks.is_empty()).then(|| NullCells::new(marks, kept));
        Self { nulls, ..self }
    }

    /// Tells of each cell that is null by such a mark what the service makes of it.
    #[must_use]
    pub fn telling_nulls(self) -> Self {
        let nulls = self.nulls.map(NullCells::told);
        Self { nulls, ..self }
    }

    /// Fails with [`ErrorKind::Conflict`] where the rows have no alleles that could be normalized.
    pub fn check_alleles(&self) -> Result<()> {
        let kind = self.store.annotation_type;
        if kind.has_alleles() {
            return Ok(());
        }
        let message = format!("rows of type {} have no alleles to normalize", kind.as_str());
        let help = "only CHR_POS_REF_ALT and the two CHR_START_END_REF_ALT types have REF and ALT";
        Err(Error::new(ErrorKind::Conflict, message).with_help(help))
    }

    /// The columns that a row of the store has: those of the schema, and `end` where the annotation
    /// type adds it.
    pub fn columns(&self) -> Vec<SchemaColumn> {
        let mut columns = self.store.schema.clone();
        if self.roles.adds_end {
            columns.push(SchemaColumn { name: END_COLUMN.to_owned(), data_type: ColumnType::Int });
        }
        columns
    }

    /// The column of REF; none where rows have none.
    pub fn reference_column(&self) -> Option<usize> {
        self.roles.reference
    }

    /// Which columns give the place of a row; none where rows have no place.
    pub fn coordinates(&self) -> Option<Coordinates> {
        let roles = &self.roles;
        let added = roles.adds_end.then_some(self.types.len());
        Some(Coordinates { contig: roles.contig?, start: roles.start?, end: added.or(roles.end)? })
    }
}

impl Roles {
    fn of(store: &TsvStoreOptions) -> Self {
        let kind = store.annotation_type;
        let column = |key: HeaderKey| {
            let name =
                store.format_to_header.get(&key).filter(|_| kind.required_keys().contains(&key))?;
            store.schema.iter().position(|it| it.name == *name)
        };
        let position = |key| {
            column(key).filter(|it| {
                matches!(store.schema[*it].data_type, ColumnType::Int | ColumnType::Long)
            })
        };
        let adds_end = matches!(kind, AnnotationType::ChrPos | AnnotationType::ChrPosRefAlt);
        Self {
            contig: column(HeaderKey::Chr),
            start: position(if adds_end { HeaderKey::Pos } else { HeaderKey::Start }),
            end: position(HeaderKey::End),
            reference: column(HeaderKey::Ref),
            alternate: column(HeaderKey::Alt),
            one_based: adds_end
                || matches!(
                    kind,
                    AnnotationType::ChrStartEndOneBase | AnnotationType::ChrStartEndRefAltOneBase
                ),
            adds_end,
        }
    }
}
