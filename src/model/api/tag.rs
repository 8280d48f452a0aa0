//! Requests about tags. The resource's ARN is in the path.

use std::collections::BTreeMap;

use super::value::{MAX_TAGS, TAG_KEY, TAGS};
use crate::model::pattern;
use crate::model::shape::{Form, Shape, object};

/// The ARN of a resource that has tags.
pub const TAGGED_ARN: Shape = Shape::Text(
    1..=150,
    Form::Of(
        pattern::is_arn,
        "an ARN such as arn:aws:omics:us-east-1:000000000000:annotationStore/clinvar",
    ),
);

object! {
    /// `TagResource`
    Structure TagResource {
        /// `tags`
        required "tags" tags: BTreeMap<String, String> = TAGS;
    }
}

object! {
    /// `UntagResource`
    Structure UntagResource {
        /// `tagKeys`, in the query string over HTTP.
        #[serde(skip_deserializing)]
        required "tagKeys" tag_keys: Vec<String> = Shape::List(&TAG_KEY, 0..=MAX_TAGS);
    }
}
