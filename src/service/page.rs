//! `maxResults` and `nextToken`.
//!
//! A token names the place where the next page begins, under a keyed digest of that place, the
//! operation, the account and the filter. So a token that was made up, or comes from another list,
//! is refused.

use std::fmt::Debug;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Service;
use crate::catalog::Page;
use crate::model::{Error, Result};
use crate::read::source::hex;

/// Items of a page when `maxResults` is absent, and at most.
const MOST: u32 = 100;

/// One page of a list, newest first.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// `nextToken`: asks for the next page, if there is one.
    pub next_token: Option<String>,
}

/// A list operation with its filter, to which a token is bound.
pub(super) struct List<'a, F> {
    pub(super) service: &'a Service,
    pub(super) operation: &'static str,
    pub(super) filter: F,
}

impl<F: Debug> List<'_, F> {
    /// Where the page begins, and how many items it may have.
    pub(super) fn place(
        &self,
        max_results: Option<i64>,
        next_token: Option<&str>,
    ) -> Result<(Option<i64>, u32)> {
        let limit = max_results.and_then(|it| u32::try_from(it).ok()).unwrap_or(MOST).min(MOST);
        Ok((next_token.map(|it| self.read_token(it)).transpose()?, limit))
    }

    /// The page with the token of the next one.
    pub(super) fn page<T>(&self, page: Page<T>) -> Result<Listed<T>> {
        let next_token = page.next.map(|it| self.token(it)).transpose()?;
        Ok(Listed { items: page.items, next_token })
    }

    fn read_token(&self, token: &str) -> Result<i64> {
        let place =
            token.split_once('-').and_then(|(place, _)| i64::from_str_radix(place, 16).ok());
        if let Some(place) = place
            && self.token(place)? == token
        {
            return Ok(place);
        }
        Err(Error::invalid("nextToken is not one that this list gave out").with_help(
            "give the nextToken of the page before, with the same filter, \
                 or leave it out to begin anew",
        ))
    }

    fn token(&self, place: i64) -> Result<String> {
        let secret = self.service.catalog.secret()?;
        let bound =
            format!("{place:x} {} {} {:?}", self.operation, self.service.account, self.filter);
        let mac = Hmac::<Sha256>::new_from_slice(&secret)
            .map_err(|_| Error::internal("the secret of the home signs nothing"))?;
        let digest = mac.chain_update(bound).finalize().into_bytes();
        Ok(format!("{place:x}-{}", hex(&digest[..16])))
    }
}
