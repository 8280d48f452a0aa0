//! Who calls.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::door::Door;
use super::error::Exception;
use super::key_file::KeyFile;
use super::local::{LocalHosts, one_host};
use super::signature;
use crate::model::Account;

/// How callers show who they are.
#[derive(Clone, Debug)]
pub enum Auth {
    /// An access key id of 12 digits is the account, any other stands for this one. Signatures are
    /// not looked at, so that the server has to be called by one of these names.
    TrustKeyId(Account, LocalHosts),
    /// Requests are signed (`SigV4`) with keys that are known here, for this region.
    SigV4(KeyFile, String),
}

impl Auth {
    /// Refuses a request that is not meant for this server.
    pub(super) fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Exception> {
        one_host(headers)?;
        match self {
            Self::TrustKeyId(_, hosts) => hosts.check(uri, headers),
            Self::SigV4(..) => Ok(()),
        }
    }

    /// Refuses, before its body is read, a request that does not say who calls, or says somebody
    /// whom nobody knows here.
    pub(super) fn check_head(
        &self,
        door: Door,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<(), Exception> {
        if self.bearer(door, headers)?.is_some() {
            return Ok(());
        }
        let key = access_key(headers)?;
        match self {
            Self::TrustKeyId(..) => Ok(()),
            Self::SigV4(keys, _) => signature::check_head(&*keys.current()?, &key, headers, now),
        }
    }

    /// The account that calls.
    pub(super) async fn account(
        &self,
        door: Door,
        parts: &Parts,
        body: Bytes,
        now: Timestamp,
    ) -> Result<Account, Exception> {
        if let Some(account) = self.bearer(door, &parts.headers)? {
            return Ok(account);
        }
        let key = access_key(&parts.headers)?;
        match self {
            Self::TrustKeyId(other, _) => Ok(Account::new(&key).unwrap_or_else(|_| other.clone())),
            Self::SigV4(keys, region) => {
                let scope = signature::Scope::omics(region);
                let credentials = keys.current()?;
                signature::verify(&credentials, &key, scope, parts, body, now).await
            }
        }
    }

    /// The account of a client that does not sign, which only Iceberg's door lets in: its token is
    /// `<access key id>:<secret>`. Where callers are trusted, it may have none.
    fn bearer(&self, door: Door, headers: &HeaderMap) -> Result<Option<Account>, Exception> {
        if door != Door::Iceberg {
            return Ok(None);
        }
        let header = headers.get(header::AUTHORIZATION).map(|it| it.to_str().unwrap_or_default());
        let token = header.and_then(|it| it.strip_prefix("Bearer "));
        let (key, secret) = token.and_then(|it| it.trim().split_once(':')).unwrap_or_default();
        Ok(match self {
            Self::TrustKeyId(other, _) if header.is_none() || token.is_some() => {
                Some(Account::new(key).unwrap_or_else(|_| other.clone()))
            }
            Self::SigV4(keys, _) if token.is_some() => {
                let known = keys.current()?;
                let found = known.find(key).filter(|it| same_secret(&it.secret, secret));
                Some(found.ok_or_else(no_such_token)?.account.clone())
            }
            _ => None,
        })
    }
}

/// Compares digests, so that the time tells nothing of how much of a secret is right.
fn same_secret(known: &str, given: &str) -> bool {
    Sha256::digest(known) == Sha256::digest(given)
}

fn no_such_token() -> Exception {
    Exception::denied("the token is not known here: it has to be `<access key id>:<secret>`")
}

/// The access key id that the `Authorization` header names.
fn access_key(headers: &HeaderMap) -> Result<String, Exception> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else {
        return Err(Exception::denied(
            "the request has to have one Authorization header: sign it, as AWS clients do",
        ));
    };
    let key = value.to_str().ok().and_then(|it| {
        let parameters = it.strip_prefix("AWS4-HMAC-SHA256")?;
        let credential =
            parameters.split(',').find_map(|it| it.trim().strip_prefix("Credential="))?;
        let key = credential.split('/').next()?;
        (!key.is_empty()).then(|| key.to_owned())
    });
    key.ok_or_else(|| {
        Exception::denied(
            "the Authorization header is not that of Signature Version 4: \
             AWS4-HMAC-SHA256 Credential=...",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_read_from_the_header_alone() {
        let key = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            access_key(&headers).ok()
        };
        let signed = "AWS4-HMAC-SHA256 \
            Credential=111122223333/20260101/us-east-1/omics/aws4_request, \
            SignedHeaders=host, Signature=0";
        assert_eq!(key(&[signed]).as_deref(), Some("111122223333"));
        assert_eq!(key(&[]), None);
        assert_eq!(key(&[signed, signed]), None);
        for other in [
            "Basic abc",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=/x",
            "Bearer Credential=a/b",
        ] {
            assert_eq!(key(&[other]), None, "{other}");
        }
    }
}
