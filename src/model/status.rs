//! The states of what exists, and the sides of a share.

use super::words::words;

words! {
    /// The state of a store or a version.
    pub enum ResourceStatus {
        /// Being made.
        Creating = "CREATING",
        /// Reserved by the API.
        Updating = "UPDATING",
        /// Being deleted.
        Deleting = "DELETING",
        /// Ready.
        Active = "ACTIVE",
        /// Could not be made.
        Failed = "FAILED",
    }
}

words! {
    /// The state of an import job.
    pub enum JobStatus {
        /// Accepted, not begun.
        Submitted = "SUBMITTED",
        /// Running.
        InProgress = "IN_PROGRESS",
        /// Stopped by a person; nothing was stored.
        Cancelled = "CANCELLED",
        /// Everything was stored.
        Completed = "COMPLETED",
        /// Nothing was stored.
        Failed = "FAILED",
        /// The good rows were stored, the others are beside the report.
        CompletedWithFailures = "COMPLETED_WITH_FAILURES",
    }
}

impl JobStatus {
    /// Whether the job still has something to do.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress)
    }
}

words! {
    /// The state of a share.
    pub enum ShareStatus {
        /// Offered, not accepted.
        Pending = "PENDING",
        /// Being accepted.
        Activating = "ACTIVATING",
        /// In force: the subscriber may read the store.
        Active = "ACTIVE",
        /// Being ended.
        Deleting = "DELETING",
        /// Ended by one of both sides, or with its store.
        Deleted = "DELETED",
        /// Could not be made.
        Failed = "FAILED",
    }
}

words! {
    /// Which side of a share an account is on.
    pub enum ShareSide {
        /// Shares of its own stores.
        Owner = "SELF",
        /// Shares that it was offered.
        Subscriber = "OTHER",
    }
}
