//! Left alignment and references: properties over repetitive sequences, and cases whose answer is
//! known.

// Positions of these sequences are small.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::io::Write as _;
use std::sync::Arc;

use annostore::model::reference::BLOCK_BASES;
use annostore::model::{Reference, Result};
use annostore::normalize::{Change, Cursor, align};
use annostore::read::fasta::{self, Digests, Fasta};
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use common::bgzf;
use proptest::prelude::*;

mod common;

/// A reference of one contig `c` in memory, in blocks as any other.
struct Bases(Vec<u8>);

impl Reference for Bases {
    fn contig(&self, name: &[u8]) -> Option<usize> {
        (name == b"c").then_some(0)
    }

    fn length(&self, _: usize) -> u64 {
        self.0.len() as u64
    }

    fn block(&self, _: usize, block: u64) -> Result<Arc<[u8]>> {
        let from = (block as usize * BLOCK_BASES).min(self.0.len());
        Ok(self.0[from..(from + BLOCK_BASES).min(self.0.len())].into())
    }
}

/// The record that normalization makes of one: its zero-based start and its alleles.
fn normalize(sequence: &[u8], start: usize, alleles: &[Vec<u8>]) -> (usize, Vec<Vec<u8>>) {
    let mut cursor = Cursor::new(Arc::new(Bases(sequence.to_vec())));
    assert!(cursor.enter(b"c"));
    let borrowed: Vec<&[u8]> = alleles.iter().map(Vec::as_slice).collect();
    let change: Change = align(&borrowed, start as u64, &mut cursor).unwrap();
    let new = change.start(start as u64) as usize;
    let before = &sequence[new..new + change.before];
    let apply = |it: &&[u8]| {
        let mut out = Vec::new();
        change.apply(it, before, &mut out);
        out
    };
    (new, borrowed.iter().map(apply).collect())
}

/// What a chromosome with an allele in the place of REF reads.
fn haplotype(sequence: &[u8], start: usize, reference: &[u8], allele: &[u8]) -> Vec<u8> {
    let after = &sequence[start + reference.len()..];
    [&sequence[..start], allele, after].concat()
}

fn bases(of: &'static [u8], size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(of), size)
}

/// A sequence of repeats of several periods, some within others.
fn repeats() -> impl Strategy<Value = Vec<u8>> {
    let unit = prop_oneof![bases(b"A", 1..3), bases(b"AC", 1..6), bases(b"ACGTN", 1..30)];
    let tract = (unit, 1_usize..12).prop_map(|(unit, times)| unit.repeat(times));
    prop::collection::vec((tract, 1_usize..3).prop_map(|(it, times)| it.repeat(times)), 1..6)
        .prop_map(|it| it.concat())
}

/// A sequence, the start of REF, and alleles that are not all the same.
fn records() -> impl Strategy<Value = (Vec<u8>, usize, Vec<Vec<u8>>)> {
    let alternate = prop_oneof![bases(b"ACGTN", 1..8), bases(b"A", 1..8), bases(b"AC", 1..8)];
    let places =
        (any::<prop::sample::Index>(), 1_usize..10, prop::collection::vec(alternate, 1..4));
    (repeats(), places, any::<bool>()).prop_filter_map("REF is an ALT", |(sequence, it, copy)| {
        let (at, length, mut alternates) = it;
        let start = at.index(sequence.len());
        let reference = sequence[start..(start + length).min(sequence.len())].to_vec();
        if copy {
            // A duplication or a deletion within the repeat, which moves.
            let longer = sequence[start..(start + 2 * length).min(sequence.len())].to_vec();
            alternates[0] = if longer.len() % 2 == 0 { longer } else { vec![reference[0]] };
        }
        let differ = alternates.iter().all(|it| *it != reference);
        differ.then(|| (sequence, start, [vec![reference], alternates].concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_haplotypes_stay((sequence, start, alleles) in records()) {
        let (new, normalized) = normalize(&sequence, start, &alleles);
        prop_assert_eq!(&sequence[new..new + normalized[0].len()], &normalized[0][..]);
        for (old, now) in alleles.iter().zip(&normalized) {
            let before = haplotype(&sequence, start, &alleles[0], old);
            prop_assert_eq!(before, haplotype(&sequence, new, &normalized[0], now));
        }
    }

    #[test]
    fn normalizing_twice_changes_nothing((sequence, start, alleles) in records()) {
        let once = normalize(&sequence, start, &alleles);
        prop_assert_eq!(normalize(&sequence, once.0, &once.1), once);
    }

    /// Nothing moves left any further, and no allele can be shorter.
    #[test]
    fn no_other_form_is_shorter_or_further_left((sequence, start, alleles) in records()) {
        let (new, normalized) = normalize(&sequence, start, &alleles);
        let shortest = normalized.iter().map(Vec::len).min().unwrap();
        let same = |end: bool| {
            let base = |it: &Vec<u8>| if end { it[it.len() - 1] } else { it[0] };
            normalized.iter().all(|it| base(it) == base(&normalized[0]))
        };
        prop_assert!(!same(true) || (shortest == 1 && new == 0));
        prop_assert!(!same(false) || shortest == 1);
    }

    #[test]
    fn any_way_to_write_a_variant_has_one_form(
        (sequence, start, alleles) in records(),
        left in 0_usize..30,
        right in 0_usize..30,
    ) {
        let from = start.saturating_sub(left);
        let end = start + alleles[0].len();
        let to = (end + right).min(sequence.len());
        let longer = |it: &Vec<u8>| [&sequence[from..start], it, &sequence[end..to]].concat();
        let longer: Vec<Vec<u8>> = alleles.iter().map(longer).collect();
        prop_assert_eq!(normalize(&sequence, from, &longer), normalize(&sequence, start, &alleles));
    }
}

#[test]
fn a_repeat_over_many_blocks_is_followed_to_its_start() {
    let length = 3 * BLOCK_BASES + 1000;
    let sequence = [b"GG".to_vec(), b"CAT".repeat(length / 3), b"G".to_vec()].concat();
    let end = sequence.len() - 1;
    let alleles = [sequence[end - 4..end].to_vec(), sequence[end - 4..end - 3].to_vec()];
    let (start, normalized) = normalize(&sequence, end - 4, &alleles);
    assert_eq!((start, normalized), (1, vec![b"GCAT".to_vec(), b"G".to_vec()]));
}

#[test]
fn a_contig_start_is_as_far_as_anything_goes() {
    let of = |start, alleles: [&[u8]; 2]| normalize(b"AAAAC", start, &alleles.map(<[u8]>::to_vec));
    assert_eq!(of(2, [b"AA", b"A"]), (0, vec![b"AA".to_vec(), b"A".to_vec()]));
    assert_eq!(of(0, [b"AAAAC", b"AAC"]), (0, vec![b"AAA".to_vec(), b"A".to_vec()]));
}

fn write(path: &std::path::Path, bytes: &[u8]) {
    std::fs::File::create(path).unwrap().write_all(bytes).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Any layout of a FASTA file gives its bases back, plain and compressed.
    #[test]
    fn every_stretch_of_a_fasta_is_what_stands_there(
        contigs in prop::collection::vec(
            (bases(b"ACGTNacgtnRy", 0..150_000), 1_usize..150_000, any::<bool>()),
            1..4,
        ),
        last_newline in any::<bool>(),
    ) {
        let mut text = String::new();
        for (number, (sequence, width, crlf)) in contigs.iter().enumerate() {
            let end = if *crlf { "\r\n" } else { "\n" };
            text += &format!(">contig{number} described{end}");
            for line in sequence.chunks(*width) {
                text += std::str::from_utf8(line).unwrap();
                text += end;
            }
        }
        if !last_newline && text.ends_with('\n') {
            text.pop();
        }
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain.fa");
        let packed = folder.path().join("packed.fa.gz");
        write(&plain, text.as_bytes());
        write(&packed, &bgzf::file(text.as_bytes(), 10_007));
        for path in [plain, packed] {
            let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
            let index = fasta::index(path.to_str().unwrap(), &pipe, Digests::Md5).unwrap();
            let fasta = Fasta::open(&path, index).unwrap();
            for (number, (sequence, ..)) in contigs.iter().enumerate() {
                let contig = fasta.contig(format!("contig{number}").as_bytes()).unwrap();
                prop_assert_eq!(fasta.length(contig), sequence.len() as u64);
                let expected = sequence.to_ascii_uppercase();
                let blocks = (0..=sequence.len().div_ceil(BLOCK_BASES) as u64)
                    .map(|it| fasta.block(contig, it).unwrap());
                prop_assert_eq!(blocks.collect::<Vec<_>>().concat(), expected);
            }
        }
    }
}

#[test]
fn a_fasta_that_was_changed_in_place_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.fa");
    write(&path, b">a\nACGTACGT\nACGTACGT\n>b\nACGTACGT\n");
    let pipe = Pipe::new(Some(1), DEFAULT_CHUNK_BYTES).unwrap();
    let index = fasta::index(path.to_str().unwrap(), &pipe, Digests::None).unwrap();
    for changed in [">a\nACGTACGTA\nCGTACGT\n>b\nACGTACGT\n", ">a\nACGT\n>b\nACGTACGT\n"] {
        write(&path, changed.as_bytes());
        let fasta = Fasta::open(&path, index.clone()).unwrap();
        let read = [0, 1].map(|contig| fasta.block(contig, 0).map(|_| ()));
        assert!(read.iter().any(std::result::Result::is_err), "{changed}");
    }
}
