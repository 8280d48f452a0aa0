//! Checksums of a file's blocks: whoever reads a part of it can tell whether that is what was
//! written.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Bytes in a block, but for the last one of a file.
const BLOCK: u64 = 64 << 10;
/// Bytes that a checksum takes where they are kept as bytes.
const WIDTH: usize = size_of::<u32>();

/// The CRC32C of each 64 KiB of a file, from its beginning to its end.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BlockChecksums(Arc<[u32]>);

impl BlockChecksums {
    /// Those of a file with these bytes.
    pub fn of(content: &[u8]) -> Self {
        let mut hasher = BlockHasher::default();
        hasher.update(content);
        hasher.finish()
    }

    /// What [`BlockChecksums::to_bytes`] gave, for a file of `size` bytes; none where it cannot be
    /// of such a file.
    pub fn from_bytes(bytes: &[u8], size: u64) -> Option<Self> {
        let (sums, rest) = bytes.as_chunks::<WIDTH>();
        let fits = rest.is_empty() && sums.len() as u64 == size.div_ceil(BLOCK);
        fits.then(|| Self(sums.iter().map(|it| u32::from_le_bytes(*it)).collect()))
    }

    /// All checksums in order, four bytes each, the lowest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|it| it.to_le_bytes()).collect()
    }

    /// The whole blocks that cover a range of a file of `size` bytes.
    pub fn blocks_around(range: &Range<u64>, size: u64) -> Range<u64> {
        range.start / BLOCK * BLOCK..(range.end.div_ceil(BLOCK) * BLOCK).min(size)
    }

    /// Where a block is in the file that is not as it was written. `bytes` are whole blocks, the
    /// first of which begins at `start`.
    pub fn first_damage(&self, start: u64, bytes: &[u8]) -> Option<Range<u64>> {
        let mut at = start;
        for block in bytes.chunks(usize::try_from(BLOCK).unwrap_or(usize::MAX)) {
            let end = at + block.len() as u64;
            let written = usize::try_from(at / BLOCK).ok().and_then(|it| self.0.get(it));
            if written != Some(&crc32c::crc32c(block)) {
                return Some(at..end);
            }
            at = end;
        }
        None
    }

    /// Where the blocks are that differ from those of `other`, adjoining ones as one range.
    pub fn differences(&self, other: &Self) -> Vec<Range<u64>> {
        let mut found: Vec<Range<u64>> = Vec::new();
        for index in 0..self.0.len().max(other.0.len()) {
            if self.0.get(index) == other.0.get(index) {
                continue;
            }
            let start = index as u64 * BLOCK;
            match found.last_mut().filter(|it| it.end == start) {
                Some(last) => last.end += BLOCK,
                None => found.push(start..start + BLOCK),
            }
        }
        found
    }
}

/// A million of them tell nobody anything.
impl fmt::Debug for BlockChecksums {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "BlockChecksums({} blocks)", self.0.len())
    }
}

/// Makes the checksums of a file whose bytes come piece by piece.
#[derive(Debug, Default)]
pub struct BlockHasher {
    done: Vec<u32>,
    /// The checksum of what came of the block that is under way, and how much that was.
    current: u32,
    filled: usize,
}

impl BlockHasher {
    /// Takes the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        let block = usize::try_from(BLOCK).unwrap_or(usize::MAX);
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(block - self.filled));
            self.current = crc32c::crc32c_append(self.current, now);
            self.filled += now.len();
            if self.filled == block {
                self.end_block();
            }
            bytes = later;
        }
    }

    /// The checksums of all that came.
    pub fn finish(mut self) -> BlockChecksums {
        if self.filled > 0 {
            self.end_block();
        }
        BlockChecksums(self.done.into())
    }

    fn end_block(&mut self) {
        self.done.push(std::mem::take(&mut self.current));
        self.filled = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Vec<u8> {
        (0..=250).cycle().take(200_000).collect()
    }

    #[test]
    fn pieces_give_what_the_whole_gives() {
        let content = content();
        for size in [1, 7, 65_535, 65_536, 65_537, 200_000] {
            let mut hasher = BlockHasher::default();
            content.chunks(size).for_each(|it| hasher.update(it));
            assert_eq!(hasher.finish(), BlockChecksums::of(&content), "{size}");
        }
        // RFC 3720, B.4: 32 bytes of zeros.
        assert_eq!(BlockChecksums::of(&[0; 32]).to_bytes(), [0xaa, 0x36, 0x91, 0x8a]);
    }

    #[test]
    fn what_is_kept_is_of_a_file_of_its_size() {
        for size in [0, 1, 65_536, 65_537, 200_000] {
            let sums = BlockChecksums::of(&content()[..size]);
            let kept = sums.to_bytes();
            assert_eq!(BlockChecksums::from_bytes(&kept, size as u64), Some(sums), "{size}");
            assert_eq!(BlockChecksums::from_bytes(&kept, size as u64 + 65_536), None);
        }
        assert_eq!(BlockChecksums::from_bytes(&[1, 2, 3], 1), None);
    }

    #[test]
    fn each_byte_of_a_range_counts_and_no_other() {
        let mut bytes = content();
        let (sums, size) = (BlockChecksums::of(&bytes), bytes.len() as u64);
        let around = BlockChecksums::blocks_around(&(70_000..70_010), size);
        assert_eq!(around, 65_536..131_072);
        assert_eq!(BlockChecksums::blocks_around(&(199_990..200_000), size), 196_608..200_000);
        assert_eq!(sums.first_damage(65_536, &bytes[65_536..]), None);
        bytes[131_071] ^= 1;
        assert_eq!(sums.first_damage(0, &bytes), Some(65_536..131_072));
        assert_eq!(sums.first_damage(131_072, &bytes[131_072..]), None);
        assert_eq!(sums.first_damage(196_608, &bytes[196_608..199_999]), Some(196_608..199_999));
        assert!(sums.first_damage(262_144, b"more").is_some());
        bytes[65_535] ^= 1;
        bytes.pop();
        assert_eq!(sums.differences(&BlockChecksums::of(&bytes)), [0..131_072, 196_608..262_144]);
    }
}
