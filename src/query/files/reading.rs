//! How a file is read as a table: its format, its columns, and its rows.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;

use crate::infer;
use crate::model::info::assign_columns;
use crate::model::{Error, ErrorKind, Result};
use crate::normalize::tsv_records;
use crate::read::gff::GffReading;
use crate::read::recognize::FileKind;
use crate::read::source::Input;
use crate::read::tsv::TsvReading;
use crate::read::vcf::VcfReading;
use crate::read::{Format, Pipe, Reader, Records, Totals};
use crate::write::{
    CoordinateNames, GffLayout, GffRows, Rows, TsvLayout, TsvRows, VcfLayout, VcfRows, Wanted,
};

/// Findings that are kept: the first one that leaves out a line is told.
const FINDINGS: usize = 1;

/// How a file is read.
pub enum FileReading {
    /// A VCF file.
    Vcf(VcfReading),
    /// A GFF3 file.
    Gff(GffReading),
    /// A TSV or CSV file, with the options that were inferred.
    Tsv(Box<TsvReading>),
}

/// What the first lines of a file say.
pub struct Opened {
    /// The columns of the rows that are read.
    pub schema: SchemaRef,
    /// Those that give the place of a row, where rows have one.
    pub coordinates: Option<CoordinateNames>,
    /// The minor version of VCF.
    pub minor: Option<u32>,
    /// What the lines add up to so far.
    pub totals: Totals,
    /// The rows.
    pub rows: Records<Rows>,
}

impl FileReading {
    /// How an input is read.
    pub fn of(input: &Input, pipe: &Pipe) -> Result<Self> {
        let path = input.name();
        let kind = FileKind::of_content(input).or_else(|| FileKind::by_name(path));
        match kind {
            Some(FileKind::Vcf) => Ok(Self::Vcf(VcfReading::default())),
            Some(FileKind::Gff | FileKind::Gtf) => Ok(Self::Gff(GffReading)),
            Some(kind @ (FileKind::Sam | FileKind::Fasta)) => {
                let message = format!("this is {}, which is no table", kind.called());
                Err(Error::new(ErrorKind::Unreadable, message)
                    .with("file", path)
                    .with_help("name a VCF, GFF3, TSV, CSV or Parquet file"))
            }
            _ => {
                let inferred = infer::infer(input, pipe, false)?;
                let reading = TsvReading::new(inferred.store, Some(&inferred.read))?;
                Ok(Self::Tsv(Box::new(reading)))
            }
        }
    }

    /// Reads the first lines of an input, and gets ready for its rows, of which only some columns
    /// are wanted.
    pub fn open(&self, input: &Input, pipe: &Pipe, wanted: &Wanted) -> Result<Opened> {
        match self {
            Self::Vcf(format) => vcf(reader(format, input, pipe)?, wanted),
            Self::Gff(format) => {
                let reader = reader(format, input, pipe)?;
                let totals = reader.totals.clone();
                let layout = Arc::new(GffLayout::new(""));
                let schema = Arc::clone(&layout.schema);
                let rows = reader.records(move || GffRows::new(&layout));
                let coordinates = Some(CoordinateNames::gff());
                Ok(Opened { schema, coordinates, minor: None, totals, rows })
            }
            Self::Tsv(format) => {
                let reader = reader(format.as_ref(), input, pipe)?;
                let totals = reader.totals.clone();
                let layout = Arc::new(TsvLayout::new(reader.file.reading(), ""));
                let (schema, coordinates) =
                    (Arc::clone(&layout.schema), layout.coordinates.clone());
                let rows = tsv_records(reader, None, move || TsvRows::new(&layout));
                let rows = rows.map_output(|(_, rows)| rows);
                Ok(Opened { schema, coordinates, minor: None, totals, rows })
            }
        }
    }
}

fn reader<F: Format>(format: &F, input: &Input, pipe: &Pipe) -> Result<Reader<F>> {
    let source = format.source(input, &pipe.meter)?;
    let reader = Reader::open(source, pipe, format, FINDINGS)?;
    if reader.totals.is_readable() {
        return Ok(reader);
    }
    let why = reader.totals.findings().kept().first();
    let why = why.map_or("its columns are not known".to_owned(), |it| it.message.clone());
    Err(Error::new(ErrorKind::Unreadable, format!("the file cannot be read: {why}"))
        .with("file", input.name())
        .with_help("see all that is wrong with `annostore check FILE`"))
}

fn vcf(mut reader: Reader<VcfReading>, wanted: &Wanted) -> Result<Opened> {
    let totals = reader.totals.clone();
    let file = &mut reader.file;
    let columns = assign_columns(&[], &file.declared())?;
    file.store_in(&columns);
    let (samples, kinds) = (file.header.samples.clone(), file.annotation_kinds());
    let minor = Some(file.header.minor());
    let layout = VcfLayout::new(columns, samples, kinds, "").wanting(wanted.clone());
    let layout = Arc::new(layout);
    let schema = Arc::clone(&layout.schema);
    let rows = reader.records(move || VcfRows::new(&layout));
    Ok(Opened { schema, coordinates: Some(CoordinateNames::vcf()), minor, totals, rows })
}

/// The error where a region is asked of rows without a place.
pub fn no_positions(path: &str) -> Error {
    Error::invalid("rows of this file have no position to be in a region")
        .with("file", path)
        .with_help("leave --region out and ask for values with WHERE")
}
