//! A data file that is held against its checksums before anybody sees a byte of it.

use std::fmt;
use std::ops::Range;
use std::slice;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;
use datafusion::datasource::listing::PartitionedFile;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload,
    PutResult, Result,
};

use crate::catalog::FilePlace;
use crate::model;
use crate::write::BlockChecksums;

/// What a reader has to know of a data file, beside its place and its size.
#[derive(Clone, Debug)]
pub struct Written {
    /// Where it lies.
    pub place: FilePlace,
    /// Checksums of its blocks; none of a file that an earlier program wrote.
    pub checksums: Option<BlockChecksums>,
}

/// The first block that was found to differ from what an import wrote, and its file. Errors of
/// footers come up as mere texts: this tells what is behind them.
#[derive(Debug, Default)]
pub struct Damage(OnceLock<(FilePlace, Range<u64>)>);

impl Damage {
    /// The damage as an error, where some was found.
    pub fn error(&self) -> Option<model::Error> {
        self.0.get().map(|(file, place)| {
            model::Error::new(
                model::ErrorKind::Storage,
                format!(
                    "a data file is damaged: its bytes {} to {} are not those of the import",
                    place.start,
                    place.end.saturating_sub(1)
                ),
            )
            .with("file", file)
        })
    }
}

/// One data file, which is read in whole blocks that are compared with their checksums; nothing
/// else can be done with it.
#[derive(Debug)]
pub struct CheckedFile {
    /// What is known of it.
    pub written: Written,
    /// Its size.
    pub bytes: u64,
    /// Where to leave what is found.
    pub damage: Arc<Damage>,
}

impl CheckedFile {
    async fn read(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        if let Some(range) = ranges.iter().find(|it| it.start > it.end || it.end > self.bytes) {
            return Err(failed(format!("{range:?} is not in {}", self.written.place)));
        }
        let Some(checksums) = &self.written.checksums else {
            return self.written.place.parts(ranges.to_vec()).await;
        };
        let around = |range: &Range<u64>| BlockChecksums::blocks_around(range, self.bytes);
        let blocks = joined(ranges.iter().map(around).collect());
        let parts = self.written.place.parts(blocks.clone()).await?;
        for (block, part) in blocks.iter().zip(&parts) {
            if let Some(place) = checksums.first_damage(block.start, part) {
                return Err(self.damaged(place));
            }
        }
        ranges.iter().map(|range| self.cut_out(range, &blocks, &parts)).collect()
    }

    fn cut_out(&self, range: &Range<u64>, blocks: &[Range<u64>], parts: &[Bytes]) -> Result<Bytes> {
        let index = blocks.partition_point(|it| it.start <= range.start).checked_sub(1);
        let found = index.and_then(|it| {
            let within = |at: u64| usize::try_from(at - blocks[it].start).ok();
            let (start, end) = (within(range.start)?, within(range.end)?);
            parts.get(it).filter(|part| end <= part.len()).map(|part| part.slice(start..end))
        });
        found.ok_or_else(|| failed(format!("{} was read in part only", self.written.place)))
    }

    fn damaged(&self, place: Range<u64>) -> Error {
        // Others may have found some of it before: one place is enough to tell.
        let _ = self.damage.0.set((self.written.place.clone(), place));
        match self.damage.error() {
            Some(error) => failed(error),
            None => failed("a data file is damaged"),
        }
    }
}

/// Ranges in order, those that overlap as one: parts of columns that lie side by side share a
/// block, which is read once.
fn joined(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_unstable_by_key(|it| (it.start, it.end));
    ranges.dedup_by(|next, last| {
        let joins = next.start < last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    ranges
}

fn failed(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Generic { store: "data file", source: source.into() }
}

fn refused(operation: &str) -> Error {
    Error::NotImplemented {
        operation: operation.to_owned(),
        implementer: "a data file that is only read".to_owned(),
    }
}

impl fmt::Display for CheckedFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.written.place)
    }
}

#[async_trait]
impl ObjectStore for CheckedFile {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let range = options.range.as_ref().map_or(Ok(0..self.bytes), |it| {
            it.as_range(self.bytes).map_err(|error| failed(error.to_string()))
        })?;
        let part =
            if options.head { Vec::new() } else { self.read(slice::from_ref(&range)).await? };
        let payload = GetResultPayload::Stream(stream::iter(part.into_iter().map(Ok)).boxed());
        let meta = PartitionedFile::new(location.to_string(), self.bytes).object_meta;
        Ok(GetResult { payload, meta, range, attributes: Attributes::new() })
    }

    async fn get_ranges(&self, _: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.read(ranges).await
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(refused("put"))
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Err(refused("put"))
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        stream::iter([Err(refused("delete"))]).boxed()
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        stream::iter([Err(refused("list"))]).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Err(refused("list"))
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(refused("copy"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_share_a_block_become_one() {
        let blocks = joined(vec![128..192, 0..64, 0..128, 192..256, 64..128, 0..0]);
        assert_eq!(blocks, [0..0, 0..128, 128..192, 192..256]);
    }
}
