//! The part of a BGZF file in some regions, where an index of tabix or CSI lies beside it.

use std::fs::{self, File};
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use noodles_bgzf::VirtualPosition;
use noodles_core::Position;
use noodles_core::region::Interval;
use noodles_csi::BinningIndex;
use noodles_csi::binning_index::index::reference_sequence::Bin;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_csi::binning_index::index::{Index, ReferenceSequence, reference_sequence};
use noodles_csi::binning_index::merge_chunks;

use crate::model::Result;
use crate::query::region::{Region, unknown_contig};
use crate::read::bcf;
use crate::read::source::Object;

/// The most bytes of a line that are looked at for its contig.
const LONGEST_START: u64 = 64 << 10;

/// The first lines of a file and the lines in regions, inflated.
struct IndexedPart {
    path: String,
    /// From where to where it goes in the file, in order.
    chunks: Vec<Chunk>,
}

/// The part of a file that holds all lines in the regions, and its first lines; none where no
/// index tells, so that all of the file has to be read. An error for a contig without lines.
pub fn part_in(path: &str, regions: &[Region]) -> Result<Option<Arc<dyn Object>>> {
    let Some(index) = FileIndex::beside(path) else { return Ok(None) };
    let is_known = |it: &Region| index.contigs().any(|contig| contig == it.contig);
    match regions.iter().find(|it| !is_known(it)) {
        Some(region) => Err(unknown_contig(region, index.contigs())),
        None => Ok(index.part(regions)),
    }
}

/// The index that lies beside a BGZF file.
pub struct FileIndex {
    path: String,
    index: Box<dyn BinningIndex>,
    /// The contigs by their numbers; none for those without lines.
    contigs: Vec<Option<String>>,
    /// Where the first line on a contig begins.
    begin: VirtualPosition,
}

impl FileIndex {
    /// The index beside a file; none where there is none, or where it is older than the file.
    pub fn beside(path: &str) -> Option<Self> {
        let (index, begins) = index_of(path)?;
        let names: Vec<Option<String>> = match index.header() {
            Some(header) => header
                .reference_sequence_names()
                .iter()
                .map(|it| str::from_utf8(it).ok().map(str::to_owned))
                .collect(),
            // That of BCF, whose header has the names.
            None => bcf::contigs(blocks(path).ok()?).ok()?,
        };
        let begin = begins.iter().flatten().min().copied()?;
        let contigs = names.into_iter().zip(begins).map(|(name, begin)| begin.and(name));
        Some(Self { path: path.to_owned(), index, contigs: contigs.collect(), begin })
    }

    /// The contigs with lines.
    pub fn contigs(&self) -> impl Iterator<Item = &str> {
        self.contigs.iter().flatten().map(String::as_str)
    }

    /// The part of the file that holds its first lines and all those in the regions, on contigs
    /// with lines; none where the index cannot tell, or tells what is not so.
    pub fn part(&self, regions: &[Region]) -> Option<Arc<dyn Object>> {
        let mut chunks = Vec::new();
        for region in regions {
            let is_it = |it: &Option<String>| it.as_ref() == Some(&region.contig);
            let contig = self.contigs.iter().position(is_it)?;
            let found = self.index.query(contig, interval(region)?).ok()?;
            if !found.iter().all(|it| self.begins_on(it, contig).unwrap_or(false)) {
                return None;
            }
            chunks.extend(found);
        }
        chunks.sort_by_key(Chunk::start);
        // What stands before all records are the first lines.
        let mut parts = vec![Chunk::new(VirtualPosition::MIN, self.begin)];
        parts.extend(merge_chunks(&chunks));
        Some(Arc::new(IndexedPart { path: self.path.clone(), chunks: parts }))
    }

    /// Whether a line on the contig stands where the index says that one does. It does not where
    /// the index belongs to another file, or to what this one was before.
    fn begins_on(&self, chunk: &Chunk, contig: usize) -> io::Result<bool> {
        let mut reader = blocks(&self.path)?;
        reader.seek(chunk.start())?;
        let Some(header) = self.index.header() else {
            let mut start = [0; bcf::LENGTHS + 4];
            reader.read_exact(&mut start)?;
            let number = start.last_chunk().map(|it| i32::from_le_bytes(*it));
            return Ok(number.is_some_and(|it| usize::try_from(it) == Ok(contig)));
        };
        let mut line = Vec::new();
        reader.take(LONGEST_START).read_until(b'\n', &mut line)?;
        let name = line.split(|it| *it == b'\t').nth(header.reference_sequence_name_index());
        Ok(name == self.contigs[contig].as_ref().map(String::as_bytes))
    }
}

/// Where the lines of each contig begin; none where it has none.
type Begins = Vec<Option<VirtualPosition>>;

/// The index beside a file, unless it is older than the file, and where the lines of each contig
/// begin.
fn index_of(path: &str) -> Option<(Box<dyn BinningIndex>, Begins)> {
    let changed = |path: &str| fs::metadata(path).and_then(|it| it.modified()).ok();
    let is_current = |index: &str| changed(index) >= changed(path) && Path::new(index).is_file();
    let (tbi, csi) = (format!("{path}.tbi"), format!("{path}.csi"));
    if is_current(&tbi) {
        let index = noodles_tabix::fs::read(tbi).ok()?;
        let begins = begins(&index);
        Some((Box::new(index), begins))
    } else if is_current(&csi) {
        let index = noodles_csi::fs::read(csi).ok()?;
        let begins = begins(&index);
        Some((Box::new(index), begins))
    } else {
        None
    }
}

fn begins<I: reference_sequence::Index>(index: &Index<I>) -> Begins {
    let begin = |of: &ReferenceSequence<I>| {
        of.bins().values().flat_map(Bin::chunks).map(Chunk::start).min()
    };
    index.reference_sequences().iter().map(begin).collect()
}

/// What inflates a file.
fn blocks(path: &str) -> io::Result<noodles_bgzf::io::Reader<File>> {
    File::open(path).map(noodles_bgzf::io::Reader::new)
}

/// The bases of a region with one more at each end: a row without length lies between two.
fn interval(region: &Region) -> Option<Interval> {
    let Some(bases) = region.bases else { return Some(Interval::from(Position::MIN..)) };
    let first = Position::try_from(usize::try_from(bases.start).unwrap_or(0).max(1)).ok()?;
    let last = usize::try_from(bases.end).ok()?.checked_add(1);
    // The end of all contigs.
    let Some(last) = last.filter(|it| *it < 1 << 29) else { return Some(Interval::from(first..)) };
    Some(Interval::from(first..=Position::try_from(last).ok()?))
}

impl Object for IndexedPart {
    fn name(&self) -> &str {
        &self.path
    }

    /// What is read of the file, about.
    fn length(&self) -> u64 {
        let compressed = |it: &Chunk| it.end().compressed().saturating_sub(it.start().compressed());
        self.chunks.iter().map(compressed).sum()
    }

    fn read_from(&self, at: u64) -> Box<dyn Read + Send> {
        match blocks(&self.path) {
            Ok(reader) => {
                let chunks = self.chunks.clone().into_iter();
                let mut lines = ChunkLines { reader, chunks, end: None };
                match io::copy(&mut lines.by_ref().take(at), &mut io::sink()) {
                    Ok(_) => Box::new(lines),
                    Err(error) => Box::new(Failed(Some(error))),
                }
            }
            Err(error) => Box::new(Failed(Some(error))),
        }
    }
}

/// The lines of chunks, one after the other.
struct ChunkLines {
    reader: noodles_bgzf::io::Reader<File>,
    chunks: std::vec::IntoIter<Chunk>,
    /// The end of the chunk under way.
    end: Option<VirtualPosition>,
}

impl Read for ChunkLines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(end) = self.end else {
                let Some(next) = self.chunks.next() else { return Ok(0) };
                self.reader.seek(next.start())?;
                self.end = Some(next.end());
                continue;
            };
            let bytes = self.reader.fill_buf()?;
            let (count, is_last) = (bytes.len(), bytes.is_empty());
            let at = self.reader.virtual_position();
            if is_last || at >= end {
                self.end = None;
                continue;
            }
            let mut room = count.min(buffer.len());
            if at.compressed() == end.compressed() {
                room = room.min(usize::from(end.uncompressed() - at.uncompressed()));
            }
            let bytes = self.reader.fill_buf()?;
            buffer[..room].copy_from_slice(&bytes[..room]);
            self.reader.consume(room);
            return Ok(room);
        }
    }
}

/// What fails as soon as it is read.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
