//! Requests about shares.

use super::value::{ARN, NEXT_TOKEN};
use crate::model::shape::{Form, Shape, object};
use crate::model::{Account, ShareSide, ShareStatus, pattern};

use Form::Of;
use Shape::{List, Number, Text, Word};

/// The kinds of resources that the API shares.
const TYPES: Shape = Word(&["VARIANT_STORE", ShareFilter::STORES, "WORKFLOW"]);

object! {
    /// `CreateShare`
    Structure CreateShare {
        /// `resourceArn`, of a store of the caller.
        required "resourceArn" resource_arn: String = ARN;
        /// `principalSubscriber`, the account that is to read the store.
        required "principalSubscriber" principal_subscriber: String =
            Text(0..=usize::MAX, Of(|it| Account::new(it).is_ok(), "the 12 digits of an account"));
        /// `shareName`
        optional "shareName" share_name: String =
            Text(1..=256, Of(pattern::is_share_name, "letters, digits, `_` and `-`"));
    }
}

object! {
    /// `ListShares`
    Structure ListShares {
        /// `resourceOwner`
        required "resourceOwner" resource_owner: String = Word(ShareSide::WORDS);
        /// `filter`
        optional "filter" filter: ShareFilter = ShareFilter::SHAPE;
        /// `maxResults`, in the query string over HTTP. The API gives it no upper limit, unlike
        /// those of other lists.
        #[serde(skip_deserializing)]
        optional "maxResults" max_results: i64 = Number(1..=i64::MAX);
        /// `nextToken`, in the query string over HTTP.
        #[serde(skip_deserializing)]
        optional "nextToken" next_token: String = NEXT_TOKEN;
    }
}

object! {
    /// `filter` of shares.
    Structure ShareFilter {
        /// `resourceArns`
        optional "resourceArns" resource_arns: Vec<String> = List(&ANY, 1..=10);
        /// `status`
        optional "status" status: Vec<String> = List(&Word(ShareStatus::WORDS), 1..=10);
        /// `type`
        optional "type" types: Vec<String> = List(&TYPES, 1..=10);
    }
}

impl ShareFilter {
    /// The only kind of resource that is shared here.
    pub const STORES: &'static str = "ANNOTATION_STORE";
}

const ANY: Shape = Text(0..=usize::MAX, Form::Any);
