//! Signature Version 4, verified by `scratchstack-aws-signature`.
//!
//! The library computes the canonical request from what was received, the body's hash included.
//! Three things are ours: the path, which clients encode once more for every service but S3, and
//! the library does not; that all `x-amz` headers are signed; and the time, since the library lets
//! a request be 15 minutes old, AWS 5.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, Uri};
use bytes::Bytes;
use chrono::DateTime;
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use scratchstack_aws_signature::principal::User;
use scratchstack_aws_signature::{
    GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey, SignatureError, SignatureOptions,
    VecSignedHeaderRequirements, service_for_signing_key_fn, sigv4_validate_request,
};

use super::credentials::{Credential, Credentials};
use super::error::Exception;
use crate::model::Account;

/// What a signature has to be for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    /// The AWS region.
    pub region: &'a str,
    /// The name of the service.
    pub service: &'a str,
}

impl<'a> Scope<'a> {
    /// This service in a region.
    pub fn omics(region: &'a str) -> Self {
        Self { region, service: "omics" }
    }
}

/// What is encoded in a path: all but unreserved characters and the slashes between segments.
const SIGNED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// How far the clock of a client may be from ours.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

const UNKNOWN_KEY: &str = "the access key is not known here";

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Refuses what the headers alone show: a key that nobody has, and a request that is too old.
pub(super) fn check_head(
    credentials: &Credentials,
    key: &str,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<(), Exception> {
    check_time(headers, now)?;
    credentials.find(key).map(drop).ok_or_else(|| Exception::denied(UNKNOWN_KEY))
}

/// The account that signed the request with an access key, or why it is refused.
pub(super) async fn verify(
    credentials: &Credentials,
    key: &str,
    scope: Scope<'_>,
    parts: &Parts,
    body: Bytes,
    now: Timestamp,
) -> Result<Account, Exception> {
    check_time(&parts.headers, now)?;
    let mut request = Request::new(body);
    *request.method_mut() = parts.method.clone();
    *request.uri_mut() = as_signed(&parts.uri)?;
    *request.headers_mut() = parts.headers.clone();
    let known = credentials.find(key).cloned();
    let account = known.as_ref().map(|it| it.account.clone());
    let find =
        move |asked: GetSigningKeyRequest| std::future::ready(signing_key(known.as_ref(), &asked));
    let mut keys = service_for_signing_key_fn(find);
    let server_time = DateTime::from_timestamp(now.as_second(), 0)
        .ok_or_else(|| Exception::denied("the clock of the server is wrong"))?;
    let headers = VecSignedHeaderRequirements::new::<str, str, str>(
        &["host", "x-amz-date"],
        &[],
        &["x-amz-"],
    );
    let verified = sigv4_validate_request(
        request,
        scope.region,
        scope.service,
        &mut keys,
        server_time,
        &headers,
        SignatureOptions::S3,
    );
    verified.await.map_err(|error| refusal(&error))?;
    account.ok_or_else(|| Exception::denied(UNKNOWN_KEY))
}

/// The address with its path as clients sign it: encoded once more. The library's S3 way then
/// leaves the path as it is.
fn as_signed(uri: &Uri) -> Result<Uri, Exception> {
    let path = utf8_percent_encode(uri.path(), SIGNED);
    let query = uri.query().map(|it| format!("?{it}")).unwrap_or_default();
    format!("{path}{query}")
        .parse()
        .map_err(|_| Exception::denied("the address of the request cannot be read"))
}

fn check_time(headers: &HeaderMap, now: Timestamp) -> Result<(), Exception> {
    let wrong = || Exception::denied("x-amz-date has to be a time such as 20260101T000000Z");
    let text = headers.get("x-amz-date").and_then(|it| it.to_str().ok()).ok_or_else(wrong)?;
    let time = civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text)
        .and_then(|it| it.to_zoned(TimeZone::UTC))
        .map_err(|_| wrong())?
        .timestamp();
    if now.duration_since(time).abs() <= SKEW {
        return Ok(());
    }
    Err(Exception::denied(format!(
        "the request is of {text}, which is more than 5 minutes from the time here: \
         set the clock of one of both"
    )))
}

fn signing_key(
    known: Option<&Credential>,
    asked: &GetSigningKeyRequest,
) -> Result<GetSigningKeyResponse, BoxError> {
    let unknown = || SignatureError::InvalidClientTokenId(UNKNOWN_KEY.to_owned());
    let found = known.ok_or_else(unknown)?;
    let secret: KSecretKey = found.secret.parse()?;
    let key = secret.to_ksigning(asked.request_date(), asked.region(), asked.service());
    let user = User::new("aws", found.account.as_str(), "/", "annostore")?;
    Ok(GetSigningKeyResponse::builder().principal(user).signing_key(key).build()?)
}

fn refusal(error: &BoxError) -> Exception {
    match error.downcast_ref::<SignatureError>() {
        Some(SignatureError::InternalServiceError(_) | SignatureError::IO(_)) | None => {
            tracing::warn!(%error, "cannot verify a signature");
            Exception::denied("the signature cannot be verified")
        }
        Some(error) => {
            // It may repeat what stands in the request.
            let why: String = error.to_string().chars().take(200).collect();
            let why = if why.is_empty() { "the signature does not match".to_owned() } else { why };
            Exception::denied(why)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples that AWS published for those who write signers: all are of one key, region,
    /// service and second.
    async fn verified(method: &str, target: &str, signature: &str) -> Result<Account, Exception> {
        let credentials = Credentials::parse(
            "[example]
            aws_access_key_id = AKIDEXAMPLE
            aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
            aws_account_id = 123456789012",
        );
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={signature}"
        );
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", "example.amazonaws.com")
            .header("x-amz-date", "20150830T123600Z")
            .header("authorization", authorization);
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let scope = Scope { region: "us-east-1", service: "service" };
        let now = "2015-08-30T12:36:00Z".parse().unwrap();
        verify(&credentials.unwrap(), "AKIDEXAMPLE", scope, &parts, Bytes::new(), now).await
    }

    #[tokio::test]
    async fn published_signatures_are_verified() {
        for (method, target, signature) in [
            ("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "GET",
                "/?Param2=value2&Param1=value1",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "GET",
                "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            ),
        ] {
            let found = verified(method, target, signature).await;
            assert_eq!(found.unwrap().as_str(), "123456789012", "{method} {target}");
            let other = signature.replace('5', "6");
            assert!(verified(method, target, &other).await.is_err(), "{method} {target}");
        }
    }
}
