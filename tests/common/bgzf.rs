//! Writes BGZF and gzip, block by block, so that a test can break what it wants.

use libdeflater::{CompressionLvl, Compressor, Crc};

/// The empty block that ends a BGZF file, as the SAM specification prints it.
pub const END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0,
    0, 0,
];

/// Bytes of a block before its deflate stream.
pub const HEADER: usize = 18;

/// One BGZF block.
pub fn block(text: &[u8]) -> Vec<u8> {
    let (deflated, trailer) = deflated(text);
    let mut block = END[..16].to_vec();
    let length = HEADER + deflated.len() + trailer.len() - 1;
    block.extend(u16::try_from(length).unwrap().to_le_bytes());
    block.extend(deflated);
    block.extend(trailer);
    block
}

/// The blocks of a text that is cut every `size` bytes, and the end-of-file block.
pub fn blocks(text: &[u8], size: usize) -> Vec<Vec<u8>> {
    text.chunks(size).map(block).chain([END.to_vec()]).collect()
}

/// A whole BGZF file.
pub fn file(text: &[u8], size: usize) -> Vec<u8> {
    blocks(text, size).concat()
}

/// One gzip member.
pub fn gzip(text: &[u8]) -> Vec<u8> {
    let (deflated, trailer) = deflated(text);
    let mut member = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    member.extend(deflated);
    member.extend(trailer);
    member
}

/// The deflate stream, and CRC-32 and size as they stand behind it.
fn deflated(text: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut deflated = vec![0; compressor.deflate_compress_bound(text.len())];
    let length = compressor.deflate_compress(text, &mut deflated).unwrap();
    deflated.truncate(length);
    let mut crc = Crc::new();
    crc.update(text);
    let size = u32::try_from(text.len()).unwrap();
    (deflated, [crc.sum().to_le_bytes(), size.to_le_bytes()].concat())
}
