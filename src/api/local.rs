//! Callers on this machine. A page in a browser may reach a server here by a name that its owner
//! points to the loopback (DNS rebinding): the browser says that name, and whose page it is.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};

use super::error::Exception;
use crate::model::excerpt;

/// What clients put before the host, unless they are told not to.
const PREFIXES: [&str; 2] = ["analytics-", "tags-"];

/// The names under which a server on the loopback is called.
#[derive(Clone, Debug, Default)]
pub struct LocalHosts {
    /// Those beside `localhost` and the addresses of the loopback, in lower case.
    allowed: Vec<String>,
}

impl LocalHosts {
    /// The names of the loopback, and these.
    pub fn allowing(names: &[String]) -> Self {
        Self { allowed: names.iter().map(|it| it.to_ascii_lowercase()).collect() }
    }

    /// Refuses a request that calls the server by another name, or comes from the page of another
    /// host.
    pub(super) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Exception> {
        let host = text(headers, header::HOST);
        // A request may also say the host in its first line, and then that one counts.
        let first_line = uri.authority().map(Authority::as_str);
        for host in [host, first_line].into_iter().flatten() {
            if !self.is_here(host) {
                return Err(Exception::denied(format!(
                    "the host `{0}` is none of this server's: call it by localhost, or start it \
                     with --allow-host {0}",
                    excerpt(name_of(host).unwrap_or(host))
                )));
            }
        }
        for origin in headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().unwrap_or_default();
            let host = origin.split_once("://").map(|it| it.1);
            if !host.is_some_and(|it| self.is_here(it)) {
                return Err(Exception::denied(format!(
                    "pages of `{}` may not call this server: its origin is another host",
                    excerpt(origin)
                )));
            }
        }
        Ok(())
    }

    /// Whether `host` or `host:port` means this server.
    fn is_here(&self, host: &str) -> bool {
        let Some(name) = name_of(host).map(str::to_ascii_lowercase) else { return false };
        let bare = PREFIXES.iter().find_map(|it| name.strip_prefix(it));
        std::iter::once(name.as_str())
            .chain(bare)
            .any(|it| is_loopback(it) || self.allowed.iter().any(|allowed| allowed == it))
    }
}

/// The name of a host, without its port.
fn name_of(host: &str) -> Option<&str> {
    // What stands before an `@` is no part of a host, but would be passed over.
    if host.contains('@') {
        return None;
    }
    let whole = host.parse::<Authority>().ok()?;
    let name = &host[..whole.host().len()];
    Some(name.strip_suffix('.').unwrap_or(name)).filter(|it| !it.is_empty())
}

fn is_loopback(name: &str) -> bool {
    let address = name.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(name);
    match address.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        // Names below it mean the loopback wherever names are looked up (RFC 6761).
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    // A host that is no text is none of ours.
    headers.get(name).map(|it| it.to_str().unwrap_or("?"))
}

/// Refuses a request that does not say which host it is for, or says it twice.
pub(super) fn one_host(headers: &HeaderMap) -> Result<(), Exception> {
    match headers.get_all(header::HOST).iter().count() {
        1 => Ok(()),
        0 => Err(Exception::invalid("the request has no Host header")),
        _ => Err(Exception::invalid("the request has more than one Host header")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, host: &str, origin: Option<&str>) -> Result<(), Exception> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        let hosts = LocalHosts::allowing(&["Omics.lab".to_owned()]);
        hosts.check(&target.parse().unwrap(), &headers)
    }

    #[test]
    fn the_loopback_and_allowed_names_are_here() {
        for host in [
            "localhost",
            "LOCALHOST:4599",
            "localhost.",
            "127.0.0.1:4599",
            "127.9.9.9",
            "[::1]:4599",
            "[::ffff:127.0.0.1]",
            "omics.localhost",
            "analytics-localhost:4599",
            "tags-127.0.0.1:4599",
            "omics.lab",
            "analytics-omics.lab:80",
        ] {
            assert_eq!(check("/", host, None), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evil-localhost",
            "localhost@evil.example",
            "evil.example@localhost",
            "10.0.0.1",
            "0.0.0.0",
            "[::]",
            "lab",
            "",
            ":4599",
            "localhost:x y",
        ] {
            assert_eq!(check("/", host, None).unwrap_err().status, 403, "{host}");
        }
        assert!(check("http://evil.example/", "localhost", None).is_err());
        assert!(check("http://localhost/", "localhost", None).is_ok());
    }

    #[test]
    fn pages_of_other_hosts_are_refused() {
        for (origin, passes) in [
            ("http://localhost:3000", true),
            ("https://omics.lab", true),
            ("http://evil.example", false),
            ("http://localhost.evil.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(check("/", "localhost", Some(origin)).is_ok(), passes, "{origin}");
        }
    }
}
