//! A report as a Parquet file with a row for each finding: all of them, also those that no report
//! keeps, as the table of rejects is that `DuckDB` makes of a CSV file.

use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::form::{Form, Renderer, Style};
use super::number::counted;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Finding, Rule};
use crate::model::{Error, Location};

/// For SQL.
pub static FORM: Form = Form {
    name: "parquet",
    summary: "A Parquet file with a row for each finding, also beyond --max-findings",
    is_binary: true,
    begin: |_: Style| Box::new(Rejects::default()),
};

/// Rows after which a row group is closed, of some hundred bytes each.
const ROW_GROUP: usize = 131_072;
/// Findings that become one batch.
const BATCH: usize = 8_192;

/// The columns. What is null in one row is in another: a finding about a file as a whole has no
/// line, one in BCF a record instead, and a file that cannot be read no rule.
const COLUMNS: [(&str, DataType); 14] = [
    ("file", DataType::Utf8),
    ("line", DataType::Int64),
    ("column", DataType::UInt32),
    ("record", DataType::Int64),
    ("code", DataType::Utf8),
    ("name", DataType::Utf8),
    ("severity", DataType::Utf8),
    ("effect", DataType::Utf8),
    ("evidence", DataType::Utf8),
    ("outcome", DataType::Utf8),
    ("value", DataType::Utf8),
    ("message", DataType::Utf8),
    ("help", DataType::Utf8),
    // More than 1 where findings are only counted.
    ("count", DataType::Int64),
];

#[derive(Default)]
struct Rejects {
    writer: Option<ArrowWriter<Vec<u8>>>,
    /// By rule, the findings of the present file that have a row.
    written: Vec<(&'static Rule, u64)>,
}

impl Rejects {
    fn findings(
        &mut self,
        report: &dyn Judged,
        findings: &[Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for some in findings.chunks(BATCH) {
            self.write(&batch(report, some, 1).map_err(failed)?, out)?;
        }
        for it in findings {
            match self.written.iter_mut().find(|(rule, _)| *rule == it.rule) {
                Some((_, count)) => *count += 1,
                None => self.written.push((it.rule, 1)),
            }
        }
        Ok(())
    }

    /// Ends a file with the findings that are kept, and a row for those that are only counted.
    fn end(&mut self, report: &dyn Judged, out: &mut dyn Write) -> io::Result<()> {
        self.findings(report, report.findings().kept(), out)?;
        let written = mem::take(&mut self.written);
        for tally in report.findings().tallies() {
            let rule = tally.rule;
            let count = written.iter().find(|it| it.0 == rule).map_or(0, |it| it.1);
            let more = tally.count.saturating_sub(count);
            if more > 0 {
                let message = format!("{} whose places are not known", counted(more, "finding"));
                let (at, value) = (Location::FILE, String::new());
                let rest = [Finding { rule, at, value, message, excerpt: None }];
                self.write(&batch(report, &rest, more).map_err(failed)?, out)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> io::Result<()> {
        let writer = self.writer()?;
        writer.write(batch)?;
        pass_on(writer.inner_mut(), out)
    }

    fn writer(&mut self) -> io::Result<&mut ArrowWriter<Vec<u8>>> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => writer()?,
        };
        Ok(self.writer.insert(writer))
    }
}

impl Renderer for Rejects {
    fn request(&mut self, report: &RequestReport, out: &mut dyn Write) -> io::Result<()> {
        self.end(report, out)
    }

    fn takes_all(&self) -> bool {
        true
    }

    fn beyond(
        &mut self,
        about: &Report,
        findings: &[Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.findings(about, findings, out)
    }

    fn file(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        self.end(report, out)
    }

    fn unchecked(&mut self, file: &str, why: &Error, out: &mut dyn Write) -> io::Result<()> {
        self.written.clear();
        self.write(&unchecked(file, why).map_err(failed)?, out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.writer()?;
        let writer = self.writer.take().map(ArrowWriter::into_inner).transpose()?;
        writer.map_or(Ok(()), |mut rest| pass_on(&mut rest, out))
    }
}

fn pass_on(bytes: &mut Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(bytes)?;
    bytes.clear();
    Ok(())
}

fn schema() -> Arc<Schema> {
    let fields = COLUMNS.map(|(name, it)| Field::new(name, it, !matches!(name, "file" | "count")));
    Arc::new(Schema::new(fields.to_vec()))
}

fn writer() -> Result<ArrowWriter<Vec<u8>>, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .build();
    ArrowWriter::try_new(Vec::new(), schema(), Some(properties))
}

/// A row for each finding, each of which stands for so many.
fn batch<'a>(
    report: &'a dyn Judged,
    findings: &'a [Finding],
    count: u64,
) -> Result<RecordBatch, ArrowError> {
    let texts = |of: &dyn Fn(&'a Finding) -> &'a str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(findings.iter().map(of)))
    };
    let numbers = |of: &dyn Fn(&Finding) -> Option<u64>| -> ArrayRef {
        Arc::new(findings.iter().map(|it| of(it).map(integer)).collect::<Int64Array>())
    };
    let is_in_text = |it: &Finding| it.at.line > 0 && report.record(it.at).is_none();
    let column = |it: &Finding| Some(it.at.column).filter(|it| *it > 0);
    let columns: [ArrayRef; COLUMNS.len()] = [
        texts(&|_| report.file()),
        numbers(&|it| Some(it.at.line).filter(|_| is_in_text(it))),
        Arc::new(findings.iter().map(column).collect::<UInt32Array>()),
        numbers(&|it| report.record(it.at)),
        texts(&|it| it.rule.code),
        texts(&|it| it.rule.name),
        texts(&|it| report.severity(it.rule).as_str()),
        texts(&|it| it.rule.effect.as_str()),
        texts(&|it| it.rule.evidence().as_str()),
        texts(&|it| report.outcome(it.rule).as_str()),
        texts(&|it| &it.value),
        texts(&|it| &it.message),
        texts(&|it| it.rule.help),
        numbers(&|_| Some(count)),
    ];
    RecordBatch::try_new(schema(), columns.to_vec())
}

/// The row of a file about which there is no report.
fn unchecked(file: &str, why: &Error) -> Result<RecordBatch, ArrowError> {
    let message = format!("not checked: {why}");
    let columns = COLUMNS.map(|(name, kind)| -> ArrayRef {
        let text = match name {
            "file" => file,
            "severity" => "error",
            "message" => &message,
            "help" => why.help().unwrap_or_default(),
            "count" => return Arc::new(Int64Array::from(vec![1])),
            _ => return arrow::array::new_null_array(&kind, 1),
        };
        Arc::new(StringArray::from(vec![text]))
    });
    RecordBatch::try_new(schema(), columns.to_vec())
}

fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn failed(error: ArrowError) -> io::Error {
    io::Error::other(error)
}
