//! What holds for any file, whatever is in it.

use std::collections::BTreeMap;

use annostore::diagnostic::rules::{file as file_rule, vcf_header, vcf_record};
use annostore::fix::{Differ, FixReading};
use annostore::model::{AnnotationType, ColumnType, ReadOptions, SchemaColumn, TsvStoreOptions};
use annostore::read::tsv::{Dialect, TsvReading};
use annostore::read::vcf::VcfReading;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{MendedBytes, mend, mend_in, rows};

/// Mends a file, and holds what holds for all.
fn hold(
    file: &[u8],
    name: &str,
    reading: &FixReading,
    rows: impl Fn(&[u8]) -> Vec<String>,
) -> Option<MendedBytes> {
    // What is no such file at all is refused.
    let once = mend(file, name, reading).ok()?;
    if once.bytes.is_empty() {
        assert_eq!(rows(file), [""; 0]);
        return None;
    }
    let twice = mend(&once.bytes, name, reading).unwrap();
    assert_eq!(shown(&twice.bytes), shown(&once.bytes), "mended twice");
    assert!(twice.fixed.mends.is_empty(), "{:?}", twice.fixed.mends);
    assert_eq!(once.fixed.mends.is_empty(), once.bytes == file);
    assert_eq!(rows(&once.bytes), rows(file), "{}", shown(&once.bytes));
    for (threads, chunk, has_diff) in [(1, 1, false), (3, 17, false), (2, 17, true)] {
        let diff = has_diff.then(|| Differ::new(Box::new(std::io::sink()), name));
        let other = mend_in(file, name, reading, threads, chunk, diff).unwrap();
        assert_eq!(shown(&other.bytes), shown(&once.bytes), "in chunks of {chunk}");
        assert_eq!(other.fixed.mends, once.fixed.mends, "in chunks of {chunk}");
    }
    Some(once)
}

/// Whether the last line of a mended file has its end.
fn is_ended(mended: &MendedBytes) -> bool {
    let report = mended.fixed.report.as_ref().unwrap();
    let open_end = [&file_rule::NO_FINAL_NEWLINE, &vcf_record::UNTERMINATED_LAST_LINE];
    report.findings.tallies().iter().all(|it| !open_end.contains(&it.rule))
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What lines end in: mostly the same in a file.
fn ends() -> impl Strategy<Value = Vec<&'static str>> {
    let any = select(vec!["\n", "\r\n", "\r", "\r\r\n", "\r\r\r\n", "\n\n", "\n\r\n"]);
    let one = select(vec!["\n", "\r\n", "\r", "\r\r\n"]);
    prop_oneof![one.prop_map(|it| vec![it]), prop::collection::vec(any, 1..20)]
}

/// Lines with their ends, and perhaps a mark in front and no end behind.
fn joined(lines: impl Strategy<Value = Vec<String>>) -> impl Strategy<Value = Vec<u8>> {
    let mark = prop_oneof![8 => Just(""), 2 => Just("\u{feff}"), 1 => Just("\u{feff}\u{feff}")];
    (lines, ends(), mark, any::<bool>()).prop_map(|(lines, ends, mark, is_open)| {
        let mut text = mark.to_owned();
        let count = lines.len();
        for (place, line) in lines.into_iter().enumerate() {
            text += &line;
            if !is_open || place + 1 < count {
                text += ends[place % ends.len()];
            }
        }
        text.into_bytes()
    })
}

fn header_line() -> impl Strategy<Value = String> {
    select(vec![
        "##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">",
        "##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">",
        "##FILTER=<ID=q10,Description=\"Low\">",
        "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">",
        "##FORMAT=<ID=GL,Number=G,Type=Float,Description=\"Likelihoods\">",
        "##contig=<ID=1>",
        "##source=\t",
        "#",
    ])
    .prop_map(str::to_owned)
}

fn record(samples: usize) -> impl Strategy<Value = String> {
    let entry = select(vec![
        "DP=5",
        "DP=x",
        "AF=0.50",
        "AF=1,2",
        "AN=3",
        "AN=x",
        "AN=.",
        "XX=a",
        "XX=0.10,b",
        "XX=",
        "YY",
        "ZZ",
        "ZZ=1",
        "MQ=5.5",
        "MQ=y",
        "DB",
        "DB=1",
        "END=20",
        "CN=1",
        "a b=1",
        "x/y=1",
        "",
        "SVLEN=-5",
        "dp=1",
        "é=1",
        "XX=%2C",
    ]);
    let info = prop_oneof![
        1 => Just(".".to_owned()),
        6 => prop::collection::vec(entry, 1..5).prop_map(|it| it.join(";")),
    ];
    let filter = select(vec!["PASS", ".", "q10", "s50", "q10;s50", "0", "s50;", "x y", ""]);
    let format = select(vec!["GT", "GT:DP", "GT:XX", "XX:GT", "GT:calls", "GT:PL:GL", "DP:dp", ""]);
    let sample = select(vec!["0/1:5", "0|1:x:1", ".", "1:1,2", "0/1:.:3", "0/1", "5:5 ", ""]);
    let samples = prop::collection::vec(sample, samples);
    let position = select(vec!["10", "10", "10", "x", "-1", ""]);
    let alternates = select(vec!["C", "C,G", ".", "<DEL>"]);
    let tail = select(vec!["", "", "", "\t", "\t\t", " ", "\textra"]);
    (position, alternates, filter, info, (format, samples, tail)).prop_map(
        |(position, alternates, filter, info, (format, samples, tail))| {
            let mut line = format!("1\t{position}\t.\tA\t{alternates}\t.\t{filter}\t{info}");
            if !samples.is_empty() {
                line += &format!("\t{format}\t{}", samples.join("\t"));
            }
            line + tail
        },
    )
}

fn vcf() -> impl Strategy<Value = Vec<u8>> {
    let version = select(vec!["4.0", "4.1", "4.2", "4.3", "4.5", "3"]);
    let columns = select(vec!["", "\t", "\t\t", "x"]);
    let other = select(vec!["", "#comment", "##DP", "\t", " ", "1", "\t\t\t\t\t\t\t\t\t\t"]);
    let lines = (0_usize..3).prop_flat_map(move |samples| {
        let record = prop_oneof![6 => record(samples), 1 => other.clone().prop_map(str::to_owned)];
        let lines =
            (prop::collection::vec(header_line(), 0..6), prop::collection::vec(record, 0..9));
        (version.clone(), columns.clone(), lines).prop_map(move |(version, tail, lines)| {
            let mut all = vec![format!("##fileformat=VCFv{version}")];
            all.extend(lines.0);
            let mut columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO".to_owned();
            if samples > 0 {
                columns += ["\tFORMAT\ts1", "\tFORMAT\ts1\ts2"][samples - 1];
            }
            all.push(columns + tail);
            all.extend(lines.1);
            all
        })
    });
    joined(lines)
}

fn gff() -> impl Strategy<Value = Vec<u8>> {
    let line = select(vec![
        "##gff-version 3",
        "chr1\td\tgene\t1\t9\t.\t+\t.\tID=g1;Name= x ",
        "###",
        "",
        "# c",
        " ",
        "chr1\td\tCDS\t1\t9\t.\t+\t0\tParent=g1;note=a%2Cb",
        "chr1\td",
        ">s",
        "ACGT",
        "##FASTA",
        "chr1\td\tgene\t1\t9\t.\t+\t.\t",
        "chr1\td\tgene\t1\t9\t.\t+\t.\tID=g2\t",
    ]);
    joined(prop::collection::vec(line.prop_map(str::to_owned), 1..12))
}

fn table(options: Option<&ReadOptions>, columns: usize) -> FixReading {
    let column = |index| SchemaColumn { name: format!("c{index}"), data_type: ColumnType::String };
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: BTreeMap::new(),
        schema: (0..columns).map(column).collect(),
    };
    let reading = TsvReading::new(store, options).unwrap();
    FixReading::Tsv(Box::new(Dialect::new(options).unwrap()), Some(Box::new(reading)))
}

fn read_options() -> impl Strategy<Value = Option<ReadOptions>> {
    let line_sep = select(vec![None, Some("\r\n"), Some(";;"), Some("\r"), Some("a")]);
    let given = (line_sep, any::<bool>(), select(vec![None, Some("#")])).prop_map(
        |(line_sep, header, comment)| ReadOptions {
            sep: Some("\t".to_owned()),
            header: Some(header),
            comment: comment.map(str::to_owned),
            line_sep: line_sep.map(str::to_owned),
            ..ReadOptions::default()
        },
    );
    prop_oneof![Just(None), given.prop_map(Some)]
}

proptest! {
    #[test]
    fn vcf_is_mended_once_and_stored_alike(file in vcf()) {
        let reading = FixReading::Vcf(VcfReading::default());
        let Some(mended) = hold(&file, "a.vcf", &reading, rows::of_vcf) else { return Ok(()) };
        let is_readable = !mended.fixed.report.as_ref().unwrap().findings.tallies().iter().any(
            |it| {
                let no_columns = &vcf_header::MISSING_COLUMN_LINE;
                it.rule == no_columns || it.rule == &vcf_header::WRONG_COLUMN_NAMES
            },
        );
        prop_assert!(is_ended(&mended));
        let has_returns = mended.bytes.contains(&b'\r');
        if is_readable && !has_returns && !file.starts_with("\u{feff}\u{feff}".as_bytes()) {
            for rule in [
                &vcf_header::BYTE_ORDER_MARK_BEFORE_HEADER,
                &vcf_header::TRAILING_TAB_IN_COLUMN_LINE,
                &vcf_header::CARRIAGE_RETURN_LINE_ENDS,
                &vcf_header::DOUBLED_CARRIAGE_RETURNS,
                &vcf_record::TRAILING_TAB,
                &vcf_record::TRAILING_TAB_BEHIND_SAMPLES,
                &vcf_record::BLANK_LINE,
            ] {
                let report = mended.fixed.report.as_ref().unwrap();
                let left = report.findings.tallies().iter().any(|it| it.rule == rule);
                prop_assert!(!left, "{} in {}", rule.code, shown(&mended.bytes));
            }
        }
    }

    #[test]
    fn gff_is_mended_once_and_stored_alike(file in gff()) {
        let mended = hold(&file, "a.gff3", &FixReading::Gff, rows::of_gff);
        prop_assert!(mended.is_none_or(|it| is_ended(&it)));
    }

    #[test]
    fn tables_are_mended_once_and_stored_alike(
        file in prop::collection::vec(select(b"ab\t\t\r\r\n\n\n;; \"#\\".to_vec()), 1..80),
        has_mark in any::<bool>(),
        options in read_options(),
    ) {
        let file = if has_mark { [&b"\xef\xbb\xbf"[..], &file].concat() } else { file };
        let reading = table(options.as_ref(), 2);
        let FixReading::Tsv(_, Some(tsv)) = &reading else { unreachable!() };
        let mended = hold(&file, "a.tsv", &reading, |file| rows::of_tsv(file, tsv));
        // Half of a separator at the end would become another one.
        let is_half = file.ends_with(b";");
        prop_assert!(mended.is_none_or(|it| is_half || is_ended(&it)));
    }

    /// Where LF alone ends lines, a carriage return before it goes from the last value, and nothing
    /// else changes.
    #[test]
    fn a_carriage_return_that_a_table_keeps_is_removed(
        file in prop::collection::vec(select(b"ab\t\r\n\n\"".to_vec()), 1..80),
    ) {
        let options = ReadOptions {
            sep: Some("\t".to_owned()),
            line_sep: Some("\n".to_owned()),
            ..ReadOptions::default()
        };
        let reading = table(Some(&options), 2);
        let FixReading::Tsv(_, Some(tsv)) = &reading else { unreachable!() };
        let lines = |file: &[u8]| -> Vec<String> {
            let text = shown(file);
            let lines = text.split('\n').map(|it| it.trim_end_matches('\r').to_owned());
            lines.filter(|it| !it.is_empty()).collect()
        };
        if let Some(mended) = hold(&file, "a.tsv", &reading, lines) {
            prop_assert!(!shown(&mended.bytes).contains("\r\n"));
            rows::of_tsv(&mended.bytes, tsv);
        }
    }
}
