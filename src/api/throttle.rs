//! Limits on requests in a second, by account and kind of operation.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::model::Account;
use crate::service::Quotas;

/// Which limit an operation counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Operations on shares.
    Share,
    /// Operations on tags.
    Tag,
    /// All others, which have no limit.
    Other,
}

/// Counts the requests of each account by the class of their operations.
pub struct Throttle<C: Clock = DefaultClock> {
    share: Option<Buckets<C>>,
    tag: Option<Buckets<C>>,
}

impl Throttle {
    /// No request counted yet.
    pub fn new(quotas: Quotas) -> Self {
        Self::with_clock(quotas, &DefaultClock::default())
    }
}

impl<C: Clock + Clone> Throttle<C> {
    fn with_clock(quotas: Quotas, clock: &C) -> Self {
        let buckets =
            |rate: Option<u32>| Some(Buckets::new(NonZeroU32::new(rate?)?, clock.clone()));
        Self {
            share: buckets(quotas.share_requests_per_second()),
            tag: buckets(quotas.tag_requests_per_second()),
        }
    }

    /// Whether a request may go on now.
    pub fn admits(&self, account: &Account, class: Class) -> bool {
        let buckets = match class {
            Class::Share => &self.share,
            Class::Tag => &self.tag,
            Class::Other => &None,
        };
        buckets.as_ref().is_none_or(|it| it.admits(account))
    }
}

/// Requests between two looks for buckets that are full again.
const SWEEP: usize = 1024;

/// A bucket for each account, which fills by so many a second and holds as many.
struct Buckets<C: Clock> {
    limiter: RateLimiter<Account, HashMapStateStore<Account>, C, NoOpMiddleware<C::Instant>>,
    requests: AtomicUsize,
}

impl<C: Clock> Buckets<C> {
    fn new(rate: NonZeroU32, clock: C) -> Self {
        let limiter = RateLimiter::hashmap_with_clock(Quota::per_second(rate), clock);
        Self { limiter, requests: AtomicUsize::new(0) }
    }

    fn admits(&self, account: &Account) -> bool {
        // A full bucket is as good as none. So there are no more of them than accounts that called
        // within the last second, and since the last look.
        if self.requests.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(account).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn account(number: usize) -> Account {
        Account::new(&format!("{number:012}")).unwrap()
    }

    #[test]
    fn a_bucket_holds_a_second_s_worth() {
        let clock = FakeRelativeClock::default();
        let throttle = Throttle::with_clock(Quotas::Service, &clock);
        let (one, two) = (account(1), account(2));
        let admitted = (0..10).filter(|_| throttle.admits(&one, Class::Tag)).count();
        assert_eq!(admitted, 5);
        assert!(throttle.admits(&two, Class::Tag), "each account has its own");
        assert!(throttle.admits(&one, Class::Share), "each class has its own");
        clock.advance(Duration::from_millis(500));
        assert!(!throttle.admits(&one, Class::Share));
        clock.advance(Duration::from_secs(1));
        assert!(throttle.admits(&one, Class::Share));
        assert!((0..100).all(|_| throttle.admits(&one, Class::Other)));
        let unlimited = Throttle::with_clock(Quotas::Unlimited, &clock);
        assert!((0..100).all(|_| unlimited.admits(&one, Class::Share)));
    }

    #[test]
    fn accounts_that_stopped_calling_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let throttle = Throttle::with_clock(Quotas::Service, &clock);
        let held = || throttle.tag.as_ref().map(|it| it.limiter.len()).unwrap();
        for number in 0..3 * SWEEP {
            assert!(throttle.admits(&account(number), Class::Tag));
        }
        assert_eq!(held(), 3 * SWEEP, "all of them called just now");
        clock.advance(Duration::from_secs(2));
        for _ in 0..SWEEP {
            throttle.admits(&account(0), Class::Tag);
        }
        assert_eq!(held(), 1);
    }
}
