//! Where a part of a bucket is.

use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::address;
use crate::model;

/// Where files lie: below a prefix of a bucket, at a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketAddress {
    /// The bucket.
    pub bucket: String,
    /// What all keys begin with, without a slash at its end.
    pub prefix: String,
    /// The URL of the server; AWS itself where there is none.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
}

impl BucketAddress {
    /// The address that `s3://bucket/prefix` means at a server. [`ErrorKind::InvalidInput`] where
    /// it is none.
    pub fn new(url: &str, endpoint: Option<String>, region: String) -> model::Result<Self> {
        let refuse = |help: &str| {
            let refusal = model::Error::invalid("this is no place for data files");
            refusal.with("url", url).with_help(help)
        };
        let (bucket, prefix) = address(url.strip_suffix('/').unwrap_or(url))
            .map_err(|_| refuse("name a bucket and a prefix in it: s3://bucket/prefix"))?;
        let is_plain = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        if bucket.is_empty() || !bucket.split(['.', '_']).all(is_plain) {
            return Err(refuse("name a bucket: letters, digits, `-` and `.`"));
        }
        // Other letters stand in URLs as codes, which engines that read the files take for letters
        // of the key.
        if !prefix.split(['.', '_', '/']).all(is_plain) {
            return Err(refuse("name a prefix of letters without accents, digits, `-`, `_`, `.`"));
        }
        endpoint.as_deref().map_or(Ok(()), check_endpoint)?;
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        Ok(Self { bucket, prefix, endpoint, region })
    }

    /// The prefixes around it whose homes, where there are any, would keep their own files there.
    pub fn homes_around(&self) -> impl Iterator<Item = Self> {
        let parts = self.prefix.split('/').scan(0, |begin, part| {
            let at = *begin;
            *begin += part.len() + 1;
            Some((at, part))
        });
        let around = parts.filter(|(_, part)| ["catalog", "data", "iceberg"].contains(part));
        around.filter_map(|(at, _)| {
            let prefix = self.prefix.get(..at.checked_sub(1)?)?.to_owned();
            Some(Self { prefix, ..self.clone() })
        })
    }

    /// It as `s3://bucket/prefix`.
    pub fn url(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }
}

fn check_endpoint(endpoint: &str) -> model::Result<()> {
    let is_server = |it: &Url| {
        matches!(it.scheme(), "http" | "https")
            && it.has_host()
            && (it.username(), it.password()) == ("", None)
            && (it.query(), it.fragment()) == (None, None)
    };
    if Url::parse(endpoint).is_ok_and(|it| is_server(&it)) {
        return Ok(());
    }
    Err(model::Error::invalid("this is no address of an S3 server")
        .with("endpoint", endpoint)
        .with_help(
            "give its scheme, host and port, as in http://localhost:9000; keys come from the \
             environment",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, endpoint: Option<&str>) -> model::Result<BucketAddress> {
        BucketAddress::new(url, endpoint.map(str::to_owned), "us-east-1".to_owned())
    }

    #[test]
    fn a_place_has_one_spelling() {
        for url in ["s3://b/a", "s3://my.bucket-1/a/b-c_d.e/", "s3://b/data"] {
            assert_eq!(of(url, None).unwrap().url(), url.trim_end_matches('/'));
        }
        for url in [
            "b/a",
            "s3://b",
            "s3://b/",
            "s3:///a",
            "s3://b//a",
            "s3://b/a/../c",
            "s3://b/a b",
            "s3://b/a%20b",
            "s3://b/a~b",
            "s3://b/a#b",
            "s3://b/a?b",
            "s3://b/[a]",
            "s3://b/ä",
            "s3://b?x/a",
            "s3://b:1/a",
            "s3://me@b/a",
        ] {
            assert_eq!(of(url, None).unwrap_err().kind(), model::ErrorKind::InvalidInput, "{url}");
        }
    }

    #[test]
    fn an_endpoint_is_a_server() {
        for endpoint in ["http://localhost:9000", "https://s3.example.org/", "http://[::1]:9000"] {
            assert!(of("s3://b/a", Some(endpoint)).is_ok(), "{endpoint}");
        }
        for endpoint in [
            "",
            "localhost:9000",
            "localhost",
            "ftp://a",
            "http://",
            "http://me:key@a",
            "http://a?b",
        ] {
            assert!(of("s3://b/a", Some(endpoint)).is_err(), "{endpoint}");
        }
    }

    #[test]
    fn homes_around_are_those_whose_folders_it_lies_in() {
        let around = |url: &str| {
            let of = of(url, None).unwrap();
            of.homes_around().map(|it| it.prefix).collect::<Vec<_>>()
        };
        assert_eq!(around("s3://b/data/x"), Vec::<String>::new());
        assert_eq!(around("s3://b/a/datas"), Vec::<String>::new());
        assert_eq!(around("s3://b/a/data/x/iceberg"), ["a", "a/data/x"]);
    }
}
