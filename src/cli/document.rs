//! JSON documents: what the AWS CLI takes with `--cli-input-json`.

use std::io::Read;

use crate::check::request::{self, Destination, Purpose, Request};
use crate::model::{Error, ErrorKind, Result};

/// The documents that say how files are read.
#[derive(Debug, Default)]
pub struct Documents {
    /// `--options`: what the store is made with.
    pub options: Option<Request>,
    /// `--request`: what the import is started with.
    pub request: Option<Request>,
}

impl Documents {
    /// Reads and judges the documents at these paths, which may be one.
    pub fn read(
        options: Option<&str>,
        request: Option<&str>,
        destination: Destination,
    ) -> Result<Self> {
        if let (Some(options), Some(request)) = (options, request)
            && options == request
        {
            let both = judge(options, Purpose::Both, destination)?;
            return Ok(Self { options: Some(both), request: None });
        }
        let options = options.map(|it| judge(it, Purpose::Store, destination)).transpose()?;
        let request = request.map(|it| judge(it, Purpose::Import, destination)).transpose()?;
        Ok(Self { options, request })
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Request> {
        self.options.iter().chain(&self.request)
    }

    /// The one that says how the import reads.
    pub fn import(&self) -> Option<&Request> {
        self.request.as_ref().or(self.options.as_ref())
    }
}

fn judge(path: &str, purpose: Purpose, destination: Destination) -> Result<Request> {
    Ok(request::check(path, &read(path)?, purpose, destination))
}

/// The text of a document; `-` is standard input.
pub fn read(path: &str) -> Result<String> {
    let mut text = String::new();
    let outcome = match path {
        "-" => std::io::stdin().lock().read_to_string(&mut text).map(|_| ()),
        path => std::fs::read_to_string(path).map(|it| text = it),
    };
    outcome.map(|()| text).map_err(|error| {
        Error::new(ErrorKind::Unreadable, "cannot read the JSON document")
            .with("file", path)
            .with_help("name a file that is there, or `-` for standard input")
            .with_source(error)
    })
}
