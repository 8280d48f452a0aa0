//! The one error type: a kind to match on, a message, where it happened, and what to do about it.

use std::fmt;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as far as a caller acts on it. The edges map it exhaustively: the terminal to
/// an exit code, HTTP to a status and an exception name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request itself is wrong: a bad name, a missing member, an unknown column.
    InvalidInput,
    /// The input cannot be read, is cut or damaged, or is not of a format we read.
    Unreadable,
    /// The store, version or job does not exist for this account.
    NotFound,
    /// The request clashes with what exists or happens at the moment.
    Conflict,
    /// A limit of the service is reached.
    QuotaExceeded,
    /// The caller may not do this.
    AccessDenied,
    /// The home could not be read or written: disk full, damaged file, missing rights.
    Storage,
    /// A person or a signal stopped the work.
    Interrupted,
    /// A fault of annostore itself.
    Internal,
}

impl ErrorKind {
    /// Its word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid-input",
            Self::Unreadable => "unreadable",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::QuotaExceeded => "quota-exceeded",
            Self::AccessDenied => "access-denied",
            Self::Storage => "storage",
            Self::Interrupted => "interrupted",
            Self::Internal => "internal",
        }
    }
}

/// An error that a person can act on.
///
/// The message is lower case and without a full stop; `context` says where (`store`, `file`, ...),
/// `help` what to do.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    context: Vec<(&'static str, String)>,
    help: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of a kind with a message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), context: Vec::new(), help: None, source: None }
    }

    /// Shorthand for [`ErrorKind::InvalidInput`].
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// Shorthand for [`ErrorKind::Internal`].
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// Says where: a key such as `file` and its value. Keys print in the order they were added.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.context.push((key, value.to_string()));
        self
    }

    /// Says where, as [`with`](Self::with) does, unless something says so already.
    #[must_use]
    pub fn or_with(self, key: &'static str, value: impl fmt::Display) -> Self {
        if self.context.iter().any(|it| it.0 == key) { self } else { self.with(key, value) }
    }

    /// Says what to do about it, as an imperative sentence.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What went wrong, for callers that act on it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The message alone, without context or cause.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it happened.
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.context
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// What may be told to somebody elsewhere, on one line: neither paths of this machine, nor why
    /// its disk or the program failed; and of what they gave, no more than recognizes it.
    pub fn for_clients(&self) -> String {
        if matches!(self.kind, ErrorKind::Storage | ErrorKind::Internal) {
            return format!(
                "{}: the log of the server says why",
                shortened(&self.message, MAX_TOLD)
            );
        }
        let told = |it: &&(&'static str, String)| !is_of_this_machine(it.0, &it.1);
        let context: Vec<_> = self.context.iter().filter(told).collect();
        let context: Vec<_> =
            context.into_iter().map(|(key, value)| (*key, shortened(value, MAX_ECHO))).collect();
        let mut text = shortened(&self.message, MAX_TOLD);
        // Writing to a string does not fail.
        let _ = self.write_rest(&context, &mut text);
        shortened(&text, MAX_TOLD)
    }

    /// What [`for_clients`](Self::for_clients) says, with what to do about it.
    pub fn for_clients_in_full(&self) -> String {
        let help = self.help().map(|help| format!(": {help}")).unwrap_or_default();
        self.for_clients() + &help
    }

    /// The context in brackets, then the causes.
    fn write_rest(
        &self,
        context: &[(&'static str, String)],
        out: &mut impl fmt::Write,
    ) -> fmt::Result {
        for (index, (key, value)) in context.iter().enumerate() {
            write!(out, "{}{key}: {value}", if index == 0 { " (" } else { ", " })?;
        }
        if !context.is_empty() {
            out.write_str(")")?;
        }
        let mut cause = std::error::Error::source(self);
        while let Some(it) = cause {
            write!(out, ": {it}")?;
            cause = it.source();
        }
        Ok(())
    }

    /// All that is known, with what to do about it, on one line.
    pub fn in_full(&self) -> String {
        self.help().map_or_else(|| self.to_string(), |help| format!("{self}: {help}"))
    }
}

/// Characters of a message for somebody elsewhere.
const MAX_TOLD: usize = 1000;
/// Characters of one value in it.
const MAX_ECHO: usize = 90;

/// Whether a part of the context is a place of this machine.
fn is_of_this_machine(key: &str, value: &str) -> bool {
    matches!(key, "address" | "catalog" | "file" | "folder" | "home" | "path")
        && !value.starts_with("s3://")
}

/// The beginning of a text that is too long.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Enough of a value to recognize it in a message, safe to print.
pub fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() { format!("{short}...") } else { short }
}

/// The message, then the context in brackets, then the causes, on one line.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.write_rest(&self.context, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|it| it as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_message_context_and_cause_on_one_line() {
        let error = Error::new(ErrorKind::Unreadable, "cannot read the file")
            .with("file", "a.vcf")
            .with_source(std::io::Error::other("gone"));
        assert_eq!(error.to_string(), "cannot read the file (file: a.vcf): gone");
        let error = error.or_with("file", "b.vcf").or_with("line", 7);
        assert_eq!(error.to_string(), "cannot read the file (file: a.vcf, line: 7): gone");
    }
    #[test]
    fn clients_hear_nothing_of_the_machine() {
        let gone = || std::io::Error::other("gone");
        let error = Error::new(ErrorKind::Unreadable, "cannot read")
            .with("file", "/srv/genomes/hg38.fa")
            .with("source", "s3://bucket/a.vcf")
            .with("store", "x".repeat(300))
            .with_help("look")
            .with_source(gone());
        let told = error.for_clients_in_full();
        assert!(told.starts_with("cannot read (source: s3://bucket/a.vcf, store: xx"), "{told}");
        assert!(told.ends_with("xx...): gone: look") && told.matches('x').count() <= 90, "{told}");
        let error = Error::new(ErrorKind::Storage, "cannot write a data file")
            .with("path", "/srv/annostore")
            .with_source(gone());
        let told = error.for_clients();
        assert_eq!(told, "cannot write a data file: the log of the server says why");
    }
}
