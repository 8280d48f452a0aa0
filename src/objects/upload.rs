//! An object that is written bit by bit: in parts with checksums, or at once where it is small.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bytes::Bytes;
use object_store::multipart::{MultipartStore as _, PartId};
use object_store::{Error, ObjectStoreExt as _};
use tokio::task::JoinHandle;

use super::bucket::Bucket;

/// Bytes of the first parts. S3 takes 5 MiB and more.
const PART: usize = 8 << 20;
/// Parts after which those that follow are twice as long, as S3 takes 10,000 of them.
const OF_A_LENGTH: usize = 2000;
/// Parts that are on their way at once, beside the one that is put together.
const UNDER_WAY: usize = 3;

/// An object on its way. Nobody sees it before it is finished; one that is dropped is given up.
#[derive(Debug)]
pub struct Upload {
    bucket: Arc<Bucket>,
    key: String,
    stop: Arc<AtomicBool>,
    /// The upload's id, once there is a part.
    id: Option<String>,
    part: Vec<u8>,
    under_way: VecDeque<JoinHandle<Result<PartId, Error>>>,
    parts: Vec<PartId>,
    /// Parts that were begun.
    begun: usize,
    bytes: u64,
    /// Whether there may be another object of this key.
    replaces: bool,
}

impl Upload {
    /// An object that nothing was written to yet. `stop` ends the waiting for the server.
    pub fn new(bucket: &Arc<Bucket>, key: &str, stop: &Arc<AtomicBool>) -> Self {
        Self {
            bucket: Arc::clone(bucket),
            key: key.to_owned(),
            stop: Arc::clone(stop),
            id: None,
            part: Vec::new(),
            under_way: VecDeque::new(),
            parts: Vec::new(),
            begun: 0,
            bytes: 0,
            replaces: false,
        }
    }

    /// One that may take the place of another object.
    #[must_use]
    pub fn replacing(mut self) -> Self {
        self.replaces = true;
        self
    }

    /// The id of the upload once there is one, by which it can be given up later.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn part_length(&self) -> usize {
        PART << (self.begun / OF_A_LENGTH)
    }

    /// Sends the part that is put together; the id of the upload comes first.
    fn send(&mut self) -> io::Result<()> {
        let (store, path) = (self.bucket.store(), self.bucket.path(&self.key));
        let id = if let Some(id) = &self.id {
            id.clone()
        } else {
            let (store, path) = (Arc::clone(&store), path.clone());
            let begun = async move { store.create_multipart(&path).await };
            self.id.insert(self.bucket.ask(&self.stop, begun)?).clone()
        };
        while self.under_way.len() >= UNDER_WAY {
            self.await_oldest()?;
        }
        let (number, part) = (self.begun, Bytes::from(std::mem::take(&mut self.part)));
        self.begun += 1;
        let sending = async move { store.put_part(&path, &id, number, part.into()).await };
        self.under_way.push_back(self.bucket.waiting().begin(sending));
        Ok(())
    }

    fn await_oldest(&mut self) -> io::Result<()> {
        let Some(oldest) = self.under_way.pop_front() else { return Ok(()) };
        let sent = async move { oldest.await.map_err(|source| Error::JoinError { source })? };
        self.parts.push(self.bucket.ask(&self.stop, sent)?);
        Ok(())
    }

    /// Makes the object from what was written; it is there for good once this returns.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.id.is_none() {
            return self.put();
        }
        if !self.part.is_empty() {
            self.send()?;
        }
        while !self.under_way.is_empty() {
            self.await_oldest()?;
        }
        let (store, path) = (self.bucket.store(), self.bucket.path(&self.key));
        let (id, parts) = (self.id.take().unwrap_or_default(), std::mem::take(&mut self.parts));
        let upload = id.clone();
        let all = async move { store.complete_multipart(&path, &upload, parts).await };
        let Err(error) = self.bucket.ask(&self.stop, all) else { return Ok(()) };
        // Its answer may have been lost: then the upload is no more when it is asked for again. Of
        // an object that takes the place of another its size would prove nothing.
        if !self.replaces && self.bucket.size(&self.key)? == Some(self.bytes) {
            return Ok(());
        }
        let _ = self.bucket.give_up(&self.key, id);
        Err(error)
    }

    fn put(&mut self) -> io::Result<()> {
        let (store, path) = (self.bucket.store(), self.bucket.path(&self.key));
        let content = Bytes::from(std::mem::take(&mut self.part));
        self.bucket.ask(&self.stop, async move { store.put(&path, content.into()).await.map(drop) })
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.part_length();
        if self.part.len() >= length {
            self.send()?;
        }
        let count = bytes.len().min(length - self.part.len());
        self.part.extend_from_slice(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    /// A part is sent when it is full: until the object is finished, nobody could see it.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.under_way.drain(..).for_each(|it| it.abort());
        if let Some(id) = self.id.take() {
            // Where it cannot be, whoever clears up behind this program does it, or the server.
            let _ = self.bucket.give_up(&self.key, id);
        }
    }
}
