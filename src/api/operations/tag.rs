//! The operations on tags.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answer::{Answer, answer};
use crate::api::call::Call;
use crate::api::route::{Route, routes};
use crate::model::api::UntagResource;
use crate::service::Service;

pub(super) const ROUTES: &[Route] = routes! {
    "TagResource" tag_resource:
        POST "/tags/{*resourceArn}" NONE true true Tag;
    "UntagResource" untag_resource:
        DELETE "/tags/{*resourceArn}" KEYS true true Tag;
    "ListTagsForResource" list_tags:
        GET "/tags/{*resourceArn}" NONE true true Tag;
};

fn tag_resource(service: &Service, call: &Call) -> Answer {
    service.tag_resource(call.label("resourceArn")?, &call.body()?)?;
    Ok(None)
}

fn untag_resource(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    // An empty list leaves no trace in a query string, and is allowed.
    let tag_keys = Some(call.all("tagKeys").unwrap_or_default());
    service.untag_resource(call.label("resourceArn")?, &UntagResource { tag_keys })?;
    Ok(None)
}

fn list_tags(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let tags = service.list_tags_for_resource(call.label("resourceArn")?)?;
    answer(TagsResponse { tags })
}

/// What `ListTagsForResource` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagsResponse {
    /// `tags`
    pub tags: BTreeMap<String, String>,
}
