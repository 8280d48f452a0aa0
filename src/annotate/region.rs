//! The regions that records have to overlap.

use std::sync::Arc;

use super::record::Record;
use crate::model::contigs::plain_name;
use crate::query::{FileIndex, Region};
use crate::read::source::Object;

/// Regions, whose contigs may be spelled in any style; all records where there are none.
#[derive(Clone, Debug, Default)]
pub struct Regions(Vec<(Region, String)>);

impl Regions {
    /// These regions.
    pub fn new(regions: Vec<Region>) -> Self {
        let plain = |it: Region| {
            let plain = plain_name(&it.contig).into_owned();
            (it, plain)
        };
        Self(regions.into_iter().map(plain).collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The part of the file at a path that has all records in them, as the index beside it says;
    /// none where all of it has to be read.
    pub fn part_of(&self, path: &str) -> Option<Arc<dyn Object>> {
        if self.is_empty() {
            return None;
        }
        let index = FileIndex::beside(path)?;
        let named =
            |contig: &str, of: &Region| Region { contig: contig.to_owned(), bases: of.bases };
        let on = |contig| self.on(str::as_bytes(contig)).map(move |it| named(contig, it));
        let found: Vec<Region> = index.contigs().flat_map(on).collect();
        index.part(&found)
    }

    /// Those on a contig.
    fn on(&self, name: &[u8]) -> impl Iterator<Item = &Region> {
        let is_on = move |(region, plain): &&(Region, String)| {
            region.contig.as_bytes() == name
                || std::str::from_utf8(name).is_ok_and(|it| plain_name(it) == plain.as_str())
        };
        self.0.iter().filter(is_on).map(|it| &it.0)
    }

    /// Whether a record overlaps one of them.
    pub fn overlap(&self, text: &[u8], record: &Record) -> bool {
        self.on(&text[record.contig.clone()]).any(|region| {
            let Some(bases) = region.bases else { return true };
            record.start() < bases.end && record.end(text) > bases.start
        })
    }
}
