//! Which columns of a data file are read.

use parquet::arrow::ProjectionMask;
use parquet::schema::types::SchemaDescriptor;

use super::values::TextCodes;
use crate::annotate::fields::Origin;
use crate::catalog::DataFile;
use crate::write::CoordinateNames;
use crate::write::schema::RECORD_NUMBER;

/// What is read of the rows of a version.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The columns that give the place of a row.
    pub coordinates: CoordinateNames,
    /// The columns of REF and ALT; none of rows that are found by overlap.
    pub alleles: Option<[String; 2]>,
    /// What says where rows with symbolic alleles end; none where nothing does.
    pub ends: Option<EndColumns>,
    /// Where the values of each field stand.
    pub origins: Vec<Origin>,
    /// Whether it matters which record of which job a row is of.
    pub tells_records: bool,
    /// What texts write in percent codes.
    pub codes: &'static TextCodes,
}

/// The columns that say where rows end.
#[derive(Clone, Debug)]
pub struct EndColumns {
    /// The end of the whole row.
    pub end: String,
    /// The field of `info` with the lengths of its alleles (SVLEN), where there is one.
    pub lengths: Option<String>,
}

impl Layout {
    /// The columns of a file with this schema.
    pub fn mask(&self, schema: &SchemaDescriptor, file: &DataFile) -> ProjectionMask {
        let mut wanted: Vec<Vec<&str>> = vec![vec![&self.coordinates.start]];
        match &self.alleles {
            Some([reference, alternate]) => {
                wanted.extend([vec![reference.as_str()], vec![alternate.as_str()]]);
            }
            None => wanted.push(vec![&self.coordinates.end]),
        }
        if self.tells_records {
            wanted.extend([vec![RECORD_NUMBER], vec!["importjobid"]]);
        }
        for origin in &self.origins {
            match origin {
                Origin::Info { key, column, .. } => {
                    wanted.extend(column.as_ref().map(|it| vec!["info", it.as_str()]));
                    let keys = file.other_keys.as_ref();
                    if keys.is_none_or(|it| it.contains(key)) {
                        wanted.push(vec!["info_other"]);
                    }
                }
                Origin::Column(name) | Origin::Key { column: name, .. } => wanted.push(vec![name]),
                Origin::Entries { kind, column, .. } => {
                    for column in [column, "allele"] {
                        wanted.push(vec!["annotations", kind.name(), "list", "element", column]);
                    }
                }
            }
        }
        Self::of_paths(schema, &wanted)
    }

    /// The columns that tell where rows lie.
    pub fn mask_of_places(&self, schema: &SchemaDescriptor) -> ProjectionMask {
        let CoordinateNames { contig, start, end } = &self.coordinates;
        Self::of_paths(schema, &[vec![contig], vec![start], vec![end]])
    }

    /// The columns that say where rows with symbolic alleles end.
    pub fn mask_of_ends(schema: &SchemaDescriptor, columns: &EndColumns) -> ProjectionMask {
        let mut wanted = vec![vec![columns.end.as_str()]];
        wanted.extend(columns.lengths.as_ref().map(|it| vec!["info", it.as_str()]));
        Self::of_paths(schema, &wanted)
    }

    fn of_paths(schema: &SchemaDescriptor, wanted: &[Vec<&str>]) -> ProjectionMask {
        let leaves = schema.columns().iter().enumerate();
        let leaves = leaves.filter(|(_, leaf)| {
            let parts = leaf.path().parts();
            wanted.iter().any(|it| {
                parts.len() >= it.len() && it.iter().zip(parts).all(|(one, other)| one == other)
            })
        });
        ProjectionMask::leaves(schema, leaves.map(|it| it.0))
    }
}
