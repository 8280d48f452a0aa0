//! The operations on shares.

use serde::Serialize;

use super::answer::{Answer, answer, time};
use crate::api::call::Call;
use crate::api::route::{Route, routes};
use crate::catalog::Share;
use crate::model::api::ListShares;
use crate::service::{Listed, Service};

pub(super) const ROUTES: &[Route] = routes! {
    "CreateShare" create_share:
        POST "/share" NONE true true Share;
    "AcceptShare" accept_share:
        POST "/share/{shareId}" NONE true true Share;
    "GetShare" get_share:
        GET "/share/{shareId}" NONE true true Share;
    "ListShares" list_shares:
        POST "/shares" PAGE true true Share;
    "DeleteShare" delete_share:
        DELETE "/share/{shareId}" NONE true true Share;
};

fn create_share(service: &Service, call: &Call) -> Answer {
    answer(CreateShareResponse::from(&service.create_share(&call.body()?)?))
}

fn accept_share(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let share = service.accept_share(call.label("shareId")?)?;
    answer(ShareStatusResponse { status: share.status.as_str() })
}

fn get_share(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let share = service.get_share(call.label("shareId")?)?;
    answer(GetShareResponse { share: ShareDetails::new(service, &share) })
}

fn list_shares(service: &Service, call: &Call) -> Answer {
    let (max_results, next_token) = call.page()?;
    let request = ListShares { max_results, next_token, ..call.body()? };
    answer(ListSharesResponse::new(service, &service.list_shares(&request)?))
}

fn delete_share(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let share = service.delete_share(call.label("shareId")?)?;
    answer(ShareStatusResponse { status: share.status.as_str() })
}

/// What `CreateShare` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateShareResponse {
    /// `shareId`
    pub share_id: String,
    /// `status`
    pub status: &'static str,
    /// `shareName`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_name: Option<String>,
}

impl From<&Share> for CreateShareResponse {
    fn from(it: &Share) -> Self {
        Self { share_id: it.id.clone(), status: it.status.as_str(), share_name: it.name.clone() }
    }
}

/// What `AcceptShare` and `DeleteShare` answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareStatusResponse {
    /// `status`
    pub status: &'static str,
}

/// What `GetShare` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetShareResponse {
    /// `share`
    pub share: ShareDetails,
}

/// What `ListShares` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListSharesResponse {
    /// `shares`
    pub shares: Vec<ShareDetails>,
    /// `nextToken`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl ListSharesResponse {
    /// The page as the service shows it.
    pub fn new(service: &Service, page: &Listed<Share>) -> Self {
        Self {
            shares: page.items.iter().map(|it| ShareDetails::new(service, it)).collect(),
            next_token: page.next_token.clone(),
        }
    }
}

/// A share as the service shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareDetails {
    /// `shareId`
    pub share_id: String,
    /// `resourceArn`
    pub resource_arn: String,
    /// `resourceId`
    pub resource_id: String,
    /// `principalSubscriber`
    pub principal_subscriber: String,
    /// `ownerId`
    pub owner_id: String,
    /// `status`
    pub status: &'static str,
    /// `statusMessage`
    pub status_message: String,
    /// `shareName`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_name: Option<String>,
    /// `creationTime`
    pub creation_time: String,
    /// `updateTime`
    pub update_time: String,
}

impl ShareDetails {
    /// The share with its ARN.
    pub fn new(service: &Service, it: &Share) -> Self {
        Self {
            share_id: it.id.clone(),
            resource_arn: service.shared_arn(it).to_string(),
            resource_id: it.store_id.clone(),
            principal_subscriber: it.subscriber.to_string(),
            owner_id: it.owner.to_string(),
            status: it.status.as_str(),
            status_message: it.status_message.clone(),
            share_name: it.name.clone(),
            creation_time: time(it.created),
            update_time: time(it.updated),
        }
    }
}
