//! The rows of a version by their place: those that some records of another file are of.
//!
//! ```text
//!  footers ─► open: blocks of rows ─► stretches: contig and positions to blocks
//!                                              │
//!  a record ──────────────────────────────────►├─► cache ─► block ─► values
//! ```
//!
//! A block is a page of the column of starts, or a part of one. It is read by the worker that first
//! needs it, with the columns that are asked for and no others, and kept as long as there is room:
//! so sorted records have each block read once, others more often, and memory is bounded.

mod alleles;
mod block;
mod ends;
mod layout;
mod open;
mod stretches;
mod values;

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use rustc_hash::FxBuildHasher;

use crate::catalog::DataFile;
use crate::model::{Reference, Result};

pub use alleles::{AlleleAt, Change, Normal, same};
pub use block::Block;
pub use ends::RowEnds;
pub use layout::{EndColumns, Layout};
pub use stretches::{ContigRows, Contigs};
pub use values::{CODES, EntryValue, FieldValues, KEPT_CODES, RowValues};

use open::OpenVersion;

/// Bases to the left and to the right within which the one form of a variant is looked for.
pub const REACH: i64 = 10_000;

/// Bytes of blocks that are kept.
const CACHE_BYTES: u64 = 128 << 20;
/// Blocks that the cache begins with room for: few, so that it is one whole.
const CACHE_ITEMS: usize = 31;
/// Blocks that a worker holds on to.
const HELD: usize = 4;

/// The blocks of all versions that are looked into.
pub type Blocks = Cache<(usize, u32), Arc<Block>, BlockBytes, FxBuildHasher>;

/// Weighs blocks by their bytes.
#[derive(Clone, Debug)]
pub struct BlockBytes;

impl Weighter<(usize, u32), Arc<Block>> for BlockBytes {
    fn weight(&self, _: &(usize, u32), block: &Arc<Block>) -> u64 {
        block.bytes as u64
    }
}

/// A cache that is empty yet.
pub fn blocks() -> Arc<Blocks> {
    let lifecycle = DefaultLifecycle::default();
    Arc::new(Cache::with(CACHE_ITEMS, CACHE_BYTES, BlockBytes, FxBuildHasher, lifecycle))
}

/// A version whose rows are looked up.
pub struct Lookup {
    /// Its number among those that share the cache.
    number: usize,
    layout: Layout,
    opened: OpenVersion,
    reference: Option<Arc<dyn Reference>>,
    cache: Arc<Blocks>,
}

impl Lookup {
    /// Opens the files of a version. With a reference, alleles are compared in their one form.
    pub fn open(
        number: usize,
        files: &[DataFile],
        layout: Layout,
        reference: Option<Arc<dyn Reference>>,
        cache: &Arc<Blocks>,
    ) -> Result<Self> {
        let opened = OpenVersion::new(files, &layout)?;
        Ok(Self { number, layout, opened, reference, cache: Arc::clone(cache) })
    }

    /// Its contigs.
    pub fn contigs(&self) -> &Contigs {
        &self.opened.contigs
    }

    /// What variants of a contig are put into their one form with, where that is asked for.
    pub fn normal(&self, contig: &[u8]) -> Option<Normal> {
        self.reference.as_ref().and_then(|it| Normal::on(it, contig))
    }

    /// Whether alleles are compared in their one form.
    pub fn has_reference(&self) -> bool {
        self.reference.is_some()
    }

    fn ends(&self, number: u32, columns: &EndColumns) -> Result<RowEnds> {
        let batch = self.opened.read_ends(&self.opened.blocks[number as usize], columns)?;
        RowEnds::new(&batch, columns)
    }

    fn block(&self, number: u32) -> Result<Arc<Block>> {
        self.cache.get_or_insert_with(&(self.number, number), || {
            let place = &self.opened.blocks[number as usize];
            let batch = self.opened.read(place)?;
            let runs = place.runs.iter().map(|(contig, rows)| {
                (rows.clone(), self.normal(self.contigs().name(*contig).as_bytes()))
            });
            Block::new(&batch, &self.layout, runs).map(Arc::new)
        })
    }
}

/// The blocks that a worker looks into.
pub struct Held<'a> {
    lookup: &'a Lookup,
    blocks: Vec<(u32, Arc<Block>)>,
}

impl<'a> Held<'a> {
    /// None yet.
    pub fn new(lookup: &'a Lookup) -> Self {
        Self { lookup, blocks: Vec::new() }
    }

    /// The place of a block among those held.
    pub fn hold(&mut self, number: u32) -> Result<usize> {
        if let Some(place) = self.blocks.iter().position(|it| it.0 == number) {
            return Ok(place);
        }
        self.blocks.push((number, self.lookup.block(number)?));
        Ok(self.blocks.len() - 1)
    }

    /// A block that is held.
    pub fn get(&self, place: usize) -> &Block {
        &self.blocks[place].1
    }

    /// Where the rows of a block that is held end; none where nothing says it.
    pub fn ends(&self, place: usize) -> Result<Option<&RowEnds>> {
        let Some(columns) = &self.lookup.layout.ends else { return Ok(None) };
        let (number, block) = &self.blocks[place];
        if let Some(ends) = block.row_ends.get() {
            return Ok(Some(ends));
        }
        let ends = self.lookup.ends(*number, columns)?;
        Ok(Some(block.row_ends.get_or_init(|| ends)))
    }

    /// Lets go of those that were needed first, where there are many.
    pub fn let_go(&mut self) {
        let many = self.blocks.len().saturating_sub(HELD);
        self.blocks.drain(..many);
    }
}
