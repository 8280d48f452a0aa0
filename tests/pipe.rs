//! Neither the number of threads, nor the size of a chunk, nor the compression shows in findings,
//! rows or data files.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annostore::check::{self, CheckOptions};
use annostore::diagnostic::render::{json, profile};
use annostore::diagnostic::report::Report;
use annostore::model::info::assign_columns;
use annostore::model::{AnnotationType, ColumnType, ReadOptions, SchemaColumn, TsvStoreOptions};
use annostore::read::source::Source;
use annostore::read::tsv::TsvReading;
use annostore::read::vcf::{Reader, VcfReading};
use annostore::read::{CheckScope, DEFAULT_CHUNK_BYTES, Pipe};
use annostore::write::schema::RECORD_NUMBER;
use annostore::write::{
    CoordinateNames, RecordNumbers, Rows, VcfLayout, VcfRows, VersionWriter, WrittenFile,
};
use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use common::bgzf;
use common::vcf::{Shape, text};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sha2::{Digest, Sha256};

const MAX_FINDINGS: usize = 200;
const PLAIN: Shape =
    Shape { records: 800, samples: 0, sorted: true, faults: true, final_newline: true };

/// All that an import makes of a file.
#[derive(Clone, Debug, PartialEq)]
struct Import {
    report: String,
    files: Vec<(u64, String)>,
    rejected: String,
    other_keys: BTreeSet<String>,
}

fn pipe(threads: usize, chunk_bytes: usize) -> Pipe {
    Pipe::new(Some(threads), chunk_bytes).unwrap()
}

/// The report as JSON, but for what tells where the file lay.
fn anonymous(mut report: Report) -> String {
    report.file.clear();
    report.compression = "any";
    format!("{:#}", json::render(&[report]))
}

/// The report, and the profile of the file, which an import does not make.
fn check(path: &Path, pipe: &Pipe) -> (String, String) {
    let options = CheckOptions {
        max_findings: MAX_FINDINGS,
        allow_missing_newline: true,
        ..CheckOptions::default()
    };
    let path = path.to_str().unwrap();
    let mut report = check::check(path, pipe, &VcfReading::default(), &options).unwrap();
    let profile = profile::json(&report.profile.take().unwrap()).to_string();
    (anonymous(report), profile)
}

/// Imports as `import` does, but into a folder and for a job of a known id, which all rows carry.
fn import(path: &Path, pipe: &Pipe, folder: &Path) -> (Import, Vec<WrittenFile>) {
    import_through(path, pipe, folder, |writer| writer)
}

/// Imports with a writer that something was done to.
fn import_through(
    path: &Path,
    pipe: &Pipe,
    folder: &Path,
    prepare: impl FnOnce(VersionWriter) -> VersionWriter,
) -> (Import, Vec<WrittenFile>) {
    let name = path.to_str().unwrap();
    let source = Source::open(name, &pipe.meter).unwrap();
    let mut reader = Reader::open(source, pipe, &VcfReading::default(), MAX_FINDINGS).unwrap();
    let kinds = reader.file.annotation_kinds();
    let columns = assign_columns(&[], &reader.file.declared()).unwrap();
    reader.file.store_in(&columns);
    let samples = reader.file.header.samples.clone();
    let layout = Arc::new(VcfLayout::new(columns, samples, kinds, "job"));
    let numbers = RecordNumbers::new(&layout.schema);
    let (schema, order) = (Arc::clone(numbers.schema()), CoordinateNames::vcf());
    let writer = VersionWriter::new(folder, schema, Some(&order), &pipe.pool).unwrap();
    let mut writer = prepare(writer);
    let mut totals = reader.totals.clone();
    let (mut rejected, mut keys) = (Vec::new(), BTreeSet::new());
    for parsed in reader.records(move || VcfRows::new(&layout)) {
        let mut parsed = parsed.unwrap();
        rejected.append(&mut parsed.rejected);
        let places = totals.places(&mut parsed);
        let rows = totals.add(parsed);
        let Rows { batch, mut other_keys } = numbers.add(rows, &places).unwrap();
        keys.append(&mut other_keys);
        writer.add(&batch).unwrap();
    }
    let files = writer.finish().unwrap();
    let report = anonymous(totals.report(CheckScope::default()));
    let import = Import {
        report,
        files: files.iter().map(|it| (it.rows, it.sha256.clone())).collect(),
        rejected: String::from_utf8_lossy(&rejected).into_owned(),
        other_keys: keys,
    };
    (import, files)
}

/// The text plain, as gzip in two members, and as BGZF with blocks that end anywhere.
fn compressions(folder: &Path, text: &[u8]) -> [PathBuf; 3] {
    let middle = text.len() / 2;
    let write = |name: &str, bytes: Vec<u8>| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    [
        write("plain.vcf", text.to_vec()),
        write("gzip.vcf.gz", [bgzf::gzip(&text[..middle]), bgzf::gzip(&text[middle..])].concat()),
        write("bgzf.vcf.gz", bgzf::file(text, 3001)),
    ]
}

/// Holds every way to read the file against the first one.
fn check_all_ways(shape: Shape, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let paths = compressions(folder.path(), &text(shape, seed));
    let mut expected = None;
    for path in &paths {
        for chunk_bytes in [DEFAULT_CHUNK_BYTES, 4096, 97] {
            for threads in [1, 2, 7] {
                let pipe = pipe(threads, chunk_bytes);
                let way = format!("{}, {threads} threads, {chunk_bytes} bytes", path.display());
                let (imported, _) = import(path, &pipe, folder.path());
                let (report, profile) = check(path, &pipe);
                assert_eq!(report, imported.report, "check and import: {way}");
                let (expected, profiled) =
                    expected.get_or_insert_with(|| (imported.clone(), profile.clone()));
                assert_eq!(profile, *profiled, "{way}");
                assert!(imported == *expected, "{way}:\n{imported:#?}\n{expected:#?}");
            }
        }
    }
    check_numbers(&import(&paths[0], &pipe(2, 4096), folder.path()).1);
    let expected = expected.unwrap();
    assert!(expected.0.files.iter().map(|it| it.0).sum::<u64>() > 0, "{expected:#?}");
}

/// Each row has the number of its record among those of the file, which the record's ID tells from
/// zero; lines that were rejected are counted.
#[track_caller]
fn check_numbers(files: &[WrittenFile]) {
    for file in files {
        let file = File::open(&file.path).unwrap();
        let batches = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        for batch in batches.map(|it| it.unwrap()) {
            let numbers = batch.column_by_name(RECORD_NUMBER).unwrap();
            let ids = batch.column_by_name("names").unwrap().as_list::<i32>();
            let of_id =
                |ids: ArrayRef| ids.as_string::<i32>().value(0)[1..].parse::<i64>().unwrap();
            let expected: Vec<_> = ids.iter().map(|it| of_id(it.unwrap()) + 1).collect();
            assert_eq!(numbers.as_primitive::<Int64Type>().values().as_ref(), expected);
        }
    }
}

/// An empty FORMAT is no key, and not what a reader that has just begun has read.
#[test]
fn an_empty_format_reads_the_same_wherever_a_chunk_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.vcf");
    let record = |position: u32| format!("1\t{position}\t.\tA\tC\t.\t.\t.\t\t\n");
    let records: String = (1..20).map(record).collect();
    let header = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts\n";
    fs::write(&path, format!("{header}{records}")).unwrap();
    let expected = check(&path, &pipe(1, DEFAULT_CHUNK_BYTES));
    for chunk_bytes in [1, 30, 48] {
        assert_eq!(check(&path, &pipe(2, chunk_bytes)), expected, "{chunk_bytes} bytes");
    }
}

/// The last line begins behind the last break, which may be CR alone.
#[test]
fn a_file_without_a_last_break_reads_the_same_wherever_a_chunk_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.vcf");
    let header = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    for between in ["\n", "\r\n", "\r", "\r\r\n"] {
        let records = ["1\t5\t.\tA\tC\t.\t.\t."; 4].join(between);
        fs::write(&path, format!("{header}{records}")).unwrap();
        let expected = check(&path, &pipe(1, DEFAULT_CHUNK_BYTES));
        for chunk_bytes in [1, 20, 30, 48] {
            let way = format!("{between:?}, {chunk_bytes} bytes");
            assert_eq!(check(&path, &pipe(2, chunk_bytes)), expected, "{way}");
        }
    }
}

/// A byte order mark begins a file, and nothing else, also where it is what ends a line.
#[test]
fn a_mark_that_ends_lines_reads_the_same_wherever_a_chunk_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.tsv");
    fs::write(&path, "\u{feff}  \n\u{feff} a\tb\u{feff}1\t2\u{feff}").unwrap();
    let column = |name: &str| SchemaColumn { name: name.to_owned(), data_type: ColumnType::Int };
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: BTreeMap::default(),
        schema: vec![column("a"), column("b")],
    };
    let read = ReadOptions { line_sep: Some("\u{feff}".to_owned()), ..ReadOptions::default() };
    let reading = TsvReading::new(store, Some(&read)).unwrap();
    let check = |chunk_bytes| {
        let (path, options) = (path.to_str().unwrap(), CheckOptions::default());
        anonymous(check::check(path, &pipe(1, chunk_bytes), &reading, &options).unwrap())
    };
    let expected = check(DEFAULT_CHUNK_BYTES);
    assert!(expected.contains("TSV013") && expected.contains("TSV111"), "{expected}");
    assert_eq!(check(1), expected);
}

#[test]
fn sites_with_every_fault_read_the_same_in_all_ways() {
    check_all_ways(PLAIN, 1);
}

#[test]
fn records_with_samples_read_the_same_in_all_ways() {
    check_all_ways(Shape { samples: 3, ..PLAIN }, 2);
}

#[test]
fn records_out_of_order_read_the_same_in_all_ways() {
    check_all_ways(Shape { sorted: false, faults: false, ..PLAIN }, 3);
}

#[test]
fn a_last_line_without_a_newline_reads_the_same_in_all_ways() {
    check_all_ways(Shape { records: 100, final_newline: false, ..PLAIN }, 4);
}

/// Truth values, of which a batch may have any number, are what a sum of bytes counts wrongly.
#[test]
fn row_groups_that_bytes_end_are_the_same_in_all_ways() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.vcf");
    fs::write(&path, text(Shape { samples: 2, ..PLAIN }, 5)).unwrap();
    let small = |it: VersionWriter| it.with_group_bytes(1 << 14);
    let ways = [(1, DEFAULT_CHUNK_BYTES), (2, 4096), (2, 1000), (7, 97)];
    let imports = ways.map(|(threads, chunk_bytes)| {
        import_through(&path, &pipe(threads, chunk_bytes), folder.path(), small)
    });
    let groups: usize = imports[0].1.iter().map(|it| row_groups(&it.path)).sum();
    assert!(groups > 10, "{groups}");
    let (expected, _) = imports[0].clone();
    for ((imported, _), way) in imports.iter().zip(ways) {
        assert_eq!(imported.files, expected.files, "{way:?}");
        assert!(*imported == expected, "{way:?}");
    }
}

fn row_groups(path: &Path) -> usize {
    let file = File::open(path).unwrap();
    ParquetRecordBatchReaderBuilder::try_new(file).unwrap().metadata().num_row_groups()
}

/// As in a draft assembly: more contigs than a row group has rows, with one record each.
#[test]
fn each_of_very_many_contigs_is_covered_in_the_order_of_the_file() {
    const CONTIGS: usize = 150_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.vcf");
    let mut text =
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n".to_owned();
    let name = |index: usize| format!("scaffold_{}", CONTIGS - index);
    for index in 0..CONTIGS {
        writeln!(text, "{}\t{}\t.\tAC\tA\t.\t.\t.", name(index), index + 1).unwrap();
    }
    fs::write(&path, text).unwrap();
    let (_, files) = import(&path, &pipe(2, DEFAULT_CHUNK_BYTES), folder.path());
    let [file] = &files[..] else { panic!("{} files", files.len()) };
    assert_eq!((row_groups(&file.path), file.covered.len()), (2, CONTIGS));
    for (index, covered) in file.covered.iter().enumerate() {
        let start = i64::try_from(index).unwrap();
        assert_eq!(covered.contig, name(index));
        assert_eq!((covered.min_start, covered.max_end, covered.rows), (start, start + 2, 1));
    }
}

/// More records than two row groups hold. The genes are all different in the first row group and
/// all the same after it, so that a look at the wrong rows shows in the way they are encoded.
fn many(sorted: bool) -> String {
    let mut text = "##fileformat=VCFv4.2\n##INFO=<ID=GENE,Number=.,Type=String,Description=\"x\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    for index in 0..MANY {
        let (contig, position) = if sorted {
            (2 - index / 100_000, index % 100_000)
        } else {
            (index % 3, index * 7919 % MANY)
        };
        let gene = if index < 131_072 { index } else { 0 };
        writeln!(text, "chr{contig}\t{position}\tr{index}\tA\tC\t.\t.\tGENE=g{gene}").unwrap();
    }
    text
}

const MANY: usize = 300_000;

/// Contig, start and ID.
type Row = (String, i64, String);

/// Imports many records in several ways, and gives the rows of each file by row group: contig,
/// start and ID.
fn rows_of_many(sorted: bool) -> Vec<Vec<Vec<Row>>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.vcf");
    fs::write(&path, many(sorted)).unwrap();
    let (expected, files) = import(&path, &pipe(2, DEFAULT_CHUNK_BYTES), folder.path());
    for (threads, chunk_bytes) in [(1, DEFAULT_CHUNK_BYTES), (7, 1 << 13)] {
        let (imported, _) = import(&path, &pipe(threads, chunk_bytes), folder.path());
        assert!(
            imported == expected,
            "{threads} threads, {chunk_bytes} bytes: {imported:#?}\n{expected:#?}"
        );
    }
    check_numbers(&files);
    files.iter().map(rows_by_group).collect()
}

fn rows_by_group(file: &WrittenFile) -> Vec<Vec<Row>> {
    let digest = Sha256::digest(fs::read(&file.path).unwrap());
    let hex = digest.iter().fold(String::new(), |hex, it| hex + &format!("{it:02x}"));
    assert_eq!(hex, file.sha256);
    let open =
        || ParquetRecordBatchReaderBuilder::try_new(File::open(&file.path).unwrap()).unwrap();
    let groups = open().metadata().num_row_groups();
    (0..groups)
        .map(|group| {
            let batches =
                open().with_row_groups(vec![group]).with_batch_size(MANY).build().unwrap();
            batches.flat_map(|it| rows(&it.unwrap())).collect()
        })
        .collect()
}

fn rows(batch: &RecordBatch) -> Vec<Row> {
    let column = |name| batch.column_by_name(name).unwrap();
    let contigs = column("contigname").as_string::<i32>();
    let starts = column("start").as_primitive::<Int64Type>();
    let ids = column("names").as_list::<i32>().values().as_string::<i32>();
    (0..batch.num_rows())
        .map(|it| (contigs.value(it).to_owned(), starts.value(it), ids.value(it).to_owned()))
        .collect()
}

/// Every file is sorted, and every record of the input is in one of them, once.
#[track_caller]
fn check_order_and_completeness(files: &[Vec<Vec<Row>>], contigs: [&str; 3]) {
    let rank: HashMap<_, _> = contigs.iter().zip(0..).collect();
    let mut ids = Vec::new();
    for file in files {
        let keys: Vec<(i32, i64)> =
            file.iter().flatten().map(|it| (rank[&it.0.as_str()], it.1)).collect();
        assert!(keys.is_sorted());
        ids.extend(file.iter().flatten().map(|it| it.2[1..].parse::<usize>().unwrap()));
    }
    ids.sort_unstable();
    assert!(ids.into_iter().eq(0..MANY));
}

#[test]
fn records_in_order_fill_row_groups_of_one_file() {
    let files = rows_of_many(true);
    let groups: Vec<Vec<usize>> =
        files.iter().map(|it| it.iter().map(Vec::len).collect()).collect();
    assert_eq!(groups, [[131_072, 131_072, 37_856]]);
    check_order_and_completeness(&files, ["chr2", "chr1", "chr0"]);
}

#[test]
fn records_out_of_order_are_sorted_within_each_file() {
    let files = rows_of_many(false);
    let groups: Vec<usize> = files.iter().flatten().map(Vec::len).collect();
    assert_eq!((files.len(), groups.as_slice()), (3, [131_072, 131_072, 37_856].as_slice()));
    check_order_and_completeness(&files, ["chr0", "chr1", "chr2"]);
}
