//! Who calls.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;

use super::credentials::Credentials;
use super::error::Exception;
use super::signature;
use crate::model::Account;

/// How callers show who they are.
#[derive(Clone, Debug)]
pub enum Auth {
    /// An access key id of 12 digits is the account, any other stands for this one. Signatures are
    /// not looked at.
    TrustKeyId(Account),
    /// Requests are signed (`SigV4`) with keys that are known here, for this region.
    SigV4(Credentials, String),
}

impl Auth {
    /// Refuses a request that does not even say who calls, before its body is read.
    pub(super) fn check_header(headers: &HeaderMap) -> Result<(), Exception> {
        access_key(headers).map(|_| ())
    }

    /// The account that calls.
    pub(super) async fn account(
        &self,
        parts: &Parts,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Account, Exception> {
        let key = access_key(&parts.headers)?;
        match self {
            Self::TrustKeyId(other) => Ok(Account::new(&key).unwrap_or_else(|_| other.clone())),
            Self::SigV4(credentials, region) => {
                let scope = signature::Scope::omics(region);
                signature::verify(credentials, &key, scope, parts, body, now).await
            }
        }
    }
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
