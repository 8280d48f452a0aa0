//! The bases of an indexed FASTA file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use quick_cache::sync::Cache;
use rustc_hash::FxBuildHasher;

use super::bytes::{Bytes, changed};
use super::index::{Contig, FastaIndex, Stamp};
use crate::model::reference::{BLOCK_BASES, sequence_letter};
use crate::model::{Reference, Result};

/// Bytes of bases that are kept in memory.
const CACHE_BYTES: usize = 64 << 20;

/// A FASTA file whose layout is known.
#[derive(Debug)]
pub struct Fasta {
    path: PathBuf,
    index: FastaIndex,
    numbers: HashMap<Vec<u8>, usize, FxBuildHasher>,
    bytes: Bytes,
    /// Blocks of bases that were read lately, by their contig and their number in it.
    cache: Cache<(usize, u64), Arc<[u8]>>,
}

impl Fasta {
    /// Opens a file that was indexed. [`Unreadable`](crate::model::ErrorKind::Unreadable) where it
    /// is not there any more.
    pub fn open(path: &Path, index: FastaIndex) -> Result<Self> {
        let bytes = Bytes::open(path).map_err(|error| error.with("file", path.display()))?;
        let numbers = index.contigs.iter().enumerate();
        let numbers = numbers.map(|(number, it)| (it.name.as_bytes().to_vec(), number)).collect();
        let cache = Cache::new(CACHE_BYTES / BLOCK_BASES);
        Ok(Self { path: path.to_owned(), index, numbers, bytes, cache })
    }

    /// The layout.
    pub fn index(&self) -> &FastaIndex {
        &self.index
    }

    /// Whether size and time of the file are still those of the index.
    pub fn is_untouched(&self) -> Result<bool> {
        let metadata = self.bytes.metadata();
        let metadata = metadata.map_err(|error| error.with("file", self.path.display()))?;
        Ok(Stamp::of(&metadata) == self.index.stamp)
    }

    fn read(&self, contig: &Contig, from: u64, to: u64) -> Result<Arc<[u8]>> {
        let place = |base: u64| {
            contig.offset + base / contig.line_bases * contig.line_width + base % contig.line_bases
        };
        // The end of a line belongs to the line, so that it is looked at, too.
        let end = place(to - 1) + 1;
        let blocks = self.index.blocks.as_deref();
        let text = self.bytes.stretch(place(from), end, blocks)?;
        let mut bases = Vec::with_capacity(usize::try_from(to - from).unwrap_or_default());
        let mut rest = text.as_slice();
        let mut in_line = contig.line_bases - from % contig.line_bases;
        while !rest.is_empty() {
            let count = usize::try_from(in_line).unwrap_or(usize::MAX).min(rest.len());
            let (line, after) = rest.split_at(count);
            if !line.iter().all(|it| it.is_ascii_alphabetic() || matches!(it, b'*' | b'-')) {
                return Err(changed("there are no bases where there were"));
            }
            bases.extend(line.iter().map(|it| sequence_letter(*it)));
            rest = after;
            if !rest.is_empty() {
                let width = usize::try_from(contig.line_width - contig.line_bases).unwrap_or(1);
                let ended = rest.split_at_checked(width);
                let ended = ended.filter(|it| matches!(it.0, b"\n" | b"\r\n"));
                rest = ended.ok_or_else(|| changed("its lines end elsewhere"))?.1;
            }
            in_line = contig.line_bases;
        }
        Ok(bases.into())
    }
}

impl Reference for Fasta {
    fn contig(&self, name: &[u8]) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    fn length(&self, contig: usize) -> u64 {
        self.index.contigs.get(contig).map_or(0, |it| it.length)
    }

    fn block(&self, contig: usize, block: u64) -> Result<Arc<[u8]>> {
        if let Some(block) = self.cache.get(&(contig, block)) {
            return Ok(block);
        }
        let Some(it) = self.index.contigs.get(contig) else { return Ok(Arc::from([])) };
        let from = block.saturating_mul(BLOCK_BASES as u64).min(it.length);
        let to = from.saturating_add(BLOCK_BASES as u64).min(it.length);
        if from == to {
            return Ok(Arc::from([]));
        }
        let bases = self.read(it, from, to).map_err(|error| {
            error.with("file", self.path.display()).with("contig", &it.name).with("base", from + 1)
        })?;
        self.cache.insert((contig, block), Arc::clone(&bases));
        Ok(bases)
    }
}
