//! Data files that the disk did not keep as they were written: a query fails, or gives the rows
//! that were imported.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use annostore::model::ErrorKind;
use annostore::query::{CatalogTables, Engine, Options};
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use annostore::{Account, Service};
use arrow::util::pretty::pretty_format_batches;

use crate::common::program::Home;
use crate::common::random::Random;

/// Bytes of a block that has a checksum.
const BLOCK: usize = 64 << 10;
/// What is asked of the damaged file: all, one column, and a stretch of it.
const QUESTIONS: [(&str, &[&str]); 3] = [
    ("SELECT * FROM calls", &[]),
    ("SELECT sum(start), count(*) FROM calls", &[]),
    ("SELECT start, attributes['TEXT'] AS text FROM calls", &["chr1:700-900"]),
];

/// A number that the environment may set.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |it| it.parse().unwrap())
}

/// A store with one data file of several blocks, and that file.
struct Damaged {
    service: Service,
    file: PathBuf,
    bytes: Vec<u8>,
    home: Home,
}

impl Damaged {
    fn new() -> Self {
        let mut text =
            "##fileformat=VCFv4.2\n##INFO=<ID=TEXT,Number=1,Type=String,Description=\"x\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
                .to_owned();
        let mut random = Random::seeded(1);
        for at in 1..=6000 {
            let noise = random.bits();
            let text = &mut text;
            writeln!(
                text,
                "chr1\t{at}\t.\tA\tC\t.\tPASS\tTEXT={noise:x}{:x}",
                !noise.rotate_left(9)
            )
            .unwrap();
        }
        let home = Home::with_store("calls");
        let vcf = home.file("calls.vcf", text);
        home.done(["import", vcf.to_str().unwrap(), "--store", "calls", "--quiet"]);
        let account = Account::new(Account::DEFAULT).unwrap();
        let service = Service::open(&home.path(), account, "us-east-1").unwrap();
        let file = home.path().join(&home.files("data")[0]);
        let bytes = fs::read(&file).unwrap();
        assert!(bytes.len() > 2 * BLOCK, "{} bytes", bytes.len());
        Self { service, file, bytes, home }
    }

    /// The answer of an engine that has not read the file before.
    fn ask(&self, (sql, regions): (&str, &[&str])) -> Result<String, String> {
        let options = Options { threads: 1, ..Options::default() };
        let engine = Engine::new(Arc::new(CatalogTables::of(&self.service)), options).unwrap();
        let regions: Vec<_> = regions.iter().map(|it| (*it).to_owned()).collect();
        let answer = engine.query(sql, &regions).map_err(|it| it.in_full())?;
        let batches: Result<Vec<_>, _> = answer.collect();
        let batches = batches.map_err(|it| it.in_full())?;
        Ok(pretty_format_batches(&batches).unwrap().to_string())
    }

    fn flip(&self, bit: usize) {
        let mut bytes = self.bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(&self.file, bytes).unwrap();
    }
}

/// `ANNOSTORE_FLIPS` says how many bits, `ANNOSTORE_SEED` which.
#[test]
fn flipped_bits_of_a_data_file_change_no_answer() {
    let (flips, seed) = (setting("ANNOSTORE_FLIPS", 40), setting("ANNOSTORE_SEED", 15));
    let home = Damaged::new();
    let whole = QUESTIONS.map(|it| home.ask(it).unwrap());
    let mut random = Random::seeded(seed);
    let (mut refused, bits) = (0, home.bytes.len() * 8);
    for flip in 0..flips {
        // Every third in the footer and the indexes before it, which all questions read.
        let bit = match flip % 3 {
            0 => bits - 1 - random.below(8 * 4096),
            _ => random.below(bits),
        };
        home.flip(bit);
        for (question, whole) in QUESTIONS.iter().zip(&whole) {
            match home.ask(*question) {
                Ok(answer) => assert!(answer == *whole, "{question:?}, bit {bit}, seed {seed}"),
                Err(error) => {
                    let is_told = error.contains("is damaged: its bytes")
                        && error.contains(home.file.to_str().unwrap())
                        && error.contains("annostore verify");
                    assert!(is_told, "{question:?}, bit {bit}, seed {seed}: {error}");
                    refused += 1;
                }
            }
        }
    }
    // Each bit is in what the first question reads.
    assert!(refused >= flips, "{refused} of {flips}");
}

#[test]
fn damage_is_told_by_its_place_and_other_parts_can_be_read() {
    let home = Damaged::new();
    home.flip((BLOCK + 7) * 8);
    let error = home.ask(QUESTIONS[0]).unwrap_err();
    assert!(error.contains(&format!("its bytes {BLOCK} to {} are not", 2 * BLOCK - 1)), "{error}");
    assert!(error.contains("version: calls.calls"), "{error}");
    let said = home.home.run(["query", "SELECT * FROM calls", "--format", "csv"]);
    assert_eq!(said.code, 5, "{}", said.err);
    let alone = home.ask(("SELECT count(*) FROM calls", &[])).unwrap();
    assert!(alone.contains("6000"), "{alone}");
}

/// The list of checksums is of a file of another size.
#[test]
fn checksums_that_cannot_be_those_of_the_file_are_damage_of_the_catalog() {
    let home = Damaged::new();
    let catalog = rusqlite::Connection::open(home.home.path().join("catalog.db")).unwrap();
    catalog.execute("UPDATE data_files SET crc32c = substr(crc32c, 5)", []).unwrap();
    let error = home.ask(QUESTIONS[0]).unwrap_err();
    assert!(error.contains("catalog"), "{error}");
}

#[test]
fn verifying_ends_when_it_is_told_to() {
    let home = Damaged::new();
    let pipe = Pipe::new(Some(1), DEFAULT_CHUNK_BYTES).unwrap();
    let verified = home.service.verify(None, &pipe, |_| Ok(())).unwrap();
    assert!(verified.is_sound());
    assert_eq!(verified.bytes, home.bytes.len() as u64);
    let stopped = pipe.stopped_by(&Arc::new(AtomicBool::new(true)));
    let error = home.service.verify(None, &stopped, |_| Ok(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
}

/// Those of a home of before, which only `verify` can hold against their import.
#[test]
fn files_without_checksums_are_read() {
    let home = Damaged::new();
    let whole = home.ask(QUESTIONS[0]).unwrap();
    let catalog = rusqlite::Connection::open(home.home.path().join("catalog.db")).unwrap();
    catalog.execute("UPDATE data_files SET crc32c = NULL", []).unwrap();
    assert!(home.ask(QUESTIONS[0]).unwrap() == whole);
}
