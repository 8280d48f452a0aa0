//! What an import adds to a format: the rows that its records become, and the columns of those.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;

use super::options::ImportTask;
use crate::diagnostic::Rule;
use crate::model::info::assign_columns;
use crate::model::{Error, ErrorKind, InfoColumn, Result};
use crate::normalize::{Normalized, TsvNormalizers, VcfNormalizers, tsv_records, vcf_records};
use crate::read::gff::GffReading;
use crate::read::tsv::TsvReading;
use crate::read::vcf::{Order, VcfReading};
use crate::read::{Format, Reader, Records};
use crate::write::{
    CoordinateNames, GffLayout, GffRows, Rows, TsvLayout, TsvRows, VcfLayout, VcfRows,
};

/// A format whose records can be stored as rows.
pub trait Stored: Format {
    /// Begins to read the rows of a file.
    fn rows(reader: Reader<Self>, task: ImportTask<'_>) -> Result<Incoming>;
}

/// The rows of a file, on their way to a version.
pub struct Incoming {
    /// Their columns.
    pub schema: SchemaRef,
    /// The columns by which they are put in order; none where rows have no place.
    pub order: Option<CoordinateNames>,
    /// The columns of INFO keys among them.
    pub columns: Vec<InfoColumn>,
    /// The rows, chunk by chunk, with what normalization did.
    pub rows: Records<(Normalized, Rows)>,
    /// The rules about the reference that are looked for on the way.
    pub reference_rules: Vec<&'static Rule>,
}

impl Stored for VcfReading {
    fn rows(mut reader: Reader<Self>, task: ImportTask<'_>) -> Result<Incoming> {
        let (file, name) = (&mut reader.file, task.input.name());
        task.options.listener.samples(name, file.header.samples.len());
        let columns = assign_columns(&task.run.version().info_columns, &file.declared())
            .map_err(|error| error.with("file", name))?;
        task.options.listener.columns(name, file.header.info.len(), columns.len());
        file.store_in(&columns);
        let samples = file.header.samples.clone();
        let kinds = file.annotation_kinds();
        let layout = Arc::new(VcfLayout::new(columns.clone(), samples, kinds, task.run.job_id()));
        let schema = Arc::clone(&layout.schema);
        let normalizers =
            task.options.normalize.as_ref().map(|how| {
                VcfNormalizers::new(Arc::clone(&how.reference), how.options, &file.header)
            });
        let reference_rules = normalizers.as_ref().map(VcfNormalizers::rules).unwrap_or_default();
        let mut order = Order::of(&reader.totals);
        let chunks = vcf_records(reader, normalizers, move || VcfRows::new(&layout));
        let rows = chunks.in_order(move |mut parsed| {
            order.judge(&mut parsed);
            parsed.map(|chunk| (chunk.gate, chunk.records))
        });
        Ok(Incoming { schema, order: Some(CoordinateNames::vcf()), columns, rows, reference_rules })
    }
}

impl Stored for TsvReading {
    fn rows(reader: Reader<Self>, task: ImportTask<'_>) -> Result<Incoming> {
        let layout = Arc::new(TsvLayout::new(reader.file.reading(), task.run.job_id()));
        let (schema, order) = (Arc::clone(&layout.schema), layout.coordinates.clone());
        let normalizers = task
            .options
            .normalize
            .as_ref()
            .map(|how| TsvNormalizers::new(Arc::clone(&how.reference), how.options));
        let reference_rules = normalizers.as_ref().map(TsvNormalizers::rules).unwrap_or_default();
        let rows = tsv_records(reader, normalizers, move || TsvRows::new(&layout));
        Ok(Incoming { schema, order, columns: Vec::new(), rows, reference_rules })
    }
}

impl Stored for GffReading {
    fn rows(reader: Reader<Self>, task: ImportTask<'_>) -> Result<Incoming> {
        if task.options.normalize.is_some() {
            let message = "features of GFF3 have no alleles that could be normalized";
            return Err(Error::new(ErrorKind::Conflict, message)
                .with("store", &task.run.store().name)
                .with_help("import the file without left normalization"));
        }
        let layout = Arc::new(GffLayout::new(task.run.job_id()));
        let schema = Arc::clone(&layout.schema);
        let rows = reader.records(move || GffRows::new(&layout));
        Ok(Incoming {
            schema,
            order: Some(CoordinateNames::gff()),
            columns: Vec::new(),
            rows: rows.map_output(|rows| (Normalized::default(), rows)),
            reference_rules: Vec::new(),
        })
    }
}
