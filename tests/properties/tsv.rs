//! What holds for any TSV file: it reads back as it was written, and neither threads nor the size
//! of chunks show.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use annostore::check::{CheckOptions, check};
use annostore::diagnostic::render::json;
use annostore::model::{
    AnnotationType, ColumnType, HeaderKey, ReadOptions, Result, SchemaColumn, TsvStoreOptions,
};
use annostore::read::tsv::{Reader, Sink, TsvReading};
use annostore::read::{Format, Pipe};
use proptest::prelude::*;

/// Rows as text, and everything else that comes out of a file.
#[derive(Default)]
struct Texts(Vec<Vec<Option<String>>>);

impl Sink for Texts {
    type Output = Vec<Vec<Option<String>>>;

    fn begin_row(&mut self, _: u64, _: &[u8]) {
        self.0.push(Vec::new());
    }
    fn null(&mut self, _: usize) {
        self.0.last_mut().unwrap().push(None);
    }
    fn int(&mut self, column: usize, value: i32) {
        self.long(column, value.into());
    }
    fn long(&mut self, _: usize, value: i64) {
        self.0.last_mut().unwrap().push(Some(value.to_string()));
    }
    fn float(&mut self, column: usize, value: f32) {
        self.double(column, value.into());
    }
    fn double(&mut self, _: usize, value: f64) {
        self.0.last_mut().unwrap().push(Some(value.to_string()));
    }
    fn boolean(&mut self, _: usize, value: bool) {
        self.0.last_mut().unwrap().push(Some(value.to_string()));
    }
    fn text(&mut self, _: usize, value: &[u8]) {
        let text = String::from_utf8(value.to_vec()).unwrap();
        self.0.last_mut().unwrap().push(Some(text));
    }
    fn finish(self) -> Result<Self::Output> {
        Ok(self.0)
    }
}

struct Outcome {
    rows: Vec<Vec<Option<String>>>,
    rejected: Vec<u8>,
    report: String,
}

fn run(input: &[u8], reading: &TsvReading, threads: usize, chunk: usize) -> Outcome {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), input).unwrap();
    let path = file.path().to_str().unwrap();
    let pipe = Pipe::new(Some(threads), chunk).unwrap();
    let source = reading.source(path, &pipe.meter).unwrap();
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    for parsed in Reader::open(source, &pipe, reading, 1000).unwrap().records(Texts::default) {
        let parsed = parsed.unwrap();
        rows.extend(parsed.output);
        rejected.extend(parsed.rejected);
    }
    let options = CheckOptions { max_findings: 5, ..CheckOptions::default() };
    // Few are kept, so that what is cut off is the same, too.
    let report = check(path, &pipe, reading, &options).unwrap();
    let report = format!("{:#}", json::render(&[report])).replace(path, "FILE");
    Outcome { rows, rejected, report }
}

fn texts(columns: usize) -> TsvStoreOptions {
    let column = |index| SchemaColumn { name: format!("c{index}"), data_type: ColumnType::String };
    TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: BTreeMap::new(),
        schema: (0..columns).map(column).collect(),
    }
}

/// A dialect that a writer can obey: its special characters differ, but for the escape, which may
/// be the quote.
fn dialect() -> impl Strategy<Value = ReadOptions> {
    let sep = prop::sample::select(vec!["\t", ",", ";", "|", "||", "::", "<->", "þ", " "]);
    let quote = prop::sample::select(vec!["\"", "'", "«"]);
    let escape = prop::sample::select(vec![None, Some("\\"), Some("same"), Some("^")]);
    let line_sep =
        prop::sample::select(vec![None, Some("\n"), Some("\r"), Some("~"), Some("\r\n")]);
    let encoding =
        prop::sample::select(vec![None, Some("UTF-8"), Some("UTF-16LE"), Some("ISO-8859-1")]);
    (sep, quote, escape, line_sep, any::<bool>(), any::<bool>(), encoding).prop_map(
        |(sep, quote, escape, line_sep, header, comment, encoding)| {
            let wide = encoding == Some("UTF-16LE");
            ReadOptions {
                sep: Some(sep.to_owned()),
                quote: Some(quote.to_owned()),
                escape: escape.map(|it| if it == "same" { quote } else { it }.to_owned()),
                line_sep: if wide { Some("\n".to_owned()) } else { line_sep.map(str::to_owned) },
                header: Some(header),
                comment: comment.then(|| "#".to_owned()),
                encoding: encoding.map(str::to_owned),
                ..ReadOptions::default()
            }
        },
    )
}

/// Writes a table, all fields quoted, as a careful writer does.
fn write(rows: &[Vec<String>], options: &ReadOptions) -> Vec<u8> {
    let (sep, quote) = (options.sep.as_deref().unwrap(), options.quote.as_deref().unwrap());
    let escape = options.escape.as_deref().unwrap_or("\\");
    let end = options.line_sep.as_deref().unwrap_or("\n");
    let mut text = String::new();
    if options.header == Some(true) {
        let names: Vec<String> = (0..rows[0].len()).map(|it| format!("c{it}")).collect();
        write!(text, "{}{end}", names.join(sep)).unwrap();
    }
    for row in rows {
        let fields: Vec<String> = row
            .iter()
            .map(|it| {
                let escaped = if escape == quote {
                    it.replace(quote, &quote.repeat(2))
                } else {
                    it.replace(escape, &escape.repeat(2))
                        .replace(quote, &format!("{escape}{quote}"))
                };
                format!("{quote}{escaped}{quote}")
            })
            .collect();
        write!(text, "{}{end}", fields.join(sep)).unwrap();
    }
    match options.encoding.as_deref() {
        Some("UTF-16LE") => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Some("ISO-8859-1") => text.chars().map(|it| u8::try_from(it).unwrap()).collect(),
        _ => text.into_bytes(),
    }
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    // No line ends, since quotes do not protect them. At least one field has to be there, or a
    // single column's row is blank.
    (1..5_usize).prop_flat_map(|columns| {
        let field = "[a-c,;:|<>\\-\\\\^'\"« þ\u{e9}#\t]{0,6}";
        prop::collection::vec(prop::collection::vec(field, columns), 1..8)
    })
}

fn genomic() -> TsvReading {
    let columns = [
        ("chrom", ColumnType::String),
        ("pos", ColumnType::Int),
        ("ref", ColumnType::String),
        ("alt", ColumnType::String),
        ("score", ColumnType::Float),
    ];
    let roles = [
        (HeaderKey::Chr, "chrom"),
        (HeaderKey::Pos, "pos"),
        (HeaderKey::Ref, "ref"),
        (HeaderKey::Alt, "alt"),
    ];
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::ChrPosRefAlt,
        format_to_header: roles.map(|(key, name)| (key, name.to_owned())).into(),
        schema: columns
            .map(|(name, data_type)| SchemaColumn { name: name.to_owned(), data_type })
            .into(),
    };
    TsvReading::new(store, None).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_table_reads_back_as_it_was_written(rows in table(), options in dialect()) {
        let reading = TsvReading::new(texts(rows[0].len()), Some(&options)).unwrap();
        let outcome = run(&write(&rows, &options), &reading, 1, 64);
        let expected: Vec<Vec<Option<String>>> = rows
            .iter()
            .map(|row| row.iter().map(|it| (!it.is_empty()).then(|| it.clone())).collect())
            .collect();
        prop_assert_eq!(outcome.rows, expected);
        prop_assert!(outcome.rejected.is_empty());
    }

    #[test]
    fn neither_threads_nor_chunks_show(
        input in prop::collection::vec(
            prop::sample::select(b"a,\t\"\\#\r\n\n;|\xc3\xa9\xff \0".to_vec()),
            1..200,
        ),
        options in dialect(),
        chunk in 1..60_usize,
    ) {
        let reading = TsvReading::new(texts(2), Some(&options)).unwrap();
        // A NUL among bytes that are no UTF-8 is taken for a binary file at once.
        let input: Vec<u8> = input.into_iter().filter(|it| *it != 0).collect();
        prop_assume!(!input.is_empty());
        same(&input, &reading, chunk)?;
    }

    #[test]
    fn findings_about_the_whole_file_do_not_depend_on_chunks(
        lines in prop::collection::vec(
            "(chr1|1|NC_1|)\t(1|2|0|x|)\t(A|R)\t(C|-)\t(0.5|1e-60)?(\tx)?(\r\n|\n|\r)?",
            0..20,
        ),
        chunk in 1..60_usize,
    ) {
        let input = format!("#chrom\tpos\tref\talt\tscore\n{}", lines.concat());
        same(input.as_bytes(), &genomic(), chunk)?;
    }
}

fn same(input: &[u8], reading: &TsvReading, chunk: usize) -> Result<(), TestCaseError> {
    let whole = run(input, reading, 1, 1 << 20);
    for (threads, chunk) in [(1, chunk), (2, chunk), (2, 1)] {
        let other = run(input, reading, threads, chunk);
        prop_assert_eq!(&whole.rows, &other.rows);
        prop_assert_eq!(&whole.rejected, &other.rejected);
        prop_assert_eq!(&whole.report, &other.report);
    }
    Ok(())
}
