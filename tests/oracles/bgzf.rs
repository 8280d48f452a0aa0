//! What noodles-bgzf writes, our reader reads: blocks of every size and level, empty ones between.

use std::fs;
use std::io::Write as _;

use annostore::read::Pipe;
use annostore::read::source::Source;
use noodles::bgzf::io::writer::{Builder, CompressionLevel};
use proptest::prelude::*;

/// A BGZF file of these pieces, with the end of a block after each.
pub fn compressed(pieces: &[&[u8]], level: u8) -> Vec<u8> {
    let level = CompressionLevel::new(level).unwrap();
    let builder = Builder::default().set_compression_level(level);
    let mut writer = builder.build_from_writer(Vec::new());
    for piece in pieces {
        writer.write_all(piece).unwrap();
        writer.flush().unwrap();
    }
    writer.finish().unwrap()
}

/// Pieces of text, some of them longer than a block.
fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = proptest::collection::vec(1_u8.., 0..300);
    // What is repeated compresses so that a file has few bytes and many blocks.
    let piece = (line, prop_oneof![4 => 1_usize..3, 1 => 300_usize..2000]);
    proptest::collection::vec(piece.prop_map(|(line, times)| line.repeat(times)), 1..8)
}

#[test]
fn blocks_of_noodles_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it.gz");
    let inputs = (pieces(), 0_u8..10, 1_usize..100_000);
    crate::check(64, &inputs, |(pieces, level, chunk)| {
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        fs::write(&path, compressed(&pieces, level)).unwrap();
        let pipe = Pipe::new(Some(2), chunk).unwrap();
        let source = Source::open(path.to_str().unwrap(), &pipe.meter).unwrap();
        let texts = source.texts(&pipe).map(|it| it.unwrap().bytes().to_vec());
        prop_assert_eq!(texts.collect::<Vec<_>>().concat(), pieces.concat());
        Ok(())
    });
}
