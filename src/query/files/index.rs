//! The part of a BGZF file in some regions, where an index of tabix or CSI lies beside it.

use std::fs::{self, File};
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use noodles_bgzf::VirtualPosition;
use noodles_core::Position;
use noodles_core::region::Interval;
use noodles_csi::BinningIndex;
use noodles_csi::binning_index::index::Header;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_csi::binning_index::merge_chunks;

use crate::model::Result;
use crate::query::region::{Region, unknown_contig};
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
    let Some(index) = index_of(path) else { return Ok(None) };
    if let Some(names) = index.header().map(Header::reference_sequence_names) {
        let unknown = regions.iter().find(|it| !names.contains(it.contig.as_bytes()));
        if let Some(region) = unknown {
            let names = names.iter().filter_map(|it| str::from_utf8(it).ok());
            return Err(unknown_contig(region, names));
        }
    }
    Ok(indexed(path, index.as_ref(), regions))
}

fn indexed(path: &str, index: &dyn BinningIndex, regions: &[Region]) -> Option<Arc<dyn Object>> {
    let names = index.header()?.reference_sequence_names();
    let whole = Interval::from(Position::MIN..);
    // What stands before all records are the first lines.
    let begins = (0..names.len()).map(|it| index.query(it, whole)).collect::<io::Result<Vec<_>>>();
    let begin = begins.ok()?.into_iter().flatten().map(|it| it.start()).min()?;
    let mut chunks = Vec::new();
    for region in regions {
        let contig = names.get_index_of(region.contig.as_bytes())?;
        let found = index.query(contig, interval(region)?).ok()?;
        if !found.iter().all(|it| begins_on(path, it, index.header(), &region.contig)) {
            return None;
        }
        chunks.extend(found);
    }
    chunks.sort_by_key(Chunk::start);
    let mut parts = vec![Chunk::new(VirtualPosition::MIN, begin)];
    parts.extend(merge_chunks(&chunks));
    Some(Arc::new(IndexedPart { path: path.to_owned(), chunks: parts }))
}

/// The index beside a file, unless it is older than the file.
fn index_of(path: &str) -> Option<Box<dyn BinningIndex>> {
    let changed = |path: &str| fs::metadata(path).and_then(|it| it.modified()).ok();
    let is_current = |index: &str| changed(index) >= changed(path) && Path::new(index).is_file();
    let (tbi, csi) = (format!("{path}.tbi"), format!("{path}.csi"));
    if is_current(&tbi) {
        noodles_tabix::fs::read(tbi).ok().map(|it| Box::new(it) as _)
    } else if is_current(&csi) {
        noodles_csi::fs::read(csi).ok().map(|it| Box::new(it) as _)
    } else {
        None
    }
}

/// Whether a line on the contig stands where an index says that one does. It does not where the
/// index belongs to another file, or to what this one was before.
fn begins_on(path: &str, chunk: &Chunk, header: Option<&Header>, contig: &str) -> bool {
    let line = || -> io::Result<Vec<u8>> {
        let mut reader = File::open(path).map(noodles_bgzf::io::Reader::new)?;
        reader.seek(chunk.start())?;
        let mut line = Vec::new();
        reader.take(LONGEST_START).read_until(b'\n', &mut line)?;
        Ok(line)
    };
    let column = header.map_or(0, Header::reference_sequence_name_index);
    let is_there = |it: Vec<u8>| it.split(|it| *it == b'\t').nth(column) == Some(contig.as_bytes());
    line().is_ok_and(is_there)
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
        let reader = File::open(&self.path).map(noodles_bgzf::io::Reader::new);
        match reader {
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
