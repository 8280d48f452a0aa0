//! A web server for tests: files of memory, whole or in parts.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What a server answers with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// The part that was asked for.
    Parts,
    /// The whole file, whatever was asked for.
    Whole,
    /// 503 to every second request, as a server that is busy.
    Busy,
}

/// A server on a port of its own, until the process ends.
pub struct Web {
    address: String,
    /// The lines of requests, the first of each: `GET /a.vcf HTTP/1.1`.
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl Web {
    /// Serves these files, each under its name, and `/moved/NAME` as a redirect to it.
    pub fn serve(files: &[(&str, Vec<u8>)], manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let files: HashMap<String, Vec<u8>> =
            files.iter().map(|(name, bytes)| (format!("/{name}"), bytes.clone())).collect();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (files, seen) = (Arc::new(files), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (files, seen) = (Arc::clone(&files), Arc::clone(&seen));
                // A client that goes away ends its connection alone.
                thread::spawn(move || while answer(&stream, &files, manner, &seen).is_some() {});
            }
        });
        Self { address, requests }
    }

    /// The URL of a file.
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }
}

/// Answers one request; none where the client went away.
fn answer(
    stream: &TcpStream,
    files: &HashMap<String, Vec<u8>>,
    manner: Manner,
    seen: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut head = Vec::new();
    for line in BufReader::new(stream).lines() {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let first = head.first()?.clone();
    let path = first.split(' ').nth(1)?.split('?').next()?.to_owned();
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(first.clone());
        seen.len()
    };
    let range = head.iter().find_map(|it| {
        it.to_lowercase()
            .strip_prefix("range: bytes=")?
            .split_once('-')
            .map(|(a, b)| (a.parse::<usize>().unwrap(), b.parse::<usize>().unwrap()))
    });
    let (status, headers, body): (&str, String, &[u8]) = match (files.get(&path), range) {
        _ if manner == Manner::Busy && number % 2 == 1 => ("503 Busy", String::new(), b""),
        (None, _) => match path.strip_prefix("/moved") {
            Some(to) => ("302 Found", format!("Location: {to}\r\n"), b""),
            None => ("404 Not Found", String::new(), b""),
        },
        (Some(file), Some((from, _))) if manner != Manner::Whole && from >= file.len() => {
            ("416 Range Not Satisfiable", String::new(), b"")
        }
        (Some(file), Some((from, to))) if manner != Manner::Whole => {
            let end = file.len().min(to + 1);
            let range = format!("Content-Range: bytes {from}-{}/{}\r\n", end - 1, file.len());
            ("206 Partial Content", range, &file[from..end])
        }
        (Some(file), _) => ("200 OK", String::new(), file),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nETag: \"1\"\r\n{headers}Content-Length: {length}\r\n\r\n");
    let mut out = stream;
    out.write_all(head.as_bytes()).ok()?;
    if !first.starts_with("HEAD") {
        out.write_all(body).ok()?;
    }
    Some(())
}
