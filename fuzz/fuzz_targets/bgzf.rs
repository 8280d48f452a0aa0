//! A BGZF file of stored blocks: read whole, or an error where a byte of it was changed or its end
//! cut off, never other text.
#![no_main]

use std::cell::Cell;

use annostore::model::Result;
use annostore::read::Pipe;
use annostore::read::source::Source;
use annostore_fuzz::in_all_ways;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct File<'a> {
    blocks: Vec<&'a [u8]>,
    fault: Option<Fault>,
}

/// One at a time: a changed first header makes plain gzip of several members of the file, and a cut
/// between two of them cannot be told from its text alone.
#[derive(Arbitrary, Debug)]
enum Fault {
    /// The place of a byte, counted around, and what it becomes.
    Damage(u32, u8),
    /// How many bytes are left, counted around.
    Cut(u32),
}

/// The block that ends a file, byte for byte as the SAM specification prints it.
const END: &[u8] = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0\0";
/// The magic bytes, method and flags of the first block, which make the file a compressed one.
const MAGIC: usize = 4;

impl File<'_> {
    fn bytes(&self) -> Vec<u8> {
        let blocks = self.blocks.iter().filter(|it| !it.is_empty());
        let mut bytes: Vec<u8> = blocks.flat_map(|it| block(it)).collect();
        bytes.extend(END);
        let length = bytes.len() - MAGIC;
        match self.fault {
            Some(Fault::Damage(place, byte)) => bytes[MAGIC + place as usize % length] = byte,
            Some(Fault::Cut(left)) => bytes.truncate(MAGIC + left as usize % length),
            None => {}
        }
        bytes
    }
}

/// A block whose text stands in it as it is: deflate's stored form.
fn block(text: &[u8]) -> Vec<u8> {
    let text = &text[..text.len().min(60_000)];
    let length = u16::try_from(text.len()).expect("it was cut");
    let mut block = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0".to_vec();
    // The whole block, less one: 18 bytes before the deflate stream, 5 and the text in it, 8 after.
    block.extend((length + 30).to_le_bytes());
    block.push(1);
    block.extend(length.to_le_bytes());
    block.extend((!length).to_le_bytes());
    block.extend(text);
    block.extend(crc32(text).to_le_bytes());
    block.extend(u32::from(length).to_le_bytes());
    block
}

fn crc32(text: &[u8]) -> u32 {
    let bit = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    !text.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

fn text(path: &str, pipe: &Pipe) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    for piece in Source::open(path, &pipe.meter)?.texts(pipe) {
        text.extend(piece?.bytes());
    }
    Ok(text)
}

fuzz_target!(|file: File| {
    let bytes = file.bytes();
    let whole: Vec<u8> =
        file.blocks.iter().flat_map(|it| &it[..it.len().min(60_000)]).copied().collect();
    let is_whole = file.fault.is_none();
    // Files of other kinds are refused, compressed or not.
    let is_refused = Cell::new(false);
    in_all_ways(&whole, "plain", |path, pipe| {
        is_refused.set(is_refused.get() || text(path, pipe).is_err());
    });
    in_all_ways(&bytes, "input.gz", |path, pipe| match text(path, pipe) {
        Ok(text) => assert_eq!(text, whole),
        Err(error) => assert!(!is_whole || is_refused.get(), "{error}"),
    });
});
