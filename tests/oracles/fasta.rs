//! noodles-fasta against our index and our reading of any stretch, plain and compressed.

use std::fs;
use std::path::Path;

use annostore::model::{Reference, reference};
use annostore::read::fasta::{self, Contig, Digests, Fasta};
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use noodles::fasta as oracle;
use proptest::prelude::*;

/// A contig as it is written: its bases, how long a line is, and how lines end.
#[derive(Clone, Debug)]
struct Written {
    description: &'static str,
    bases: Vec<u8>,
    line: usize,
    line_end: &'static str,
}

fn contigs() -> impl Strategy<Value = Vec<Written>> {
    let descriptions = proptest::sample::select(vec!["", " homo sapiens", "\tLN:5  x"]);
    let few =
        proptest::collection::vec(proptest::sample::select(b"ACGTNacgtnRYkm".to_vec()), 1..40);
    // More than the blocks in which we read, which have 65,536 bases.
    let bases = (few, prop_oneof![6 => 1_usize..8, 1 => 4000_usize..5000]);
    let bases = bases.prop_map(|(few, times)| few.repeat(times));
    let line_ends = proptest::sample::select(vec!["\n", "\r\n"]);
    let contig = (descriptions, bases, 1_usize..90, line_ends);
    let contig = contig.prop_map(|(description, bases, line, line_end)| Written {
        description,
        bases,
        line,
        line_end,
    });
    // noodles takes a contig without bases for a fault, samtools and we do not.
    proptest::collection::vec(contig, 1..5)
}

fn text(contigs: &[Written], ends_in_line_end: bool) -> Vec<u8> {
    let mut text = Vec::new();
    for (number, it) in contigs.iter().enumerate() {
        text.extend(format!(">contig{number}{}{}", it.description, it.line_end).bytes());
        for line in it.bases.chunks(it.line) {
            text.extend(line);
            text.extend(it.line_end.bytes());
        }
    }
    while !ends_in_line_end && text.last().is_some_and(u8::is_ascii_whitespace) {
        text.pop();
    }
    text
}

/// Name, bases, first byte, bases and bytes of a line.
type Layout = (String, u64, u64, u64, u64);

fn ours(it: &Contig) -> Layout {
    (it.name.clone(), it.length, it.offset, it.line_bases, it.line_width)
}

fn theirs(it: &oracle::fai::Record) -> Layout {
    let (bases, width) = (it.line_base_count().get(), it.line_width().get());
    (it.name().to_string(), it.length(), it.position(), bases, width)
}

fn indexed(text: &[u8]) -> Vec<oracle::fai::Record> {
    let mut indexer = oracle::io::Indexer::new(text);
    std::iter::from_fn(|| indexer.index_record().unwrap()).collect()
}

fn open(path: &Path) -> Fasta {
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let index = fasta::index(path.to_str().unwrap(), &pipe, Digests::None).unwrap();
    Fasta::open(path, index).unwrap()
}

/// The bases of a stretch, put together from blocks.
fn stretch(fasta: &Fasta, contig: usize, from: usize, to: usize) -> Vec<u8> {
    let of_block = |block: usize| fasta.block(contig, block as u64).unwrap().to_vec();
    let (first, last) = (from / reference::BLOCK_BASES, (to - 1) / reference::BLOCK_BASES);
    let bases = (first..=last).flat_map(of_block);
    bases.skip(from - first * reference::BLOCK_BASES).take(to - from).collect()
}

#[test]
fn layout_and_bases_are_those_of_noodles() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("it.fa"), folder.path().join("it.fa.gz"));
    let inputs = (contigs(), any::<bool>(), 1_usize..70_000, any::<[proptest::sample::Index; 8]>());
    crate::check(64, &inputs, |(contigs, ends_in_line_end, block, places)| {
        let text = text(&contigs, ends_in_line_end);
        fs::write(&plain, &text).unwrap();
        let blocks: Vec<&[u8]> = text.chunks(block).collect();
        fs::write(&packed, crate::bgzf::compressed(&blocks, 1)).unwrap();
        let expected = indexed(&text);
        let layout: Vec<Layout> = expected.iter().map(theirs).collect();
        let index = oracle::fai::Index::from(expected);
        let mut reader = oracle::io::IndexedReader::new(std::io::Cursor::new(&text), index);
        for path in [&plain, &packed] {
            let fasta = open(path);
            let found: Vec<Layout> = fasta.index().contigs.iter().map(ours).collect();
            prop_assert_eq!(&found, &layout);
            for (number, place) in places.iter().enumerate() {
                let contig = number % contigs.len();
                let length = contigs[contig].bases.len();
                let from = place.index(length);
                let to = (from + 1 + 100 * number).min(length);
                let region = format!("contig{contig}:{}-{to}", from + 1).parse().unwrap();
                let record = reader.query(&region).unwrap();
                // All letters but bases and ambiguity codes are N to us.
                let sequence = record.sequence().as_ref().iter();
                let bases: Vec<u8> = sequence.map(|it| reference::sequence_letter(*it)).collect();
                prop_assert_eq!(stretch(&fasta, contig, from, to), bases);
            }
        }
        Ok(())
    });
}
