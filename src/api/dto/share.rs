//! Bodies of the operations on shares.

use serde::{Deserialize, Serialize};

use super::time;
use crate::catalog::Share;
use crate::service::{Listed, Service, request};

/// `CreateShare`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateShareRequest {
    /// `resourceArn`
    pub resource_arn: Option<String>,
    /// `principalSubscriber`
    pub principal_subscriber: Option<String>,
    /// `shareName`
    pub share_name: Option<String>,
}

impl From<CreateShareRequest> for request::CreateShare {
    fn from(it: CreateShareRequest) -> Self {
        Self {
            resource_arn: it.resource_arn,
            principal_subscriber: it.principal_subscriber,
            share_name: it.share_name,
        }
    }
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

/// `ListShares`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListSharesRequest {
    /// `resourceOwner`
    pub resource_owner: Option<String>,
    /// `filter`
    pub filter: Option<ShareFilter>,
}

/// `filter` of shares.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShareFilter {
    /// `resourceArns`
    pub resource_arns: Option<Vec<String>>,
    /// `status`
    pub status: Option<Vec<String>>,
    /// `type`
    #[serde(rename = "type")]
    pub types: Option<Vec<String>>,
}

impl ListSharesRequest {
    /// The request with the page that the query string asks for.
    pub fn on_page(self, page: request::PageOf) -> request::ListShares {
        let filter = self.filter.unwrap_or_default();
        request::ListShares {
            resource_owner: self.resource_owner,
            resource_arns: filter.resource_arns,
            status: filter.status,
            types: filter.types,
            page,
        }
    }
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
