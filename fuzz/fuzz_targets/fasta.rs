//! A FASTA file: where it can be indexed, its bases are those that stand in it.
#![no_main]

use std::path::Path;

use annostore::model::Reference;
use annostore::model::reference::{BLOCK_BASES, sequence_letter};
use annostore::read::fasta::{self, Digests, Fasta};
use annostore_fuzz::in_all_ways;
use libfuzzer_sys::fuzz_target;

/// The bases of each contig, read line by line.
fn contigs(text: &[u8]) -> Vec<Vec<u8>> {
    let mut contigs: Vec<Vec<u8>> = Vec::new();
    for line in text.split(|it| *it == b'\n') {
        if line.starts_with(b">") {
            contigs.push(Vec::new());
        } else if let Some(contig) = contigs.last_mut() {
            contig.extend(line.trim_ascii_end().iter().map(|it| sequence_letter(*it)));
        }
    }
    contigs
}

fn bases(fasta: &Fasta, contig: usize) -> Vec<u8> {
    let blocks = fasta.length(contig).div_ceil(BLOCK_BASES as u64);
    let block = |block| fasta.block(contig, block).expect("the file is what it was");
    (0..blocks).flat_map(|it| block(it).to_vec()).collect()
}

fuzz_target!(|text: &[u8]| {
    in_all_ways(text, "input.fa", |path, pipe| {
        let Ok(index) = fasta::index(path, pipe, Digests::Md5) else { return };
        let expected = contigs(text);
        assert_eq!(index.contigs.len(), expected.len());
        let fasta = Fasta::open(Path::new(path), index).expect("it was read before");
        for (contig, expected) in expected.iter().enumerate() {
            assert_eq!(bases(&fasta, contig), *expected, "contig {contig}");
        }
    });
});
