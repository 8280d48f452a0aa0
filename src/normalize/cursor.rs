//! A place in a reference that one thread reads around.

use std::sync::Arc;

use crate::model::reference::{BLOCK_BASES, concrete_base};
use crate::model::{Reference, Result};

/// The bases of one contig, of which the blocks that were read last are at hand.
pub struct Cursor {
    reference: Arc<dyn Reference>,
    name: Vec<u8>,
    /// None where the reference does not have the contig, or none was entered yet.
    contig: Option<usize>,
    length: u64,
    /// The block at hand and the one before it: alleles that are compared may lie in two.
    blocks: [(u64, Arc<[u8]>); 2],
}

/// The base of each letter. To look it up is cheaper than to work it out.
static CONCRETE: [u8; 256] = {
    let mut bases = [b'N'; 256];
    let mut letter: u8 = b'A';
    while letter <= b'Z' {
        bases[letter as usize] = concrete_base(letter);
        letter += 1;
    }
    bases
};

/// The number of no block.
const NO_BLOCK: u64 = u64::MAX;

impl Cursor {
    /// A cursor that is on no contig yet.
    pub fn new(reference: Arc<dyn Reference>) -> Self {
        let nothing = || (NO_BLOCK, Arc::from([]));
        Self {
            reference,
            name: Vec::new(),
            contig: None,
            length: 0,
            blocks: [nothing(), nothing()],
        }
    }

    /// Goes to a contig; false where the reference does not have it.
    pub fn enter(&mut self, name: &[u8]) -> bool {
        if self.name != name || name.is_empty() {
            self.name.clear();
            self.name.extend_from_slice(name);
            self.contig = self.reference.contig(name);
            self.length = self.contig.map_or(0, |it| self.reference.length(it));
            self.blocks.iter_mut().for_each(|it| it.0 = NO_BLOCK);
        }
        self.contig.is_some()
    }

    /// The reference.
    pub fn reference(&self) -> &dyn Reference {
        &*self.reference
    }

    /// The bases of the contig.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The base at a zero-based position, that of its ambiguity code where there is one; `N` beyond
    /// the contig.
    #[inline]
    pub fn base(&mut self, position: u64) -> Result<u8> {
        let (number, within) = place(position);
        if self.blocks[0].0 != number {
            self.turn_to(number)?;
        }
        Ok(self.blocks[0].1.get(within).map_or(b'N', |it| CONCRETE[usize::from(*it)]))
    }

    /// Appends the letters `from..to`, zero-based, ambiguity codes as they stand.
    pub fn append(&mut self, from: u64, to: u64, letters: &mut Vec<u8>) -> Result<()> {
        let mut at = from;
        let to = to.min(self.length);
        while at < to {
            let (number, within) = place(at);
            if self.blocks[0].0 != number {
                self.turn_to(number)?;
            }
            let block = &self.blocks[0].1;
            let count = block.len().saturating_sub(within);
            let count = count.min(usize::try_from(to - at).unwrap_or(usize::MAX));
            if count == 0 {
                break;
            }
            letters.extend_from_slice(&block[within..within + count]);
            at += count as u64;
        }
        Ok(())
    }

    fn turn_to(&mut self, number: u64) -> Result<()> {
        self.blocks.swap(0, 1);
        if self.blocks[0].0 != number {
            let block = match self.contig {
                Some(contig) => self.reference.block(contig, number)?,
                None => Arc::from([]),
            };
            self.blocks[0] = (number, block);
        }
        Ok(())
    }
}

/// The block of a position, and the place in it.
fn place(position: u64) -> (u64, usize) {
    let size = BLOCK_BASES as u64;
    (position / size, usize::try_from(position % size).unwrap_or_default())
}
