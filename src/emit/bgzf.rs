//! Bytes to BGZF blocks.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor, crc32};

use crate::model::{Error, Result};
use crate::read::spare;

/// The most bytes of text in a block, as in htslib: what deflate makes of the worst fits as well.
const BLOCK: usize = 0xff00;
/// A gzip header with the extra field `BC`, whose value, the length of the block less one, follows.
const HEAD: [u8; 16] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0];
/// Bytes of a block before the deflate stream, and behind it: checksum and length.
const AROUND: usize = HEAD.len() + 2 + 8;
/// That which htslib takes for its level 6: the result is no larger than bgzip's.
const LEVEL: i32 = 7;
/// That of who cannot wait for it.
const QUICK: i32 = 5;

/// Blocks, one behind the other, and where each begins: in them, and in what they inflate to.
#[derive(Debug, Default)]
pub struct Blocks {
    /// The blocks.
    pub bytes: Vec<u8>,
    starts: Vec<(u64, u64)>,
}

impl Blocks {
    /// The virtual offset of a byte of the text, as if the first block began its file. Offsets have
    /// to be asked for from the first to the last: `block` is where the search goes on.
    pub fn virtual_offset(&self, text: u64, block: &mut usize) -> u64 {
        while self.starts.get(*block + 1).is_some_and(|it| it.1 <= text) {
            *block += 1;
        }
        let (at, from) = self.starts.get(*block).copied().unwrap_or_default();
        (at << 16) | (text - from)
    }
}

/// How much effort goes into making blocks small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Much.
    #[default]
    Small,
    /// Less: two fifths of the time are saved, and the blocks are a twentieth larger.
    Quick,
}

/// Compresses text into blocks of like size.
pub fn compress(text: &[u8], effort: Effort) -> Result<Blocks> {
    thread_local! {
        static COMPRESSOR: RefCell<Option<(Effort, Compressor)>> = const { RefCell::new(None) };
    }
    COMPRESSOR.with_borrow_mut(|kept| {
        let fitting = kept.take().filter(|it| it.0 == effort);
        let (_, compressor) = match fitting {
            Some(it) => kept.insert(it),
            None => kept.insert((effort, Compressor::new(level(effort)?))),
        };
        compress_with(compressor, text)
    })
}

fn level(effort: Effort) -> Result<CompressionLvl> {
    let level = match effort {
        Effort::Small => LEVEL,
        Effort::Quick => QUICK,
    };
    CompressionLvl::new(level).map_err(|_| Error::internal("there is no such level of compression"))
}

fn compress_with(compressor: &mut Compressor, text: &[u8]) -> Result<Blocks> {
    let count = text.len().div_ceil(BLOCK).max(1);
    let mut blocks = Blocks { bytes: spare::emptied(text.len() / 3), starts: Vec::new() };
    let mut done = 0;
    for chunk in text.chunks(text.len().div_ceil(count).max(1)) {
        let start = blocks.bytes.len();
        blocks.starts.push((start as u64, done));
        let room = compressor.deflate_compress_bound(chunk.len());
        blocks.bytes.extend_from_slice(&HEAD);
        blocks.bytes.extend_from_slice(&[0; 2]);
        let from = blocks.bytes.len();
        blocks.bytes.resize(from + room, 0);
        let length = compressor
            .deflate_compress(chunk, &mut blocks.bytes[from..])
            .map_err(|error| Error::internal("cannot compress a block").with_source(error))?;
        blocks.bytes.truncate(from + length);
        let whole = u16::try_from(length + AROUND - 1)
            .map_err(|_| Error::internal("a block of BGZF became too long"))?;
        blocks.bytes[from - 2..from].copy_from_slice(&whole.to_le_bytes());
        blocks.bytes.extend_from_slice(&crc32(chunk).to_le_bytes());
        // At most `BLOCK`.
        let size = u32::try_from(chunk.len()).unwrap_or_default();
        blocks.bytes.extend_from_slice(&size.to_le_bytes());
        done += u64::from(size);
    }
    blocks.starts.push((blocks.bytes.len() as u64, done));
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::read::bgzf::{BlockReader, END_OF_FILE};

    fn inflated(blocks: &[u8]) -> Vec<u8> {
        let file = [blocks, &END_OF_FILE].concat();
        let groups = BlockReader::new(file.as_slice(), 1 << 16);
        let texts = groups.map(|it| it.unwrap().inflate().unwrap().bytes().to_vec());
        texts.collect::<Vec<_>>().concat()
    }

    #[test]
    fn blocks_inflate_to_what_they_were_made_of() {
        let mut random = vec![0; 3 * BLOCK + 5];
        let mut state = 1_u32;
        for byte in &mut random {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = state.to_be_bytes()[0];
        }
        for text in [&b""[..], b"x", &b"ab\n".repeat(100_000), &random] {
            let blocks = compress(text, Effort::Small).unwrap();
            assert_eq!(inflated(&blocks.bytes), text);
            let mut ours = Vec::new();
            let mut gz = flate2::read::MultiGzDecoder::new(blocks.bytes.as_slice());
            if !text.is_empty() {
                gz.read_to_end(&mut ours).unwrap();
                assert_eq!(ours, text);
            }
        }
    }

    #[test]
    fn a_virtual_offset_is_that_of_the_block_and_the_byte_in_it() {
        let text = b"0123456789".repeat(20_000);
        let blocks = compress(&text, Effort::Quick).unwrap();
        let mut block = 0;
        for at in (0..=text.len()).step_by(997).chain([text.len()]) {
            let offset = blocks.virtual_offset(at as u64, &mut block);
            let within = |it: u64| usize::try_from(it).unwrap();
            let (start, within) = (within(offset >> 16), within(offset & 0xffff));
            let rest = inflated(&blocks.bytes[start..]);
            assert_eq!(rest[within..], text[at..]);
        }
    }
}
