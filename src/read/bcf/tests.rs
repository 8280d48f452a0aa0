//! Records that are written here byte by byte, as BCF 2.2 prints them. `tests/oracles` has those
//! that noodles writes, `tests/bcf` those of bcftools.

use std::sync::Arc;

use super::super::chunk::Text;
use super::pieces::LENGTHS;
use super::*;
use crate::model::Error;

const HEADER: &str = "##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description=\"p\">\n\
    ##FILTER=<ID=q10,Description=\"q\">\n##INFO=<ID=DP,Number=1,Type=Integer>\n\
    ##INFO=<ID=AF,Number=A,Type=Float>\n##INFO=<ID=DB,Number=0,Type=Flag>\n\
    ##INFO=<ID=TX,Number=1,Type=String>\n##FORMAT=<ID=GT,Number=1,Type=String>\n\
    ##FORMAT=<ID=AD,Number=R,Type=Integer>\n##contig=<ID=chr1>\n##contig=<ID=2>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\n";
/// What the numbers stand for in the header.
const PASS: u8 = 0;
const Q10: u8 = 1;
const DP: u8 = 2;
const AF: u8 = 3;
const DB: u8 = 4;
const TX: u8 = 5;
const GT: u8 = 6;
const AD: u8 = 7;

/// The fixed fields and texts of a record with two samples.
fn begin(contig: i32, position: i32, quality: u32, counts: (u16, u8), alleles: &[&str]) -> Vec<u8> {
    let (info, keys) = counts;
    let number = |it: i32| it.to_le_bytes();
    let mut bytes = [number(contig), number(position), number(1), quality.to_le_bytes()].concat();
    bytes.extend(info.to_le_bytes());
    bytes.extend(u16::try_from(alleles.len()).unwrap().to_le_bytes());
    bytes.extend([2, 0, 0, keys]);
    bytes.push(0x07);
    for it in alleles {
        bytes.extend(text(it));
    }
    bytes
}

fn text(it: &str) -> Vec<u8> {
    let length = u8::try_from(it.len()).unwrap();
    let descriptor = if length < 15 { vec![length << 4 | 7] } else { vec![0xf7, 0x11, length] };
    [&descriptor[..], it.as_bytes()].concat()
}

fn record(shared: &[u8], individual: &[u8]) -> Vec<u8> {
    let length = |it: &[u8]| u32::try_from(it.len()).unwrap().to_le_bytes();
    [&length(shared)[..], &length(individual), shared, individual].concat()
}

fn file(header: &str, records: &[Vec<u8>]) -> Vec<u8> {
    let length = u32::try_from(header.len() + 1).unwrap().to_le_bytes();
    [b"BCF\x02\x02", &length[..], header.as_bytes(), b"\0", &records.concat()].concat()
}

/// The text of a file that comes in texts of so many bytes.
fn read(file: &[u8], size: usize) -> Result<String> {
    let mut pipe = Pipe::new(Some(1), size)?;
    pipe.meter = Arc::default();
    let pieces: Vec<Vec<u8>> = file.chunks(size).map(<[u8]>::to_vec).collect();
    let bytes = Box::new(pieces.into_iter().map(|it| Ok(Text::copied(&it))));
    let mut all = Vec::new();
    for text in texts(bytes, Arc::new(|error| error), &pipe) {
        all.extend_from_slice(text?.bytes());
    }
    Ok(String::from_utf8_lossy(&all).into_owned())
}

/// The error of a file, which is the same however it is cut.
fn refusal(file: &[u8]) -> Error {
    let error = read(file, 1 << 20).unwrap_err();
    assert_eq!(read(file, 16).unwrap_err().to_string(), error.to_string());
    error
}

/// Two records that have values of each kind, and their lines.
fn whole() -> (Vec<Vec<u8>>, &'static str) {
    let mut first = begin(0, 99, 0x4248_0000, (4, 2), &["A", "C", "<DEL>"]);
    first.extend([0x21, PASS, Q10]);
    first.extend([0x11, DP, 0x12, 0x2c, 1]);
    first.extend([&[0x11, AF, 0x25][..], &0.1_f32.to_le_bytes(), &[1, 0, 0x80, 0x7f]].concat());
    first.extend([0x11, DB, 0x11, 1]);
    first.extend([&[0x11, TX][..], &text("a text that is long")].concat());
    let samples = [0x11, GT, 0x21, 2, 5, 4, 0x81, 0x11, AD, 0x31, 1, 0x80, 3, 0x80, 0x81, 0x81];
    let mut second = begin(1, -1, 0x7f80_0001, (1, 0), &["N"]);
    second.extend([0x00, 0x11, DP, 0x13, 0, 0, 0, 0x80]);
    let lines = "chr1\t100\t.\tA\tC,<DEL>\t50\tPASS;q10\tDP=300;AF=0.1,.;DB;TX=a text that is long\
                 \tGT:AD\t0|1:1,.,3\t1:.\n2\t0\t.\tN\t.\t.\t.\tDP=.\t.\t.\t.\n";
    (vec![record(&first, &samples), record(&second, &[])], lines)
}

#[test]
fn a_record_is_its_line_however_the_file_is_cut() {
    let (records, lines) = whole();
    let file = file(HEADER, &records);
    for size in (1..60).chain([1 << 20]) {
        assert_eq!(read(&file, size).unwrap(), format!("{HEADER}{lines}"), "{size}");
    }
}

#[test]
fn a_genotype_begins_with_its_phase_where_it_has_to() {
    let header = HEADER.replace("VCFv4.2", "VCFv4.4");
    let genotypes = |alleles: [u8; 4]| {
        let shared = [begin(0, 1, 0, (0, 1), &["A"]), vec![0]].concat();
        let samples = [&[0x11, GT, 0x21][..], &alleles].concat();
        let text = read(&file(&header, &[record(&shared, &samples)]), 99).unwrap();
        text.split_once("GT\t").unwrap().1.trim_end().to_owned()
    };
    let end = 0x81;
    for (alleles, text) in [
        ([3, 4, 2, 5], "|0/1\t/0|1"),
        ([3, 5, 0, 0], "0|1\t./."),
        ([1, 1, 0, 1], ".|.\t/.|."),
        ([3, end, 2, end], "0\t/0"),
        ([0, end, 1, end], ".\t|."),
    ] {
        assert_eq!(genotypes(alleles), text);
    }
}

#[test]
fn a_file_that_is_cut_is_an_error_with_its_place() {
    let (records, _) = whole();
    let whole = file(HEADER, &records);
    let header = whole.len() - records.concat().len();
    let ends = [whole.len(), header, header + records[0].len()];
    for length in (1..whole.len()).filter(|it| !ends.contains(it)) {
        let error = refusal(&whole[..length]);
        assert!(error.message().contains("is cut"), "{length}: {error}");
        let record = error.context().iter().find(|it| it.0 == "record");
        let expected = (length > header).then(|| 1 + u8::from(length > ends[2]));
        assert_eq!(record.map(|it| it.1.clone()), expected.map(|it| it.to_string()), "{length}");
    }
}

/// No byte that changed makes a panic, or more text than the record may stand for.
#[test]
fn damage_is_an_error_or_another_value() {
    let (records, _) = whole();
    let whole = file(HEADER, &records);
    for at in 0..whole.len() {
        for byte in [0, 1, 0x0f, 0x7f, 0x80, 0xf1, 0xf3, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = byte;
            match read(&damaged, 1 << 20) {
                Ok(text) => assert!(text.len() < 4 * HEADER.len(), "{at}"),
                Err(error) => assert_eq!(error.kind(), crate::model::ErrorKind::Unreadable),
            }
        }
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let (records, _) = whole();
    let start = file(HEADER, &[]).len();
    // The first damage is told, however the file is cut: a third record is too long.
    let other = |shared: Vec<u8>| {
        file(HEADER, &[records[0].clone(), record(&shared, &[]), vec![0xff; LENGTHS]])
    };
    let fixed = |it: &[u8]| [begin(0, 1, 0, (1, 0), &["A"]), it.to_vec()].concat();
    for (shared, what) in [
        (begin(7, 1, 0, (0, 0), &["A"]), "lies on a contig that its header has not"),
        (fixed(&[0x11, 99]), "has a key that its header has not"),
        (fixed(&[0, 0x11, DP, 0x16, 0]), "has a type that BCF does not know"),
        (fixed(&[0, 0x11, TX, 0x17, b'\t']), "has a tab or a line break in it"),
        (fixed(&[0, 0x11, DP, 0xf1, 0x13, 0xff, 0xff, 0xff, 0x7f]), "ends inside its values"),
        (fixed(&[0, 0x11, DP, 0x11, 1, 1]), "has more bytes than its values"),
        (vec![0; 9], "is too short to be one"),
    ] {
        let error = refusal(&other(shared));
        assert!(error.message().contains(what), "{error}");
        let byte = (start + records[0].len()).to_string();
        let place = [("record", "2".to_owned()), ("byte of the inflated file", byte)];
        assert_eq!(error.context(), place);
    }
}

#[test]
fn a_record_stands_for_no_more_text_than_it_may() {
    let long = "K".repeat(100_000);
    let header = HEADER.replace("ID=DB", &format!("ID={long}"));
    let flags = 1_000;
    let mut shared = begin(0, 1, 0, (flags, 0), &["A"]);
    shared.push(0);
    (0..flags).for_each(|_| shared.extend([0x11, DB, 0]));
    let error = refusal(&file(&header, &[record(&shared, &[])]));
    assert!(error.message().contains("far longer than itself"), "{error}");
}

#[test]
fn another_version_is_refused() {
    for (start, what) in [(&b"BCF\x02\x05"[..], "BCF 2.5"), (b"BCF\x04\x01", "not begin as BCF 2")]
    {
        let error = refusal(&[start, &[0; 9]].concat());
        assert!(error.message().contains(what), "{error}");
    }
}
