//! Bodies of the operations on tags.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `TagResource`; the resource's ARN is in the path.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TagRequest {
    /// `tags`
    pub tags: Option<BTreeMap<String, String>>,
}

/// What `ListTagsForResource` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagsResponse {
    /// `tags`
    pub tags: BTreeMap<String, String>,
}
