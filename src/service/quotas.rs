//! How much an account may have.

/// The limits of the service on an account, beside those on single members, which always hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quotas {
    /// None: the disk is the limit.
    #[default]
    Unlimited,
    /// Those that the service gives a new account.
    Service,
}

impl Quotas {
    /// Stores of an account.
    pub fn stores(self) -> Option<u32> {
        self.limit(10)
    }

    /// Shares of a store that have not ended.
    pub fn shares_per_store(self) -> Option<u32> {
        self.limit(10)
    }

    /// Import jobs of an account that run or wait.
    pub fn live_jobs(self) -> Option<u32> {
        self.limit(5)
    }

    /// Bytes of a file that is imported.
    pub fn file_bytes(self) -> Option<u64> {
        self.limit(20_000_000_000)
    }

    /// Requests about shares that an account may send in a second.
    pub fn share_requests_per_second(self) -> Option<u32> {
        self.limit(1)
    }

    /// Requests about tags that an account may send in a second.
    pub fn tag_requests_per_second(self) -> Option<u32> {
        self.limit(5)
    }

    fn limit<T>(self, most: T) -> Option<T> {
        (self == Self::Service).then_some(most)
    }
}
