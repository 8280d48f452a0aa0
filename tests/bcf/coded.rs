//! Records of BCF become the rows and the findings of the lines that they stand for, whether they
//! go to the columns as they are coded or as text.

use std::path::Path;
use std::sync::Arc;

use annostore::Pipe;
use annostore::check::{CheckOptions, check};
use annostore::diagnostic::{Finding, Findings};
use annostore::model::Result;
use annostore::model::info::assign_columns;
use annostore::read::Reader;
use annostore::read::recognize::Content;
use annostore::read::source::Source;
use annostore::read::vcf::VcfReading;
use annostore::write::{VcfLayout, VcfRows};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use proptest::prelude::*;
use proptest::sample::select;

/// Of each kind of column one, and those whose values mean something; those without an IDX number
/// from 1 on, behind PASS.
const HEADER: &str = "##fileformat=VCFv4.X\n##FILTER=<ID=q10,Description=\"q\">\n\
    ##INFO=<ID=I1,Number=1,Type=Integer,Description=\"d\">\n\
    ##INFO=<ID=IA,Number=A,Type=Integer,Description=\"d\">\n\
    ##INFO=<ID=F1,Number=1,Type=Float,Description=\"d\">\n\
    ##INFO=<ID=FR,Number=R,Type=Float,Description=\"d\">\n\
    ##INFO=<ID=AF,Number=A,Type=Float,Description=\"d\">\n\
    ##INFO=<ID=T1,Number=1,Type=String,Description=\"d\">\n\
    ##INFO=<ID=TL,Number=.,Type=String,Description=\"d\">\n\
    ##INFO=<ID=FLAG,Number=0,Type=Flag,Description=\"d\">\n\
    ##INFO=<ID=DP,Number=0,Type=Flag,Description=\"a flag here alone\">\n\
    ##INFO=<ID=DB,Number=1,Type=Integer,Description=\"a flag elsewhere\">\n\
    ##INFO=<ID=C1,Number=1,Type=Character,Description=\"d\">\n\
    ##INFO=<ID=END,Number=1,Type=Integer,Description=\"d\">\n\
    ##INFO=<ID=SVLEN,Number=A,Type=Integer,Description=\"d\">\n\
    ##INFO=<ID=a-b,Number=1,Type=Integer,Description=\"d\">\n\
    ##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Format: Allele|Consequence|IMPACT\">\n\
    ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"d\">\n\
    ##contig=<ID=1>\n##contig=<ID=chr 2>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
/// The numbers of the keys that a record without faults may have, and how many keys there are.
const USUAL: [u8; 9] = [2, 3, 4, 5, 6, 7, 8, 9, 16];
const KEYS: u8 = 18;

const TEXTS: [&str; 14] = [
    "x", "a|b", "a,b", "x,.", "", ".", "a;I1=5", "a b", "a%3Bc", "\u{e9}", "\u{7}", "=", "\0",
    "x\0",
];
const FLOATS: [f32; 9] = [0.0, 0.5, 1.0, 1e-5, 0.1, 3.0, -0.0, 1.000_000_1, f32::INFINITY];

/// A descriptor for so many elements.
fn typed(kind: u8, count: usize, bytes: &[u8]) -> Vec<u8> {
    let mut typed = match u8::try_from(count) {
        Ok(few @ 0..15) => vec![few << 4 | kind],
        count => vec![0xf0 | kind, 0x11, count.unwrap()],
    };
    typed.extend_from_slice(bytes);
    typed
}

fn text(text: &str) -> Vec<u8> {
    typed(7, text.len(), text.as_bytes())
}

/// Integers of one, two or four bytes, where two values mean that one is missing, and the end.
fn integers() -> impl Strategy<Value = Vec<u8>> {
    let element = prop_oneof![4 => -120_i32..120, 1 => any::<i32>(), 1 => select(vec![-128, -127])];
    (1_u8..4, prop::collection::vec(element, 0..4)).prop_map(|(kind, elements)| {
        let bytes: Vec<u8> =
            elements.iter().flat_map(|it| it.to_le_bytes()[..1 << (kind - 1)].to_vec()).collect();
        typed(kind, elements.len(), &bytes)
    })
}

fn floats(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let bits = prop_oneof![
        6 => select(FLOATS.map(f32::to_bits).to_vec()),
        3 => (0_u32..1_000_000, -9..4).prop_map(|(digits, power)| {
            format!("{digits}e{power}").parse::<f32>().unwrap().to_bits()
        }),
        1 => any::<u32>(),
        1 => select(vec![0x7f80_0001_u32, 0x7f80_0002]),
    ];
    prop::collection::vec(bits, 0..most).prop_map(|bits| {
        let bytes: Vec<u8> = bits.iter().flat_map(|it| it.to_le_bytes()).collect();
        typed(5, bits.len(), &bytes)
    })
}

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        select(TEXTS.to_vec()).prop_map(text),
        "[a-z]{1,20}".prop_map(|it| text(&it)),
        Just(typed(7, 1, b"\xff")),
    ]
}

/// An entry of a key with a value as it has to be, where it has one alternate allele.
fn usual_entry() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let float = (0_u32..1_000_000, 6..12_i32).prop_map(|(digits, power)| {
        format!("{digits}e-{power}").parse::<f32>().unwrap().to_le_bytes().to_vec()
    });
    let annotation = r"(C\|[a-z]{1,9}(&[a-z]{1,3})?\|(LOW|%3D|)(\|x)?,?){1,2}";
    let texts = ("[a-z]{1,9}(,[a-z])?", annotation);
    (select(USUAL.to_vec()), float, 0_u8..100, texts).prop_map(
        |(key, float, integer, (word, annotation))| {
            let value = match key {
                2 | 3 => typed(1, 1, &[integer]),
                4 | 6 => typed(5, 1, &float),
                5 => typed(5, 2, &[&float[..], &float].concat()),
                7 | 8 => text(&word),
                16 => text(&annotation),
                _ => vec![0],
            };
            (key, value)
        },
    )
}

fn any_entry() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let value = prop_oneof![integers(), floats(4), any_text(), Just(vec![0]), Just(vec![0x11, 1])];
    (2..KEYS, value)
}

/// A record: nearly all of them sound, so that most are taken as they are coded.
fn record() -> impl Strategy<Value = Vec<u8>> {
    let usual = prop::collection::vec(usual_entry(), 0..6);
    let other = prop::option::weighted(0.25, (any_entry(), 0_usize..6));
    let entries = (usual, other).prop_map(|(mut entries, other)| {
        entries.sort();
        entries.dedup_by_key(|it| it.0);
        if let Some((entry, at)) = other {
            entries.insert(at.min(entries.len()), entry);
        }
        entries
    });
    let contig = prop_oneof![9 => Just(0_i32), 1 => Just(1)];
    let position = prop_oneof![9 => 0_i32..1000, 1 => -3_i32..2];
    let quality =
        select(vec![0x7f80_0001, 50_f32.to_bits(), 0.1_f32.to_bits(), (-1_f32).to_bits()]);
    let alternates = prop_oneof![
        6 => Just(vec!["C"]),
        1 => select(vec![vec![], vec!["C", "G"], vec!["<DEL>"], vec!["A"], vec!["C,T"], vec!["n"]]),
    ];
    let ids = prop_oneof![5 => Just("."), 1 => select(vec!["rs1", "rs1;rs1", "a b", ""])];
    let filters =
        prop_oneof![4 => Just(vec![0x11, 0]), 1 => Just(vec![0]), 1 => Just(vec![0x21, 1, 1])];
    (contig, position, quality, alternates, ids, filters, entries).prop_map(
        |(contig, position, quality, alternates, ids, filters, entries)| {
            let mut shared = [contig, position, 1].map(i32::to_le_bytes).concat();
            shared.extend(quality.to_le_bytes());
            shared.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
            shared.extend(u16::try_from(alternates.len() + 1).unwrap().to_le_bytes());
            shared.extend([0; 4]);
            shared.extend(text(ids));
            shared.extend([text("A"), alternates.into_iter().flat_map(text).collect()].concat());
            shared.extend(filters);
            for (key, value) in entries {
                shared.extend([0x11, key]);
                shared.extend(value);
            }
            [&u32::try_from(shared.len()).unwrap().to_le_bytes()[..], &[0; 4], &shared].concat()
        },
    )
}

fn file(header: &str, records: &[Vec<u8>]) -> Vec<u8> {
    let length = u32::try_from(header.len() + 1).unwrap().to_le_bytes();
    [b"BCF\x02\x02", &length[..], header.as_bytes(), b"\0", &records.concat()].concat()
}

/// All that was stored, and all that was said, of a file.
#[derive(Debug, PartialEq)]
struct Outcome {
    rows: RecordBatch,
    rejected: Vec<u8>,
    findings: Vec<String>,
    counts: (u64, u64, u64),
}

fn outcome(path: &Path, pipe: &Pipe) -> Result<Outcome> {
    let source = Source::open_with(path.to_str().unwrap(), &pipe.meter, Content::Variants)?;
    let mut reader = Reader::open(source, pipe, &VcfReading::default(), 1000)?;
    let mut findings = reader.totals.findings().clone();
    let columns = assign_columns(&[], &reader.file.declared())?;
    reader.file.store_in(&columns);
    let kinds = reader.file.annotation_kinds();
    let layout = Arc::new(VcfLayout::new(columns, Vec::new(), kinds, ""));
    let schema = Arc::clone(&layout.schema);
    let (mut batches, mut rejected, mut counts) = (Vec::new(), Vec::new(), (0, 0, 0));
    for parsed in reader.records(move || VcfRows::new(&layout)) {
        let parsed = parsed?;
        findings.append(parsed.findings, parsed.lines_before);
        batches.push(parsed.output.batch);
        rejected.extend(parsed.rejected);
        counts.0 += parsed.lines;
        counts.1 += parsed.records;
        counts.2 += parsed.rejected_lines;
    }
    let rows = concat_batches(&schema, &batches).unwrap();
    Ok(Outcome { rows, rejected, findings: kept(&findings), counts })
}

/// Findings but those about the name of the file. A place in a message is a record or a line.
fn kept(findings: &Findings) -> Vec<String> {
    let told = |it: &Finding| {
        let what = it.message.split(" stands in ").next().unwrap_or_default();
        format!("{} {:?} {} {what} {:?}", it.rule.code, it.at, it.value, it.excerpt)
    };
    findings.kept().iter().filter(|it| it.at.line > 0).map(told).collect()
}

fn write_text(bcf: &Path, vcf: &Path, pipe: &Pipe) -> Result<()> {
    let source = Source::open_with(bcf.to_str().unwrap(), &pipe.meter, Content::Variants)?;
    let mut all = Vec::new();
    for text in source.texts(pipe) {
        all.extend_from_slice(text?.bytes());
    }
    std::fs::write(vcf, all).unwrap();
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn records_have_the_rows_and_the_findings_of_their_lines(
        minor in 2..5,
        records in prop::collection::vec(record(), 1..40),
        chunk_bytes in select(vec![1_usize, 300, 1 << 20]),
        damaged in prop::option::weighted(0.1, (any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (bcf, vcf) = (folder.path().join("it.bcf"), folder.path().join("it.vcf"));
        let header = HEADER.replace("4.X", &format!("4.{minor}"));
        let mut bytes = file(&header, &records);
        if let Some((at, byte)) = damaged {
            let start = header.len() + 10;
            let at = start + at.index(bytes.len() - start);
            bytes[at] = byte;
        }
        std::fs::write(&bcf, bytes).unwrap();
        let pipe = Pipe::new(Some(2), chunk_bytes).unwrap();
        match write_text(&bcf, &vcf, &pipe) {
            Ok(()) => {
                let expected = outcome(&vcf, &Pipe::new(Some(1), 1 << 20).unwrap()).unwrap();
                prop_assert_eq!(outcome(&bcf, &pipe).unwrap(), expected);
                let said = |path: &Path| {
                    let path = path.to_str().unwrap();
                    let options = CheckOptions::default();
                    let report = check(path, &pipe, &VcfReading::default(), &options).unwrap();
                    format!("{:?}{:?}", kept(&report.findings), report.profile)
                };
                prop_assert_eq!(said(&bcf), said(&vcf));
            }
            // The same damage is told.
            Err(error) => {
                prop_assert_eq!(outcome(&bcf, &pipe).unwrap_err().to_string(), error.to_string());
            }
        }
    }
}
