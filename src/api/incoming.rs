//! The bodies of requests, which are read before it is certain who sent them: what they may take of
//! the memory, and how long.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::error::Exception;

/// Bytes of a body: a schema of 5,000 columns with long names fits.
const MAX_BODY: usize = 2 << 20;
/// Bytes of a body that is read at once: nearly every one, and all connections may have one.
const SMALL: usize = 16 << 10;
/// Bytes of larger bodies that are read at once; others wait until some of those are answered.
const ROOM: usize = 32 << 20;
/// The unit in which room is given.
const UNIT: usize = 1 << 10;
/// How long a body may take, with its wait for room.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client that was refused may go on sending, and how many such are listened to at once.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(5);
const DISCARDED_AT_ONCE: usize = 64;

/// The room that bodies share.
pub(super) struct Bodies {
    room: Arc<Semaphore>,
    discarded: Arc<Semaphore>,
}

/// A body, and the room that it takes until it is dropped.
pub(super) struct Read {
    pub(super) bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    /// All of the room.
    pub(super) fn new() -> Self {
        Self {
            room: Arc::new(Semaphore::new(ROOM / UNIT)),
            discarded: Arc::new(Semaphore::new(DISCARDED_AT_ONCE)),
        }
    }

    /// Reads a body.
    pub(super) async fn read(&self, headers: &HeaderMap, body: Body) -> Result<Read, Exception> {
        // Without a length it ends where the client says so.
        let length = body.size_hint().upper().unwrap_or(MAX_BODY as u64);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > MAX_BODY {
            self.discard(headers, body);
            return Err(too_large());
        }
        let read = async {
            let room = self.room_for(length).await?;
            let bytes = to_bytes(body, length).await.map_err(|_| too_large())?;
            Ok(Read { bytes, _room: room })
        };
        let late = || Exception::invalid("the body did not arrive in time");
        timeout(BODY_TIMEOUT, read).await.unwrap_or_else(|_| Err(late()))
    }

    /// Lets a client that was refused send on for a while, and keeps nothing of it: where a
    /// connection ends while it still sends, many a client never sees the answer.
    pub(super) fn discard(&self, headers: &HeaderMap, body: Body) {
        // Who waits to be told to go on sends nothing.
        if headers.contains_key(header::EXPECT) {
            return;
        }
        let turn = Arc::clone(&self.discarded);
        let all = async move {
            let _turn = turn.acquire().await;
            let mut parts = body.into_data_stream();
            let mut left = 2 * MAX_BODY;
            while let Some(Ok(part)) = parts.next().await {
                left = left.saturating_sub(part.len());
                if left == 0 {
                    return;
                }
            }
        };
        tokio::spawn(timeout(DISCARD_TIMEOUT, all));
    }

    async fn room_for(&self, length: usize) -> Result<Option<OwnedSemaphorePermit>, Exception> {
        if length <= SMALL {
            return Ok(None);
        }
        let units = u32::try_from(length.div_ceil(UNIT)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(units).await;
        room.map(Some).map_err(|_| Exception::internal())
    }
}

fn too_large() -> Exception {
    Exception::invalid(format!(
        "the body was cut, or has more than {MAX_BODY} bytes, which is the most that is read"
    ))
}
