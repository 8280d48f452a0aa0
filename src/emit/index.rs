//! The index of a BGZF file: tabix, or CSI where tabix does not reach.

use std::io;

use noodles_bgzf::VirtualPosition;
use noodles_core::Position;
use noodles_csi as csi;
use noodles_csi::binning_index::Indexer;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_csi::binning_index::index::reference_sequence::index::{BinnedIndex, LinearIndex};
use noodles_tabix as tabix;
use rustc_hash::FxHashMap;

use super::bgzf::Blocks;
use super::places::{Place, Places};

/// The last position that a tabix index can hold.
const TABIX_END: u64 = 1 << 29;
/// The smallest window of an index, as a power of two, and the levels above it in CSI: positions of
/// VCF end before two to the 31.
const MIN_SHIFT: u8 = 14;
const DEPTH: u8 = 6;

/// What the lines of a piece cover, in their order.
#[derive(Debug, Default)]
pub struct Covered {
    contigs: Vec<Vec<u8>>,
    entries: Vec<IndexEntry>,
    /// Whether some line begins before the one before it, or has no place.
    is_unsorted: bool,
}

#[derive(Clone, Copy, Debug)]
struct IndexEntry {
    /// Which of the piece's contigs.
    contig: u32,
    /// One-based, both included.
    start: usize,
    end: usize,
    /// Offsets of its bytes: first within the text, then virtual.
    bytes: (u64, u64),
}

impl Covered {
    /// The next line: what it covers, and which bytes of the text it is.
    pub fn add(&mut self, place: Place<'_>, bytes: (usize, usize)) {
        if self.is_unsorted {
            return;
        }
        if self.contigs.last().is_none_or(|it| it != place.contig) {
            if self.contigs.iter().any(|it| it == place.contig) {
                return self.lose_order();
            }
            self.contigs.push(place.contig.to_vec());
        } else if self.entries.last().is_some_and(|it| it.start > place.start) {
            return self.lose_order();
        }
        let contig = u32::try_from(self.contigs.len() - 1).unwrap_or(u32::MAX);
        let bytes = (bytes.0 as u64, bytes.1 as u64);
        self.entries.push(IndexEntry { contig, start: place.start, end: place.end, bytes });
    }

    /// The file has no index.
    pub fn lose_order(&mut self) {
        *self = Self { is_unsorted: true, ..Self::default() };
    }

    /// Makes offsets in the text those in the blocks that it was compressed to.
    pub fn move_to(&mut self, blocks: &Blocks) {
        let mut block = 0;
        for entry in &mut self.entries {
            let mut offset = |at: u64| blocks.virtual_offset(at, &mut block);
            entry.bytes = (offset(entry.bytes.0), offset(entry.bytes.1));
        }
    }
}

/// Collects what a file's lines cover.
pub struct Index {
    places: Places,
    /// The contigs by their first line, and the number of each.
    names: Vec<Vec<u8>>,
    numbers: FxHashMap<Vec<u8>, usize>,
    tabix: Option<Indexer<LinearIndex>>,
    csi: Option<Indexer<BinnedIndex>>,
    /// The contigs of a BCF header, whose index numbers them so and names none.
    of_header: Option<Vec<String>>,
}

/// An index as a file.
pub struct IndexFile {
    /// What the name of the file has behind that of the indexed one.
    pub ending: &'static str,
    pub bytes: Vec<u8>,
}

impl Index {
    /// An empty index. `longest` is the length of the longest contig where that is known; where it
    /// is not, both kinds are made as long as both can be.
    pub fn new(places: Places, longest: Option<u64>, of_header: Option<Vec<String>>) -> Self {
        let fits = longest.is_none_or(|it| it < TABIX_END) && of_header.is_none();
        let only_tabix = fits && longest.is_some();
        Self {
            places,
            names: Vec::new(),
            numbers: FxHashMap::default(),
            tabix: fits.then(Indexer::default),
            csi: if only_tabix { None } else { Indexer::new(MIN_SHIFT, DEPTH) },
            of_header,
        }
    }

    /// Adds what a piece covers, which begins at this byte of the file; false once the lines have
    /// no order, or cover what no index can hold.
    pub fn add(&mut self, covered: &Covered, begins: u64) -> bool {
        let numbers: Option<Vec<usize>> =
            covered.contigs.iter().map(|it| self.number(it)).collect();
        let Some(numbers) = numbers.filter(|_| !covered.is_unsorted) else { return false };
        covered.entries.iter().all(|it| self.entry(it, &numbers, begins))
    }

    /// The number of a contig; none where another one came since.
    fn number(&mut self, contig: &[u8]) -> Option<usize> {
        if let Some(number) = self.numbers.get(contig) {
            return (number + 1 == self.names.len()).then_some(*number);
        }
        self.names.push(contig.to_vec());
        self.numbers.insert(contig.to_vec(), self.names.len() - 1);
        Some(self.names.len() - 1)
    }

    fn entry(&mut self, entry: &IndexEntry, numbers: &[usize], begins: u64) -> bool {
        let place = || {
            let contig = *numbers.get(entry.contig as usize)?;
            Some((contig, Position::new(entry.start)?, Position::new(entry.end)?, true))
        };
        let Some(place) = place() else { return false };
        let at = |offset: u64| VirtualPosition::from(offset + (begins << 16));
        let chunk = Chunk::new(at(entry.bytes.0), at(entry.bytes.1));
        if let Some(tabix) = &mut self.tabix
            && (entry.end as u64 >= TABIX_END || tabix.add_record(Some(place), chunk).is_err())
        {
            self.tabix = None;
        }
        if let Some(csi) = &mut self.csi
            && csi.add_record(Some(place), chunk).is_err()
        {
            self.csi = None;
        }
        self.tabix.is_some() || self.csi.is_some()
    }

    /// The index as it is to be written: tabix where that holds it.
    pub fn finish(mut self) -> io::Result<Option<IndexFile>> {
        if let Some(contigs) = self.of_header.take() {
            return self.of_bcf(&contigs);
        }
        let names = self.names.iter().map(|it| it.clone().into());
        let Some(header) = self.places.header(names.collect()) else { return Ok(None) };
        let count = self.names.len();
        if let Some(tabix) = self.tabix {
            let mut writer = tabix::io::Writer::new(Vec::new());
            writer.write_index(&tabix.set_header(header).build(count))?;
            let bytes = writer.into_inner().finish()?;
            return Ok(Some(IndexFile { ending: "tbi", bytes }));
        }
        let Some(csi) = self.csi else { return Ok(None) };
        written_csi(&csi.set_header(header).build(count)).map(Some)
    }

    /// That of BCF, whose contigs have the numbers of its header.
    fn of_bcf(self, contigs: &[String]) -> io::Result<Option<IndexFile>> {
        let Some(csi) = self.csi else { return Ok(None) };
        let index = csi.build(self.names.len());
        let by_line = index.reference_sequences();
        let of = |name: &String| self.numbers.get(name.as_bytes()).and_then(|it| by_line.get(*it));
        let ordered = contigs.iter().map(|it| of(it).cloned().unwrap_or_else(absent)).collect();
        let index = csi::Index::builder()
            .set_min_shift(MIN_SHIFT)
            .set_depth(DEPTH)
            .set_reference_sequences(ordered)
            .set_unplaced_unmapped_record_count(0)
            .build();
        written_csi(&index).map(Some)
    }
}

type Contig = csi::binning_index::index::ReferenceSequence<BinnedIndex>;

/// A contig without lines.
fn absent() -> Contig {
    Contig::new([].into_iter().collect(), BinnedIndex::default(), None)
}

fn written_csi(index: &csi::Index) -> io::Result<IndexFile> {
    let mut writer = csi::io::Writer::new(Vec::new());
    writer.write_index(index)?;
    let bytes = writer.into_inner().finish()?;
    Ok(IndexFile { ending: "csi", bytes })
}
