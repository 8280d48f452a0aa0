//! BGZF: gzip in blocks of at most 64 KiB, so that many threads can inflate one file.
//!
//! The container is checked as a whole: every block's header, length, inflated size and CRC, and
//! the empty block that has to end the file. Without that last check a file that was cut between
//! two blocks reads as a shorter sound file.

use std::cell::RefCell;
use std::io::{self, Read, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use libdeflater::{Crc, Decompressor};

use super::chunk::Text;
use super::gzip::{BehindEnd, MAGIC};
use super::spare;
use crate::model::{Error, ErrorKind, Result};

/// The empty block that ends a BGZF file (SAM specification, section 4.1.2).
pub const END_OF_FILE: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0,
    0, 0,
];

/// Bytes of a gzip header up to and including the length of its extra field.
const FIXED_HEADER: usize = 12;
/// Bytes after the deflate stream: CRC-32 and inflated size.
const TRAILER: usize = 8;
/// The most that a block may inflate to.
const MAX_BLOCK: usize = 1 << 16;

/// Bytes in the file from which on a group ends, whatever it inflates to.
const MAX_GROUP: usize = 4 << 20;

/// Whole blocks as they stand in the file, not inflated yet.
pub struct Blocks {
    /// The blocks, one after the other.
    bytes: Vec<u8>,
    /// What they inflate to, by their own word.
    inflated: usize,
    /// Where the first one begins in the file.
    offset: u64,
}

/// Whether the file's first bytes are those of a BGZF block: a gzip header with a `BC` extra field.
/// Also where the lengths in it contradict each other: that is a damaged block. As plain gzip it
/// could be skipped, as a part of a header that is too long.
pub fn is_bgzf(start: &[u8]) -> bool {
    told_length(start).is_some()
}

/// The whole length of the block that begins here, if this is a block.
fn block_length(bytes: &[u8]) -> Option<usize> {
    let whole = told_length(bytes)?;
    let head = FIXED_HEADER + extra_length(bytes);
    (head <= bytes.len() && whole >= head + TRAILER).then_some(whole)
}

/// What a header says is the length of its block, if it is one of BGZF.
fn told_length(bytes: &[u8]) -> Option<usize> {
    let fixed = bytes.get(..FIXED_HEADER)?;
    if fixed[..4] != [0x1f, 0x8b, 8, 4] {
        return None;
    }
    let mut rest = bytes.get(FIXED_HEADER..)?;
    rest = &rest[..rest.len().min(extra_length(fixed))];
    while let [one, two, low, high, tail @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        if (*one, *two, length) == (b'B', b'C', 2) {
            let [low, high, ..] = tail else { return None };
            return Some(usize::from(u16::from_le_bytes([*low, *high])) + 1);
        }
        rest = tail.get(length..)?;
    }
    None
}

fn extra_length(fixed: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([fixed[10], fixed[11]]))
}

/// Where a block lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockStart {
    /// Its first byte in the file.
    pub offset: u64,
    /// Its first byte in what the file inflates to.
    pub inflated: u64,
}

/// Finds the blocks of a BGZF file by their headers, without inflating them; the last one is the
/// end of the file.
pub fn block_starts(mut input: impl Read + Seek) -> Result<Vec<BlockStart>> {
    let mut starts = vec![BlockStart { offset: 0, inflated: 0 }];
    let mut here = starts[0];
    let mut head = Vec::new();
    loop {
        head.clear();
        let read = input.by_ref().take(FIXED_HEADER as u64).read_to_end(&mut head);
        if read.map_err(|error| unreadable(&error))? == 0 {
            return Ok(starts);
        }
        let extra = if head.len() == FIXED_HEADER { extra_length(&head) } else { 0 };
        let read = input.by_ref().take(extra as u64).read_to_end(&mut head);
        read.map_err(|error| unreadable(&error))?;
        let Some(length) = block_length(&head) else {
            return Err(damaged(here.offset, "this is no BGZF block"));
        };
        let mut size = [0; 4];
        let rest = i64::try_from(length - head.len() - size.len()).unwrap_or_default();
        input.seek_relative(rest).map_err(|error| unreadable(&error))?;
        if input.read_exact(&mut size).is_err() {
            return Err(cut(here.offset, "the file ends inside a block"));
        }
        here.offset += length as u64;
        here.inflated += u64::from(u32::from_le_bytes(size));
        starts.push(here);
    }
}

/// Inflates whole blocks that follow each other, of which the first begins at `offset` of the file
/// and all of which inflate to `inflated` bytes. An error where the bytes are not, or not any more,
/// such.
pub fn inflate_blocks(bytes: Vec<u8>, inflated: usize, offset: u64) -> Result<Text> {
    Blocks { bytes, inflated, offset }.inflate()
}

/// Reads a BGZF stream in groups of whole blocks.
pub struct BlockReader<R> {
    input: R,
    group_bytes: usize,
    offset: u64,
    ended_well: bool,
    done: bool,
    /// Set where the end-of-file block is missing; without it that is an error.
    missing_end: Option<Arc<AtomicBool>>,
}

impl<R: Read> BlockReader<R> {
    /// A reader whose groups inflate to at least `group_bytes`, but for the last one.
    pub fn new(input: R, group_bytes: usize) -> Self {
        let missing_end = None;
        Self { input, group_bytes, offset: 0, ended_well: false, done: false, missing_end }
    }

    /// Takes a file that ends behind a whole block without the end-of-file block, and tells it.
    #[must_use]
    pub fn telling_missing_end(mut self, missing: &Arc<AtomicBool>) -> Self {
        self.missing_end = Some(Arc::clone(missing));
        self
    }

    fn group(&mut self) -> Result<Option<Blocks>> {
        let room = self.group_bytes / 2;
        let mut group = Blocks { bytes: spare::emptied(room), inflated: 0, offset: self.offset };
        // Blocks that inflate to nothing must not make a group without end.
        while group.inflated < self.group_bytes && group.bytes.len() < MAX_GROUP {
            if !self.block(&mut group)? {
                self.done = true;
                match &self.missing_end {
                    _ if self.ended_well => {}
                    Some(missing) => missing.store(true, Ordering::Relaxed),
                    None => return Err(cut(self.offset, "the end-of-file block is missing")),
                }
                break;
            }
        }
        Ok((!group.bytes.is_empty()).then_some(group))
    }

    /// Appends the next block; false at the end of the file.
    fn block(&mut self, group: &mut Blocks) -> Result<bool> {
        let start = group.bytes.len();
        let offset = self.offset;
        let got = self.append(&mut group.bytes, FIXED_HEADER)?;
        if got == 0 {
            return Ok(false);
        }
        if self.ended_well && group.bytes[start] != MAGIC[0] {
            self.only_zeros(&group.bytes[start..])?;
            group.bytes.truncate(start);
            return Ok(false);
        }
        if got < FIXED_HEADER {
            return Err(cut(offset, "the file ends inside a block"));
        }
        let extra = extra_length(&group.bytes[start..]);
        if self.append(&mut group.bytes, extra)? < extra {
            return Err(cut(offset, "the file ends inside a block"));
        }
        let Some(length) = block_length(&group.bytes[start..]) else {
            return Err(damaged(offset, "this is no BGZF block"));
        };
        let rest = length - (group.bytes.len() - start);
        if self.append(&mut group.bytes, rest)? < rest {
            return Err(cut(offset, "the file ends inside a block"));
        }
        let block = &group.bytes[start..];
        self.ended_well = block == END_OF_FILE;
        let size = u32::from_le_bytes(last_four(block)) as usize;
        if size > MAX_BLOCK {
            return Err(damaged(offset, "a block claims to inflate to more than 64 KiB"));
        }
        group.inflated += size;
        Ok(true)
    }

    /// Reads the rest of the file, which is no damage where it is filled up with zeros.
    fn only_zeros(&mut self, begun: &[u8]) -> Result<()> {
        let mut some = begun.to_vec();
        while !some.is_empty() {
            if some.iter().any(|it| *it != 0) {
                return Err(behind_end());
            }
            some.clear();
            self.append(&mut some, MAX_BLOCK)?;
        }
        Ok(())
    }

    /// Reads up to `count` bytes onto the end of `bytes` and says how many there were.
    fn append(&mut self, bytes: &mut Vec<u8>, count: usize) -> Result<usize> {
        let got = self
            .input
            .by_ref()
            .take(count as u64)
            .read_to_end(bytes)
            .map_err(|error| unreadable(&error))?;
        self.offset += got as u64;
        Ok(got)
    }
}

impl<R: Read> Iterator for BlockReader<R> {
    type Item = Result<Blocks>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let group = self.group();
        self.done |= group.is_err();
        group.transpose()
    }
}

impl Blocks {
    /// Inflates the blocks one after the other.
    pub fn inflate(self) -> Result<Text> {
        thread_local! {
            static DECOMPRESSOR: RefCell<Decompressor> = RefCell::new(Decompressor::new());
        }
        let text = DECOMPRESSOR.with_borrow_mut(|decompressor| self.inflate_with(decompressor));
        spare::give_back(self.bytes);
        text
    }

    fn inflate_with(&self, decompressor: &mut Decompressor) -> Result<Text> {
        let mut text = Text::with_room(self.inflated);
        let mut from = 0;
        let mut to = 0;
        while from < self.bytes.len() {
            let offset = self.offset + from as u64;
            let block = &self.bytes[from..];
            let length =
                block_length(block).ok_or_else(|| damaged(offset, "this is no BGZF block"))?;
            let block = block.get(..length).ok_or_else(|| cut(offset, "a block has no end"))?;
            let size = u32::from_le_bytes(last_four(block)) as usize;
            let Some(out) = text.room_mut()[to..].get_mut(..size) else {
                return Err(damaged(offset, "the blocks inflate to more than is known of them"));
            };
            inflate_block(decompressor, block, out).map_err(|error| error.with("byte", offset))?;
            from += length;
            to += size;
        }
        if to < self.inflated {
            return Err(damaged(self.offset, "the blocks inflate to less than is known of them"));
        }
        Ok(text)
    }
}

/// Inflates a whole block to as many bytes as it says that it has.
fn inflate_block(decompressor: &mut Decompressor, block: &[u8], out: &mut [u8]) -> Result<()> {
    let trailer = block.len() - TRAILER;
    let deflated = &block[FIXED_HEADER + extra_length(block)..trailer];
    let written = decompressor
        .deflate_decompress(deflated, out)
        .map_err(|error| damage("a block does not inflate").with_source(error))?;
    if written != out.len() {
        return Err(damage("a block inflates to another size than it says"));
    }
    let mut crc = Crc::new();
    crc.update(out);
    if block[trailer..].first_chunk() != Some(&crc.sum().to_le_bytes()) {
        return Err(damage("the checksum of a block is wrong"));
    }
    Ok(())
}

fn last_four(block: &[u8]) -> [u8; 4] {
    block.last_chunk::<4>().copied().unwrap_or_default()
}

/// Something stands behind the end of a compressed file.
pub fn behind_end() -> Error {
    Error::new(ErrorKind::Unreadable, BehindEnd.to_string()).with_help(
        "compare the file with its origin; if what it inflates to is whole, \
         `gzip -dc FILE | bgzip > NEW` leaves out what stands behind it",
    )
}

fn cut(offset: u64, what: &str) -> Error {
    Error::new(ErrorKind::Unreadable, format!("the BGZF file is cut: {what}"))
        .with("byte", offset)
        .with_help("copy or download the file again; what is here is not all of it")
}

fn damaged(offset: u64, what: &str) -> Error {
    damage(what).with("byte", offset)
}

fn damage(what: &str) -> Error {
    Error::new(ErrorKind::Unreadable, format!("the BGZF file is damaged: {what}"))
        .with_help("copy or download the file again and compare its checksum with the origin's")
}

/// A read error that is no fault of the content.
pub(in crate::read) fn unreadable(error: &io::Error) -> Error {
    Error::new(ErrorKind::Unreadable, format!("cannot read: {error}"))
}

#[cfg(test)]
mod tests {
    use libdeflater::{CompressionLvl, Compressor};

    use super::*;

    /// One block.
    fn block(text: &[u8]) -> Vec<u8> {
        let mut compressor = Compressor::new(CompressionLvl::default());
        let mut deflated = vec![0; compressor.deflate_compress_bound(text.len())];
        let length = compressor.deflate_compress(text, &mut deflated).unwrap();
        let mut crc = Crc::new();
        crc.update(text);
        let whole = u16::try_from(FIXED_HEADER + 6 + length + TRAILER - 1).unwrap();
        let size = u32::try_from(text.len()).unwrap();
        let head = &END_OF_FILE[..16];
        let trailer = [crc.sum().to_le_bytes(), size.to_le_bytes()].concat();
        [head, &whole.to_le_bytes(), &deflated[..length], &trailer].concat()
    }

    #[test]
    fn blocks_that_are_not_what_they_were_are_an_error() {
        let one = block(&[b'A'; 100]);
        let two = [&one[..], &one].concat();
        assert_eq!(inflate_blocks(two.clone(), 200, 0).unwrap().bytes(), [b'A'; 200]);
        let cases = [
            (one.clone(), 50, "more than is known"),
            (one.clone(), 150, "less than is known"),
            (two.clone(), 100, "more than is known"),
            (one[..one.len() - 1].to_vec(), 100, "is cut"),
            (two[..two.len() - 5].to_vec(), 200, "is cut"),
            (one[..10].to_vec(), 100, "no BGZF block"),
            (vec![b'A'; 100], 100, "no BGZF block"),
        ];
        for (bytes, inflated, what) in cases {
            let error = inflate_blocks(bytes, inflated, 7).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unreadable);
            assert!(error.message().contains(what) && error.help().is_some(), "{error}");
        }
    }

    /// With a header so long that the deflate stream begins in the end-of-file block, it would be
    /// plain gzip of nothing.
    #[test]
    fn a_block_whose_header_is_too_long_is_not_skipped() {
        let text = [b'A'; 100];
        let whole = [&block(&text)[..], &END_OF_FILE].concat();
        for length in 6..=u16::MAX {
            let mut file = whole.clone();
            file[10..12].copy_from_slice(&length.to_le_bytes());
            assert!(is_bgzf(&file));
            let blocks = BlockReader::new(file.as_slice(), 1);
            let read: Result<Vec<_>> = blocks.map(|it| it.and_then(Blocks::inflate)).collect();
            assert_eq!(read.is_ok(), length == 6, "{length}");
        }
    }

    #[test]
    fn blocks_that_inflate_to_nothing_come_in_groups_too() {
        let file = END_OF_FILE.repeat(MAX_GROUP / 10);
        let groups: Vec<_> = BlockReader::new(file.as_slice(), 1).map(Result::unwrap).collect();
        assert_eq!(groups.iter().map(|it| it.bytes.len()).sum::<usize>(), file.len());
        assert!(groups.iter().all(|it| it.bytes.len() < MAX_GROUP + END_OF_FILE.len()));
    }
}
