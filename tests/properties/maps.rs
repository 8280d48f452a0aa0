//! No map that is written has a key twice, whatever the file says twice. The Parquet files are read
//! to see it.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use annostore::model::info::assign_columns;
use annostore::read::gff::{self, GffReading};
use annostore::read::vcf::{self, VcfReading};
use annostore::read::{Format, Pipe};
use annostore::write::{GffLayout, GffRows, Rows, VcfLayout, VcfRows, VersionWriter, WrittenFile};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

/// How many maps of more than one entry a column has; fails where one of them has equal keys.
fn maps(array: &ArrayRef) -> Result<usize, TestCaseError> {
    let mut seen = 0;
    match array.data_type() {
        DataType::Map(..) => {
            let map = array.as_map();
            for row in (0..map.len()).filter(|it| map.is_valid(*it)) {
                let entries = map.value(row);
                let keys = entries.column(0).as_string::<i32>();
                let distinct: HashSet<_> = keys.iter().collect();
                prop_assert_eq!(distinct.len(), keys.len(), "{:?}", keys);
                seen += usize::from(keys.len() > 1);
            }
        }
        DataType::List(_) => seen += maps(array.as_list::<i32>().values())?,
        DataType::Struct(_) => {
            for column in array.as_struct().columns() {
                seen += maps(column)?;
            }
        }
        _ => {}
    }
    Ok(seen)
}

fn maps_of(files: &[WrittenFile]) -> Result<usize, TestCaseError> {
    let mut seen = 0;
    for file in files {
        let file = File::open(&file.path).unwrap();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            for column in batch.unwrap().columns() {
                seen += maps(column)?;
            }
        }
    }
    Ok(seen)
}

fn written(writer: VersionWriter, batches: impl Iterator<Item = Rows>) -> Vec<WrittenFile> {
    let mut writer = writer;
    for rows in batches {
        writer.add(&rows.batch).unwrap();
    }
    writer.finish().unwrap()
}

fn vcf_files(text: &str, folder: &Path) -> Vec<WrittenFile> {
    let path = folder.join("in.vcf");
    fs::write(&path, text).unwrap();
    let pipe = Pipe::new(Some(1), 4096).unwrap();
    let reading = VcfReading::default();
    let source = reading.source(path.to_str().unwrap(), &pipe.meter).unwrap();
    let mut reader = vcf::Reader::open(source, &pipe, &reading, 10).unwrap();
    let columns = assign_columns(&[], &reader.file.declared()).unwrap();
    reader.file.store_in(&columns);
    let samples = reader.file.header.samples.clone();
    let kinds = reader.file.annotation_kinds();
    let layout = Arc::new(VcfLayout::new(columns, samples, kinds, "job"));
    let writer = VersionWriter::new(folder, Arc::clone(&layout.schema), None, &pipe.pool).unwrap();
    let records = reader.records(move || VcfRows::new(&layout));
    written(writer, records.map(|it| it.unwrap().output))
}

fn gff_files(text: &str, folder: &Path) -> Vec<WrittenFile> {
    let path = folder.join("in.gff3");
    fs::write(&path, text).unwrap();
    let pipe = Pipe::new(Some(1), 4096).unwrap();
    let source = GffReading.source(path.to_str().unwrap(), &pipe.meter).unwrap();
    let reader = gff::Reader::open(source, &pipe, &GffReading, 10).unwrap();
    let layout = Arc::new(GffLayout::new("job"));
    let writer = VersionWriter::new(folder, Arc::clone(&layout.schema), None, &pipe.pool).unwrap();
    let records = reader.records(move || GffRows::new(&layout));
    written(writer, records.map(|it| it.unwrap().output))
}

/// Keys, values and their number are few, so that they come again.
fn info() -> impl Strategy<Value = String> {
    let entry = "(AC|AF|DB|NOTE|CSQ|U|u|\\.|)(=(1|x|0|\\.||2,3|99999999999|T\\|a\\|b\\|c\\|d))?";
    prop::collection::vec(entry, 1..9).prop_map(|it| it.join(";"))
}

fn vcf() -> impl Strategy<Value = String> {
    let keys = || prop::collection::vec("GT|DP|dp|AD|Ad|FT|genotype_filters|xx|XX|xX", 1..7);
    let values = || prop::collection::vec("0/1|1|x|\\.||2,3", 1..7);
    let record = (info(), keys(), values(), values()).prop_map(|(info, keys, mut one, mut two)| {
        one.truncate(keys.len());
        two.truncate(keys.len());
        let info = if info.is_empty() { "." } else { &info };
        let fields = [info, &keys.join(":"), &one.join(":"), &two.join(":")].join("\t");
        format!("1\t5\t.\tA\tC\t.\t.\t{fields}\n")
    });
    let names = prop::collection::vec("Allele|SYMBOL|allele|Foo|foo|", 4);
    (names, prop::collection::vec(record, 1..8)).prop_map(|(names, records)| {
        let names = names.join("|");
        format!(
            "##fileformat=VCFv4.2\n\
             ##INFO=<ID=AC,Number=A,Type=Integer,Description=\"\">\n\
             ##INFO=<ID=AF,Number=1,Type=Float,Description=\"\">\n\
             ##INFO=<ID=DB,Number=0,Type=Flag,Description=\"\">\n\
             ##INFO=<ID=NOTE,Number=1,Type=String,Description=\"\">\n\
             ##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence annotations from \
             Ensembl VEP. Format: X|{names}\">\n\
             #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\tS2\n{}",
            records.concat()
        )
    })
}

fn gff() -> impl Strategy<Value = String> {
    let entry =
        "(ID|%49D|Note|Is_circular|is_circular|Is%5Fcircular|a|%61|A|)(=(x|true|y,z|%2C|))?";
    let gtf = "(gene_id|a) \"(x|y)\"";
    let row = prop::collection::vec(prop_oneof![4 => entry.prop_map(|it| it), 1 => gtf], 1..8)
        .prop_map(|it| format!("1\t.\tgene\t1\t9\t.\t.\t.\t{}\n", it.join(";")));
    prop::collection::vec(row, 1..8).prop_map(|it| format!("##gff-version 3\n{}", it.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_map_of_a_vcf_file_has_a_key_twice(text in vcf()) {
        let folder = tempfile::tempdir().unwrap();
        maps_of(&vcf_files(&text, folder.path()))?;
    }

    #[test]
    fn no_map_of_a_gff_file_has_a_key_twice(text in gff()) {
        let folder = tempfile::tempdir().unwrap();
        maps_of(&gff_files(&text, folder.path()))?;
    }
}

/// The files above would show it: maps of several entries are written.
#[test]
fn maps_of_several_entries_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let header = "##fileformat=VCFv4.2\n\
                  #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n";
    let text = format!("{header}1\t5\t.\tA\tC\t.\t.\tU=1;V=2\tX:Y\t1:2\n");
    assert_eq!(maps_of(&vcf_files(&text, folder.path())).unwrap(), 2);
    let text = "##gff-version 3\n1\t.\tgene\t1\t9\t.\t.\t.\ta=1;b=2\n";
    assert_eq!(maps_of(&gff_files(text, folder.path())).unwrap(), 1);
}

/// A great many keys, each of them twice, in one line and in the header.
#[test]
fn very_many_keys_take_no_square_of_their_number() {
    let many = |separator: &str| {
        let keys: Vec<_> = (0..2).flat_map(|_| (0..60_000).map(|it| format!("K{it}"))).collect();
        keys.join(separator)
    };
    let definition = |it| format!("##FORMAT=<ID=K{it},Number=1,Type=String,Description=\"\">\n");
    let header: String = (0..60_000).map(definition).collect();
    let text = format!(
        "##fileformat=VCFv4.2\n{header}\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n\
         1\t5\t.\tA\tC\t.\t.\t{}\t{}\t{}\n",
        many(";"),
        many(":"),
        many(":")
    );
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    assert_eq!(maps_of(&vcf_files(&text, folder.path())).unwrap(), 2);
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
}
