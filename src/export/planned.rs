//! What an export asks of a version, and what it makes of the rows.

use arrow::array::{Array as _, AsArray as _, RecordBatch};

use super::lines::RowLines;
use crate::catalog::Catalog;
use crate::emit::Target;
use crate::merge::{ContigOrder, OpenVersion, RowsWanted, ask};
use crate::model::{Result, StoreFormat};
use crate::query::Options;
use crate::service::made_header;

/// A version, and what of it is to go out in which form.
pub struct Asked<'a> {
    /// The version.
    pub version: &'a OpenVersion,
    /// The catalog, which has the headers.
    pub catalog: &'a Catalog,
    /// Which rows.
    pub wanted: &'a RowsWanted,
    /// The columns that were named; all where there are none.
    pub columns: &'a [String],
    /// How to ask.
    pub options: &'a Options,
    /// The form.
    pub target: Target,
}

/// How rows become a file.
pub struct Planned {
    /// The columns to be asked for, each an expression of SQL.
    pub columns: Vec<String>,
    /// The lines that begin the file.
    pub header: Vec<u8>,
    /// What makes lines of rows with these columns.
    pub lines: Box<dyn RowLines>,
    /// The order of contigs.
    pub order: ContigOrder,
}

/// The headers of the files of a version, in the order in which those came.
#[derive(Debug, Default)]
pub struct Headers {
    /// Their texts, each once.
    pub texts: Vec<Vec<u8>>,
    /// Whether those of all files were kept.
    pub is_whole: bool,
}

impl Asked<'_> {
    /// The headers of its files.
    pub fn headers(&self) -> Result<Headers> {
        let mut headers = Headers { texts: Vec::new(), is_whole: true };
        for it in self.catalog.headers_of_version(&self.version.snapshot.version.id)? {
            let kept = it.sha256.as_ref().map(|it| self.catalog.header(it)).transpose()?.flatten();
            match kept.and_then(|it| it.text()) {
                Some(text) => headers.texts.push(text),
                None => headers.is_whole = false,
            }
        }
        let is_made = headers.texts.is_empty() && self.version.format() == StoreFormat::Vcf;
        if is_made {
            headers.texts.push(made_header(&self.version.snapshot).into_bytes());
        }
        Ok(headers)
    }

    /// Texts that there are among the rows that are wanted: an expression, of the table and what is
    /// joined to it.
    pub fn texts(&self, expression: &str, joined: &str) -> Result<Vec<String>> {
        let rows: Vec<RecordBatch> =
            ask(self.version, self.wanted, self.options, (expression, joined))?;
        Ok(texts_of(&rows))
    }
}

/// The texts of the first column of rows, without null.
fn texts_of(rows: &[RecordBatch]) -> Vec<String> {
    let mut texts = Vec::new();
    for batch in rows {
        if let Some(column) = batch.column(0).as_string_opt::<i32>() {
            let there = (0..column.len()).filter(|it| column.is_valid(*it));
            texts.extend(there.map(|it| column.value(it).to_owned()));
        }
    }
    texts.sort();
    texts
}
