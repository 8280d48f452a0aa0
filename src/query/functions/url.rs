//! URLs as text: their parts, and what they may hold.

use std::borrow::Cow;

use datafusion::common::{Result, exec_err};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::query::rows::by_row;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &URL_ENCODE,
    &URL_DECODE,
    &URL_EXTRACT_PROTOCOL,
    &URL_EXTRACT_HOST,
    &URL_EXTRACT_PORT,
    &URL_EXTRACT_PATH,
    &URL_EXTRACT_QUERY,
    &URL_EXTRACT_FRAGMENT,
    &URL_EXTRACT_PARAMETER,
];

/// What is not written as it is in a form that a browser sends, but for the blank, which is `+`.
static ESCAPED: AsciiSet =
    NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b' ');

/// `url_encode(text)`
pub static URL_ENCODE: ScalarFunction = by_row!("url_encode", |text: &str| -> String {
    utf8_percent_encode(text, &ESCAPED).to_string().replace(' ', "+")
});

/// `url_decode(text)`
pub static URL_DECODE: ScalarFunction =
    by_row!("url_decode", |text: &str| -> Result<String> { decoded(text) });

fn decoded(text: &str) -> Result<String> {
    if let Some(at) = bad_escape(text) {
        let rest: String = text[at..].chars().take(3).collect();
        return exec_err!("url_decode finds '{rest}' where two hexadecimal digits follow a %");
    }
    let text = text.replace('+', " ");
    Ok(percent_decode_str(&text).decode_utf8_lossy().into_owned())
}

/// Where a `%` stands that no two digits follow.
fn bad_escape(text: &str) -> Option<usize> {
    let is_escape = |at: usize| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
    };
    text.match_indices('%').map(|(at, _)| at).find(|at| !is_escape(*at))
}

/// `url_extract_protocol(url)`; this and the other parts are empty where a URL has none, and null
/// where it is none.
pub static URL_EXTRACT_PROTOCOL: ScalarFunction =
    by_row!("url_extract_protocol", |url: &str| -> Option<&str> {
        Some(Url::read(url)?.protocol.unwrap_or_default())
    });

/// `url_extract_host(url)`
pub static URL_EXTRACT_HOST: ScalarFunction =
    by_row!("url_extract_host", |url: &str| -> Option<&str> {
        Some(Url::read(url)?.host.unwrap_or_default())
    });

/// `url_extract_port(url)`: null where there is none.
pub static URL_EXTRACT_PORT: ScalarFunction =
    by_row!("url_extract_port", |url: &str| -> Option<i64> { Url::read(url)?.port });

/// `url_extract_path(url)`
pub static URL_EXTRACT_PATH: ScalarFunction =
    by_row!("url_extract_path", |url: &str| -> Option<Cow<'_, str>> {
        Some(unescaped(Url::read(url)?.path))
    });

/// `url_extract_query(url)`
pub static URL_EXTRACT_QUERY: ScalarFunction =
    by_row!("url_extract_query", |url: &str| -> Option<Cow<'_, str>> {
        Some(unescaped(Url::read(url)?.query.unwrap_or_default()))
    });

/// `url_extract_fragment(url)`
pub static URL_EXTRACT_FRAGMENT: ScalarFunction =
    by_row!("url_extract_fragment", |url: &str| -> Option<Cow<'_, str>> {
        Some(unescaped(Url::read(url)?.fragment.unwrap_or_default()))
    });

fn unescaped(part: &str) -> Cow<'_, str> {
    percent_decode_str(part).decode_utf8_lossy()
}

/// `url_extract_parameter(url, name)`: the first value of that name in its query; empty where it
/// has the name alone, null where it has not.
pub static URL_EXTRACT_PARAMETER: ScalarFunction =
    by_row!("url_extract_parameter", |url: &str, name: &str| -> Result<Option<String>> {
        let query = Url::read(url).and_then(|it| it.query).unwrap_or_default();
        let mut parameters = query.split('&').map(|it| it.split_once('=').unwrap_or((it, "")));
        match parameters.find(|(it, _)| *it == name) {
            Some((_, value)) if !query.is_empty() => decoded(value).map(Some),
            _ => Ok(None),
        }
    });

/// The parts of a URL, as Java's `URI` takes it apart.
struct Url<'a> {
    protocol: Option<&'a str>,
    host: Option<&'a str>,
    port: Option<i64>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Url<'a> {
    /// None where the text is no URL.
    fn read(text: &'a str) -> Option<Self> {
        let (rest, fragment) = cut(text, '#');
        let is_wrong =
            |it: char| it.is_control() || it.is_whitespace() || r#""<>\^`{|}"#.contains(it);
        if text.contains(is_wrong) || fragment.is_some_and(|it| it.contains('#')) {
            return None;
        }
        if bad_escape(text).is_some() {
            return None;
        }
        let (protocol, rest) = match rest.find([':', '/', '?']) {
            Some(at) if rest[at..].starts_with(':') => (Some(&rest[..at]), &rest[at + 1..]),
            _ => (None, rest),
        };
        let none = Self { protocol, host: None, port: None, path: "", query: None, fragment };
        if let Some(protocol) = protocol {
            let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
            let starts = protocol.starts_with(|it: char| it.is_ascii_alphabetic());
            if !starts || !protocol.chars().all(is_part) || rest.is_empty() {
                return None;
            }
            // `mailto:somebody` has no parts.
            if !rest.starts_with('/') {
                return Some(none);
            }
        }
        let (rest, query) = cut(rest, '?');
        let Some(rest) = rest.strip_prefix("//") else {
            let fits = !rest.contains(['[', ']']);
            return fits.then_some(Self { path: rest, query, ..none });
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if path.contains(['[', ']']) || authority.is_empty() && path.is_empty() {
            return None;
        }
        let (host, port) = server(authority).unwrap_or_default();
        Some(Self { host, port, path, query, ..none })
    }
}

/// A text before and behind the first of a character.
fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// Host and port; none where the name is not one that a host has.
fn server(authority: &str) -> Option<(Option<&str>, Option<i64>)> {
    let server = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
    let end = server.rfind(']').map_or(0, |it| it + 1);
    let (host, port) = match server[end..].find(':') {
        Some(at) => (&server[..end + at], &server[end + at + 1..]),
        None => (server, ""),
    };
    let port = match port {
        "" => None,
        digits if digits.bytes().all(|it| it.is_ascii_digit()) => Some(digits.parse().ok()?),
        _ => return None,
    };
    let address = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_name(host) || host.parse::<std::net::Ipv4Addr>().is_ok(),
    };
    is_host.then_some((Some(host), port))
}

/// Labels of letters, digits and hyphens, of which the last begins with a letter.
fn is_name(host: &str) -> bool {
    let labels = host.strip_suffix('.').unwrap_or(host);
    let is_label = |it: &str| {
        let is_part = |it: char| it.is_ascii_alphanumeric() || it == '-';
        !it.is_empty() && it.chars().all(is_part) && !it.starts_with('-') && !it.ends_with('-')
    };
    let last = labels.rsplit('.').next().unwrap_or_default();
    labels.split('.').all(is_label) && last.starts_with(|it: char| it.is_ascii_alphabetic())
}
