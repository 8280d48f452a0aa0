//! The operations on shares.

use serde::Serialize;

use super::answer::{Answer, answer, response, time};
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
    answer(CreateShareResponse::new(&service.create_share(&call.body()?)?))
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

response! {
    /// What `CreateShare` answers.
    CreateShareResponse(it: &Share) {
        share_id: String = it.id.clone();
        status: &'static str = it.status.as_str();
        #[serde(skip_serializing_if = "Option::is_none")]
        share_name: Option<String> = it.name.clone();
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

response! {
    /// What `ListShares` answers.
    ListSharesResponse(service: &Service, page: &Listed<Share>) {
        shares: Vec<ShareDetails> =
            page.items.iter().map(|it| ShareDetails::new(service, it)).collect();
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String> = page.next_token.clone();
    }
}

response! {
    /// A share as the service shows it.
    ShareDetails(service: &Service, it: &Share) {
        share_id: String = it.id.clone();
        resource_arn: String = service.shared_arn(it).to_string();
        resource_id: String = it.store_id.clone();
        principal_subscriber: String = it.subscriber.to_string();
        owner_id: String = it.owner.to_string();
        status: &'static str = it.status.as_str();
        status_message: String = it.status_message.clone();
        #[serde(skip_serializing_if = "Option::is_none")]
        share_name: Option<String> = it.name.clone();
        creation_time: String = time(it.created);
        update_time: String = time(it.updated);
    }
}
