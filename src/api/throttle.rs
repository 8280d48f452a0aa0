//! Limits on requests in a second, by account and kind of operation.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::model::Account;
use crate::service::Quotas;

/// Which limit an operation counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Operations on shares.
    Share,
    /// Operations on tags.
    Tag,
    /// All others, which have no limit.
    Other,
}

/// Counts requests: a bucket for each account and class, which fills by so many a second and holds as many.
#[derive(Debug)]
pub struct Throttle {
    quotas: Quotas,
    buckets: Mutex<HashMap<(Account, Class), Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Throttle {
    /// No request counted yet.
    pub fn new(quotas: Quotas) -> Self {
        Self { quotas, buckets: Mutex::default() }
    }

    /// Whether a request may go on at this time.
    pub fn admits(&self, account: &Account, class: Class, now: Instant) -> bool {
        let rate = match class {
            Class::Share => self.quotas.share_requests_per_second(),
            Class::Tag => self.quotas.tag_requests_per_second(),
            Class::Other => None,
        };
        let Some(rate) = rate.map(f64::from) else { return true };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket =
            buckets.entry((account.clone(), class)).or_insert(Bucket { left: rate, at: now });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + passed * rate).min(rate);
        bucket.at = now;
        let admits = bucket.left >= 1.0;
        if admits {
            bucket.left -= 1.0;
        }
        admits
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_holds_a_second_s_worth() {
        let throttle = Throttle::new(Quotas::Service);
        let (one, two) =
            (Account::new("111122223333").unwrap(), Account::new("444455556666").unwrap());
        let start = Instant::now();
        let admitted = (0..10).filter(|_| throttle.admits(&one, Class::Tag, start)).count();
        assert_eq!(admitted, 5);
        assert!(throttle.admits(&two, Class::Tag, start), "each account has its own");
        assert!(throttle.admits(&one, Class::Share, start), "each class has its own");
        assert!(!throttle.admits(&one, Class::Share, start + Duration::from_millis(500)));
        assert!(throttle.admits(&one, Class::Share, start + Duration::from_millis(1500)));
        assert!((0..100).all(|_| throttle.admits(&one, Class::Other, start)));
        let unlimited = Throttle::new(Quotas::Unlimited);
        assert!((0..100).all(|_| unlimited.admits(&one, Class::Share, start)));
    }
}
