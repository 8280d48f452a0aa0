//! What goes to a client: for how long it may take nothing, and answers to what is no HTTP.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::StatusCode;
use memchr::memmem;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::error::Exception;
use super::respond::{ERROR_TYPE, REQUEST_ID, body_of, request_id};

/// How long a client may take none of what it is sent.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// A connection that breaks where the client takes nothing of what it is sent for too long.
///
/// hyper refuses what is no HTTP, or has too long a head, by an answer without a body, which
/// nothing above it can change: here it becomes one as all others.
pub(super) struct Patient {
    stream: TcpStream,
    /// Runs while the client takes nothing.
    patience: Option<Pin<Box<Sleep>>>,
    /// An answer in the place of hyper's, and how much of it was sent.
    instead: Option<(Vec<u8>, usize)>,
}

impl Patient {
    /// A connection to a client.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, patience: None, instead: None }
    }

    /// Sends some bytes; an error where the client took none for long.
    fn send(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        if sent.is_ready() {
            self.patience = None;
            return sent;
        }
        let patience =
            self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(WRITE_TIMEOUT)));
        ready!(patience.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes no answer")))
    }

    /// Sends all of the answer that is in the place of another.
    fn send_instead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some((answer, sent)) = self.instead.take() {
            if sent == answer.len() {
                break;
            }
            let more = self.send(context, &answer[sent..]);
            let count = if let Poll::Ready(Ok(count)) = &more { *count } else { 0 };
            self.instead = Some((answer, sent + count));
            if count == 0 {
                ready!(more)?;
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// The answer to what is no request, in the place of one that has neither a body nor an id.
fn whole(bytes: &[u8]) -> Option<Vec<u8>> {
    let status = bytes.strip_prefix(b"HTTP/1.1 ").or(bytes.strip_prefix(b"HTTP/1.0 "))?;
    let status = StatusCode::from_bytes(status.get(..3)?).ok()?;
    if !status.is_client_error() || memmem::find(bytes, REQUEST_ID.as_bytes()).is_some() {
        return None;
    }
    let exception = Exception::no_request(status.as_u16());
    let (kind, id, body) = (exception.name, request_id(), body_of(&exception).to_string());
    let answer = format!(
        "HTTP/1.1 {status}\r\n\
         content-type: application/json\r\n\
         {ERROR_TYPE}: {kind}\r\n\
         {REQUEST_ID}: {id}\r\n\
         connection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    Some(answer.into_bytes())
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

/// Writes are not vectored, so that the head of an answer is where it is looked for.
impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.instead.is_none() {
            self.instead = whole(bytes).map(|it| (it, 0));
        }
        if self.instead.is_some() {
            ready!(self.send_instead(context))?;
            return Poll::Ready(Ok(bytes.len()));
        }
        self.send(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_answers_without_an_id_are_made_whole() {
        let bare = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n";
        let answer = String::from_utf8(whole(bare).unwrap()).unwrap();
        assert!(answer.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{answer}");
        assert!(answer.contains("x-amzn-errortype: ValidationException\r\n"), "{answer}");
        for other in [
            "HTTP/1.1 404 Not Found\r\nx-amzn-requestid: 1\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 4",
            "{\"message\": \"HTTP/1.1 400 \"}",
            "",
        ] {
            assert_eq!(whole(other.as_bytes()), None, "{other}");
        }
    }
}
