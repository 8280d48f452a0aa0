//! Read options, a schema, and a TSV file.
#![no_main]

use annostore::check::{CheckOptions, check};
use annostore::model::{AnnotationType, ColumnType, ReadOptions, SchemaColumn, TsvStoreOptions};
use annostore::read::tsv::TsvReading;
use annostore_fuzz::read_in_all_ways;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

/// What an import job of the service could be told.
#[derive(Arbitrary, Debug)]
struct Job<'a> {
    options: Option<Options<'a>>,
    annotation_type: u8,
    /// The types of the columns; those of a position come first.
    types: [u8; 5],
    columns: u8,
    file: &'a [u8],
}

/// Any options, also those that are refused.
#[derive(Arbitrary, Debug)]
struct Options<'a> {
    sep: Option<&'a str>,
    encoding: Option<u8>,
    quote: Option<char>,
    escape: Option<char>,
    comment: Option<char>,
    header: Option<bool>,
    line_sep: Option<&'a str>,
}

const ENCODINGS: [&str; 8] =
    ["UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16", "UTF-16LE", "UTF-16BE", "windows-1252", "GBK"];
const TYPES: [ColumnType; 6] = [
    ColumnType::String,
    ColumnType::Int,
    ColumnType::Long,
    ColumnType::Float,
    ColumnType::Double,
    ColumnType::Boolean,
];

fn pick<T: Copy>(list: &[T], number: u8) -> T {
    list[usize::from(number) % list.len()]
}

impl Job<'_> {
    fn reading(&self) -> annostore::model::Result<TsvReading> {
        let annotation_type = pick(&AnnotationType::ALL, self.annotation_type);
        let roles = annotation_type.required_keys();
        let count = roles.len() + usize::from(self.columns) % self.types.len();
        let schema = (0..count.max(1))
            .map(|index| SchemaColumn {
                name: format!("c{index}"),
                data_type: pick(&TYPES, self.types[index % self.types.len()]),
            })
            .collect();
        let format_to_header =
            roles.iter().enumerate().map(|(index, key)| (*key, format!("c{index}"))).collect();
        let store = TsvStoreOptions { annotation_type, format_to_header, schema };
        let options = self.options.as_ref().map(|it| ReadOptions {
            sep: it.sep.map(str::to_owned),
            encoding: it.encoding.map(|it| pick(&ENCODINGS, it).to_owned()),
            quote: it.quote.map(String::from),
            escape: it.escape.map(String::from),
            comment: it.comment.map(String::from),
            header: it.header,
            line_sep: it.line_sep.map(str::to_owned),
            ..ReadOptions::default()
        });
        TsvReading::new(store, options.as_ref())
    }
}

fuzz_target!(|job: Job| {
    let Ok(reading) = job.reading() else { return };
    let options = CheckOptions { max_findings: 5, ..CheckOptions::default() };
    read_in_all_ways(job.file, "input.tsv", |path, pipe| check(path, pipe, &reading, &options));
});
