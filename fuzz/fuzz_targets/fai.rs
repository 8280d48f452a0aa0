//! A FASTA file with a `.fai` beside it, which changes nothing of what is read: it is the index of
//! the file, or said to be another.
#![no_main]

use std::fs;
use std::path::Path;

use annostore::read::fasta::{self, Digests, compare_fai};
use annostore_fuzz::in_all_ways;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Pair<'a> {
    fasta: &'a [u8],
    fai: &'a [u8],
}

fuzz_target!(|pair: Pair| {
    in_all_ways(pair.fasta, "input.fa", |path, pipe| {
        fs::write(format!("{path}.fai"), pair.fai).expect("the folder can be written");
        let Ok(index) = fasta::index(path, pipe, Digests::None) else { return };
        if compare_fai(Path::new(path), &index).is_some() {
            return;
        }
        let text = String::from_utf8_lossy(pair.fai);
        let lines: Vec<&str> = text.lines().filter(|it| !it.is_empty()).collect();
        assert_eq!(lines.len(), index.contigs.len());
        for (line, contig) in lines.iter().zip(&index.contigs) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields[0], contig.name);
            assert_eq!(fields[1].parse(), Ok(contig.length));
        }
    });
});
