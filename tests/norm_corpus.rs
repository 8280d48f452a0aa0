//! Left normalization and splitting on the cases of other tools' suites, against the outputs that
//! those expect.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use annostore::model::Reference;
use annostore::normalize::{
    NormalizeOptions, Normalized, RefMismatch, VcfNormalizer, VcfNormalizers,
};
use annostore::read::fasta::{self, Digests, Fasta};
use annostore::read::source::Source;
use annostore::read::vcf::{AlteredRecords, CandidateRecord, Gate, Nothing, Reader, VcfReading};
use annostore::read::{Admission, DEFAULT_CHUNK_BYTES, LineReport, Pipe};
use common::corpus::corpus;

mod common;

/// Writes down what the normalizer makes of each record, as VCF.
struct Tape {
    inner: VcfNormalizer,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Gate for Tape {
    type Output = Normalized;

    fn admit(
        &mut self,
        record: &CandidateRecord<'_>,
        report: &mut LineReport,
        altered: &mut AlteredRecords,
    ) -> Admission {
        let admission = self.inner.admit(record, report, altered);
        let mut lines = self.lines.lock().unwrap();
        let text = |it: &[u8]| String::from_utf8(it.to_vec()).unwrap();
        match admission {
            Admission::AsIs => lines.push(text(record.line)),
            Admission::Altered => lines.extend(altered.get().iter().map(|it| {
                let line = if it.line.is_empty() { record.line } else { &it.line };
                let line = text(line);
                let mut fields: Vec<&str> = line.split('\t').collect();
                let (position, reference) = (it.position.to_string(), text(&it.reference));
                let alternates = text(&it.alternates);
                (fields[1], fields[3], fields[4]) = (&position, &reference, &alternates);
                fields.join("\t")
            })),
            Admission::Rejected | Admission::LeftOut => {}
        }
        admission
    }

    fn finish(self) -> annostore::model::Result<Normalized> {
        self.inner.finish()
    }
}

/// The records that come out, as lines.
fn run(vcf: &Path, fasta: &Path, split: bool, mismatch: RefMismatch) -> Vec<String> {
    let pipe = Pipe::new(Some(1), DEFAULT_CHUNK_BYTES).unwrap();
    let index = fasta::index(fasta.to_str().unwrap(), &pipe, Digests::None).unwrap();
    let reference: Arc<dyn Reference> = Arc::new(Fasta::open(fasta, index).unwrap());
    let source = Source::open(vcf.to_str().unwrap(), &pipe.meter).unwrap();
    let reader = Reader::open(source, &pipe, &VcfReading::default(), 0).unwrap();
    let options = NormalizeOptions { mismatch, split, only_look: false };
    let normalizers = VcfNormalizers::new(reference, options, &reader.file.header);
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let for_workers = Arc::clone(&lines);
    let make =
        move || (Tape { inner: normalizers.make(), lines: Arc::clone(&for_workers) }, Nothing);
    for parsed in reader.records_through(make) {
        parsed.unwrap();
    }
    lines.lock().unwrap().clone()
}

/// Place and alleles of records, in upper case and sorted: the order of records at one place is the
/// suites' own.
fn places<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let place = |it: &str| {
        let fields: Vec<&str> = it.split('\t').collect();
        [fields[0], fields[1], fields[3], fields[4]].join(" ").to_uppercase()
    };
    let mut places: Vec<String> = lines.into_iter().map(place).collect();
    places.sort();
    places
}

fn records(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|it| !it.starts_with('#') && !it.is_empty())
}

/// Compares place and alleles of all records but some.
fn check(folder: &Path, vcf: &str, fasta: &str, expected: &str, split: bool, not: &[&str]) {
    let found = run(&folder.join(vcf), &folder.join(fasta), split, RefMismatch::Warn);
    let expected = fs::read_to_string(folder.join(expected)).unwrap();
    let not: BTreeSet<&str> = not.iter().copied().collect();
    let without = |mut it: Vec<String>| {
        it.retain(|it| !not.contains(&it[..]));
        it
    };
    let found = without(places(found.iter().map(String::as_str)));
    let expected = without(places(records(&expected)));
    assert!(!expected.is_empty());
    assert_eq!(found, expected, "{vcf}");
}

#[test]
fn cases_of_bcftools_norm() {
    let Some(folder) = corpus().map(|it| it.join("norm/bcftools-norm")) else { return };
    let case = |vcf, fasta, expected, split, not: &[&str]| {
        check(&folder, vcf, fasta, expected, split, not);
    };
    case("norm.telomere.vcf", "norm.fa", "norm.telomere.out", false, &[]);
    case("norm.6.vcf", "norm.2.fa", "norm.6.1.out", false, &[]);
    case("norm.breakend.1.vcf", "norm.breakend.1.fa", "norm.breakend.1.1.out", true, &[]);
    case("norm.split.vcf", "norm.fa", "norm.split.and.norm.out", true, &[]);
    case("norm.right-align.vcf", "norm.right-align.fa", "norm.right-align.1.out", false, &[]);
    // Releases of bcftools after 1.20 move a `<DEL>` by its END; Debian's 1.16 leaves it, as we do.
    let moved = ["20 15 TAC T,<DEL>", "20 24 ACA A,<DEL>", "20 93 C <DEL>", "20 98 A <DEL>"];
    case("norm.symbolic.2.vcf", "norm.symbolic.fa", "norm.symbolic.2.out", false, &moved);
}

#[test]
fn cases_of_the_normalizer_of_glow() {
    let Some(folder) = corpus().map(|it| it.join("norm/glow-normalizer")) else { return };
    let case = |stem: &str, fasta, split, not: &[&str]| {
        let (vcf, suffix) = (format!("{stem}.vcf"), if split { "_vtdecompose" } else { "" });
        let expected = format!("{stem}{suffix}_bcftoolsnormalized.vcf");
        check(&folder, &vcf, fasta, &expected, split, not);
    };
    for stem in ["01_IN_altered_biallelic", "01_IN_altered_multiallelic"] {
        for fasta in ["20_altered.fasta", "20_altered_bgzip_noindex.fasta.gz"] {
            case(stem, fasta, false, &[]);
            case(stem, fasta, true, &[]);
        }
    }
    for stem in ["test_left_align_hg38_altered", "test_left_align_hg38_altered_symbolic"] {
        let fasta = "Homo_sapiens_assembly38.20.21_altered.fasta";
        case(stem, fasta, false, &[]);
        case(stem, fasta, true, &[]);
    }
}

#[test]
fn splitting_is_that_of_bcftools_field_by_field() {
    let Some(folder) = corpus().map(|it| it.join("norm/bcftools-norm")) else { return };
    let found =
        run(&folder.join("norm.split.vcf"), &folder.join("norm.fa"), true, RefMismatch::Warn);
    let expected = fs::read_to_string(folder.join("norm.split.and.norm.out")).unwrap();
    let fields = |lines: Vec<&str>| {
        // QUAL is printed in several ways, and bases in either case.
        let fields = |it: &str| {
            let fields: Vec<&str> = it.split('\t').collect();
            let alleles = fields[3..5].join(" ").to_uppercase();
            format!("{} {} {} {alleles} {}", fields[0], fields[1], fields[2], fields[6..].join(" "))
        };
        let mut all: Vec<String> = lines.into_iter().map(fields).collect();
        all.sort();
        all
    };
    let found = fields(found.iter().map(String::as_str).collect());
    assert_eq!(found, fields(records(&expected).collect()));
}
