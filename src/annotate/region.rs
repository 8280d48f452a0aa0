//! The regions that records have to overlap.

use super::record::Record;
use crate::model::contigs::plain_name;
use crate::query::Region;

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

    /// Whether a record overlaps one of them.
    pub fn overlap(&self, text: &[u8], record: &Record) -> bool {
        let name = &text[record.contig.clone()];
        let is_on = |(region, plain): &(Region, String)| {
            region.contig.as_bytes() == name
                || std::str::from_utf8(name).is_ok_and(|it| plain_name(it) == plain.as_str())
        };
        let mut on_contig = self.0.iter().filter(|it| is_on(it));
        on_contig.any(|(region, _)| {
            let Some(bases) = region.bases else { return true };
            record.start() < bases.end && record.end(text) > bases.start
        })
    }
}
