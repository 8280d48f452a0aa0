//! A compressed file that is cut or damaged anywhere is an error, never a shorter file, also where
//! it comes through a pipe.
#![cfg(unix)]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use annostore::check::{self, CheckOptions};
use annostore::diagnostic::render::json;
use annostore::model::{ErrorKind, Result};
use annostore::read::vcf::VcfReading;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use common::bgzf;
use common::program::Home;
use common::random::Random;
use common::vcf::{Shape, text};

const SHAPE: Shape =
    Shape { records: 400, samples: 0, sorted: true, faults: false, final_newline: true };
const BLOCK: usize = 1500;

/// A folder with a file in it, which is read as a file and through a named pipe.
struct Bench {
    folder: tempfile::TempDir,
    pipe: Pipe,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("mkfifo").arg(folder.path().join("pipe.vcf.gz")).status().unwrap();
        assert!(made.success());
        // Small, so that the file is many groups of blocks.
        Self { folder, pipe: Pipe::new(Some(2), 5000).unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Checks bytes that lie in a file.
    fn file(&self, bytes: &[u8]) -> Result<String> {
        let path = self.path("file.vcf.gz");
        fs::write(&path, bytes).unwrap();
        check(&path, &self.pipe)
    }

    /// Checks bytes that come through a pipe, whose end cannot be looked at first.
    fn stream(&self, bytes: &[u8]) -> Result<String> {
        let path = self.path("pipe.vcf.gz");
        std::thread::scope(|scope| {
            // The reader may go away before it has read all.
            scope.spawn(|| drop(fs::write(&path, bytes)));
            check(&path, &self.pipe)
        })
    }

    #[track_caller]
    fn refused(&self, bytes: &[u8], what: &str) {
        for (way, outcome) in [("file", self.file(bytes)), ("pipe", self.stream(bytes))] {
            match outcome {
                Ok(report) => panic!("{what}, {way}: taken for sound\n{report}"),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Unreadable, "{what}, {way}: {error}");
                }
            }
        }
    }

    #[track_caller]
    fn sound(&self, bytes: &[u8], expected: &str) {
        assert_eq!(self.file(bytes).unwrap(), expected);
        assert_eq!(self.stream(bytes).unwrap(), expected);
    }
}

/// The report but for name and compression.
fn check(path: &Path, pipe: &Pipe) -> Result<String> {
    let options = CheckOptions { max_findings: 50, ..CheckOptions::default() };
    let path = path.to_str().unwrap();
    let mut report = check::check(path, pipe, &VcfReading::default(), &options)?;
    report.file = String::new();
    report.compression = "any";
    Ok(json::render(&[report]).to_string())
}

fn sample_blocks() -> Vec<Vec<u8>> {
    let blocks = bgzf::blocks(&text(SHAPE, 5), BLOCK);
    assert!(blocks.len() > 20, "{}", blocks.len());
    blocks
}

/// Where the blocks begin.
fn boundaries(blocks: &[Vec<u8>]) -> Vec<usize> {
    let ends = blocks.iter().scan(0, |at, block| {
        let start = *at;
        *at += block.len();
        Some(start)
    });
    ends.collect()
}

#[test]
fn a_bgzf_file_that_is_cut_between_blocks_is_refused() {
    let (bench, home, blocks) = (Bench::new(), Home::new(), sample_blocks());
    let whole = blocks.concat();
    bench.sound(&whole, &bench.file(&whole).unwrap());
    for at in boundaries(&blocks) {
        bench.refused(&whole[..at], &format!("cut at {at}"));
        let said = home.run_on(["check", "-"], whole[..at].to_vec());
        assert_eq!((said.code, said.out.as_str()), (3, ""), "cut at {at}: {}", said.err);
        assert!(said.err.starts_with("error: "), "{}", said.err);
    }
}

#[test]
fn a_bgzf_file_that_is_cut_inside_a_block_is_refused() {
    let (bench, whole) = (Bench::new(), sample_blocks().concat());
    let mut random = Random::seeded(11);
    // The first bytes tell the compression, so that each cut among them is a case of its own.
    let others = (0..500).map(|_| random.below(whole.len()));
    for at in (0..64).chain(others).chain(whole.len() - 28..whole.len()) {
        bench.refused(&whole[..at], &format!("cut at {at}"));
    }
}

#[test]
fn a_gzip_file_that_is_cut_anywhere_is_refused() {
    let (bench, whole) = (Bench::new(), bgzf::gzip(&text(SHAPE, 6)));
    let mut random = Random::seeded(12);
    let others = (0..200).map(|_| random.below(whole.len()));
    for at in (0..20).chain(others).chain(whole.len() - 9..whole.len()) {
        bench.refused(&whole[..at], &format!("cut at {at}"));
    }
}

/// The commands that read a file, and the home that they need.
fn commands_that_read(file: &'static str) -> (Home, Vec<Vec<&'static str>>) {
    let check = vec!["check", file];
    if cfg!(feature = "store") {
        (Home::with_store("calls"), vec![vec!["import", file, "--store", "calls"], check])
    } else {
        (Home::new(), vec![check])
    }
}

#[test]
fn gzip_of_several_members_that_is_cut_between_two_is_refused() {
    let bench = Bench::new();
    let text = text(SHAPE, 10);
    let mut members: Vec<_> = text.chunks(700).map(bgzf::gzip).collect();
    let whole = members.concat();
    bench.sound(&whole, &bench.file(&whole).unwrap());
    let (mut cut, mut taken) = (text.len().div_ceil(700) * 700, Vec::new());
    while members.len() > 2 {
        members.pop();
        cut -= 700;
        if text[cut - 1] == b'\n' {
            taken.push(cut);
            continue;
        }
        bench.refused(&members.concat(), &format!("cut after {} members", members.len()));
    }
    assert!(taken.len() < 5, "nothing tells that these are cut: {taken:?}");
    let (home, commands) = commands_that_read("cut.vcf.gz");
    home.file("cut.vcf.gz", members.concat());
    for command in commands {
        let said = home.run(&command);
        assert_eq!(said.code, 3, "{}", said.err);
        assert!(said.err.contains("several members") && said.err.contains("cut.vcf.gz"));
        assert!(said.err.contains("\nhelp: ") && said.err.contains("--allow-missing-newline"));
        let allowed = home.run(command.iter().chain(&["--allow-missing-newline"]));
        assert!(allowed.code < 2 && allowed.err.find("several members").is_none());
    }
}

#[test]
fn one_whole_member_and_bgzf_with_its_end_may_lack_the_last_newline() {
    let bench = Bench::new();
    let text = text(Shape { final_newline: false, ..SHAPE }, 10);
    for whole in [bgzf::gzip(&text), bgzf::file(&text, BLOCK)] {
        let report = bench.file(&whole).unwrap();
        assert!(report.contains("FILE002"), "{report}");
        bench.sound(&whole, &report);
    }
}

#[test]
fn a_flipped_bit_is_an_error_or_changes_nothing() {
    let bench = Bench::new();
    let mut random = Random::seeded(13);
    let text = text(SHAPE, 7);
    for whole in [bgzf::file(&text, BLOCK), bgzf::gzip(&text)] {
        let expected = bench.file(&whole).unwrap();
        let mut refused = 0;
        for _ in 0..1000 {
            let (at, bit) = (random.below(whole.len()), random.below(8));
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            for outcome in [bench.file(&flipped), bench.stream(&flipped)] {
                match outcome {
                    Ok(report) => assert_eq!(report, expected, "byte {at}, bit {bit}"),
                    Err(error) => {
                        assert_eq!(
                            error.kind(),
                            ErrorKind::Unreadable,
                            "byte {at}, bit {bit}: {error}"
                        );
                        refused += 1;
                    }
                }
            }
        }
        assert!(refused > 1900, "{refused}");
    }
}

#[test]
fn wrong_checksums_and_sizes_are_refused() {
    let bench = Bench::new();
    let (blocks, gzip) = (sample_blocks(), bgzf::gzip(&text(SHAPE, 8)));
    for (name, from_end) in [("checksum", 8), ("size", 4)] {
        let mut broken = blocks.clone();
        let at = broken[7].len() - from_end;
        broken[7][at] ^= 1;
        bench.refused(&broken.concat(), &format!("{name} of a block"));
        let mut broken = gzip.clone();
        let at = broken.len() - from_end;
        broken[at] ^= 1;
        bench.refused(&broken, &format!("{name} of a gzip file"));
    }
    let mut huge = blocks;
    let at = huge[3].len() - 1;
    huge[3][at] = 0xff;
    bench.refused(&huge.concat(), "a block of 4 GiB");
}

#[test]
fn garbage_after_the_end_is_refused() {
    let bench = Bench::new();
    let (bgzf, gzip) = (sample_blocks().concat(), bgzf::gzip(&text(SHAPE, 9)));
    let late = [&[0; 40][..], b"x"].concat();
    for garbage in [b"x".as_slice(), b"chr1\t1\t.\tA\tC\t.\t.\t.\n", &late, &bgzf[..30]] {
        bench.refused(&[&bgzf, garbage].concat(), "garbage after BGZF");
        bench.refused(&[&gzip, garbage].concat(), "garbage after gzip");
    }
    // As for `gzip -t`: files are filled up with zeros.
    for sound in [bgzf, gzip] {
        let expected = bench.file(&sound).unwrap();
        bench.sound(&[&sound[..], &[0; 40]].concat(), &expected);
        bench.sound(&[&sound[..], &vec![0; 20_000]].concat(), &expected);
    }
}

#[test]
fn empty_blocks_and_files_one_after_the_other_are_sound() {
    let bench = Bench::new();
    let text = text(SHAPE, 10);
    let expected = bench.file(&bgzf::file(&text, BLOCK)).unwrap();
    let (front, back) = text.split_at(text.len() / 3);
    bench.sound(&[bgzf::file(front, BLOCK), bgzf::file(back, 700)].concat(), &expected);
    bench.sound(&[bgzf::gzip(front), bgzf::gzip(b""), bgzf::gzip(back)].concat(), &expected);
    let empty = bgzf::block(b"");
    let blocks: Vec<u8> = bgzf::blocks(&text, 65_280)
        .into_iter()
        .flat_map(|it| [empty.clone(), it])
        .flatten()
        .collect();
    bench.sound(&blocks, &expected);
}

/// The most memory that this process has had, in MiB.
#[cfg(target_os = "linux")]
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[cfg(not(target_os = "linux"))]
fn peak_memory() -> u64 {
    0
}

#[test]
fn bombs_and_endless_lines_are_refused_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.vcf.gz");
    let refused = |bytes: Vec<u8>, says: &str| {
        fs::write(&path, bytes).unwrap();
        let error = check(&path, &Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(error.to_string().contains(says), "{error}");
    };
    let line = [vec![b'A'; 65_279], vec![b'\n']].concat();
    // 300 MB each, made of one block or member that comes again and again.
    refused([bgzf::block(&line).repeat(4600), bgzf::END.to_vec()].concat(), "times its size");
    refused(bgzf::gzip(&line.repeat(100)).repeat(46), "times its size");
    assert!(peak_memory() < 256, "{} MiB", peak_memory());
    for start in ["", "##", "#CHROM\t"] {
        refused([start.as_bytes(), &vec![b'A'; 65 << 20]].concat(), "longer than 64 MiB");
    }
    assert!(peak_memory() < 512, "{} MiB", peak_memory());
}
