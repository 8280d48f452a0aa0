//! What each operation does: its request from the wire, the service, its answer to the wire.

use serde::Serialize;
use serde_json::{Map, Value};

use super::call::Call;
use super::dto::{
    CreateShareRequest, CreateShareResponse, CreateStoreRequest, CreateStoreResponse,
    CreateVersionRequest, CreateVersionResponse, DeleteStoreResponse, DeleteVersionsRequest,
    DeleteVersionsResponse, GetImportJobResponse, GetShareResponse, GetStoreResponse,
    GetVersionResponse, ListJobsRequest, ListJobsResponse, ListSharesRequest, ListSharesResponse,
    ListStoresRequest, ListStoresResponse, ListVersionsRequest, ListVersionsResponse, ShareDetails,
    ShareStatusResponse, StartImportRequest, StartImportResponse, TagRequest, TagsResponse,
    UpdateRequest, UpdateStoreResponse, UpdateVersionResponse,
};
use crate::model::{Error, Result};
use crate::service::Service;

type Answer = Result<Option<Value>>;

pub(super) fn create_store(service: &Service, call: &Call) -> Answer {
    let request: CreateStoreRequest = call.body()?;
    body(CreateStoreResponse::from(&service.create_annotation_store(&request.into())?))
}

pub(super) fn get_store(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    body(GetStoreResponse::new(service, &service.get_annotation_store(call.label("name")?)?))
}

pub(super) fn list_stores(service: &Service, call: &Call) -> Answer {
    let request: ListStoresRequest = call.body()?;
    let listed = service.list_annotation_stores(&request.on_page(call.page()?))?;
    body(ListStoresResponse::new(service, &listed))
}

pub(super) fn update_store(service: &Service, call: &Call) -> Answer {
    let request: UpdateRequest = call.body()?;
    let name = call.label("name")?;
    let store = service.update_annotation_store(name, request.description.as_deref())?;
    body(UpdateStoreResponse::from(&store))
}

pub(super) fn delete_store(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let status = service.delete_annotation_store(call.label("name")?, call.flag("force")?)?;
    body(DeleteStoreResponse { status: status.as_str() })
}

pub(super) fn create_version(service: &Service, call: &Call) -> Answer {
    let request: CreateVersionRequest = call.body()?;
    if request.name.is_some() {
        return Err(Error::invalid("name is in the path, and no member of the body"));
    }
    let request = request.of_store(call.label("name")?.to_owned());
    body(CreateVersionResponse::from(&service.create_annotation_store_version(&request)?))
}

pub(super) fn get_version(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let (store, version) = (call.label("name")?, call.label("versionName")?);
    body(GetVersionResponse::new(service, &service.get_annotation_store_version(store, version)?))
}

pub(super) fn list_versions(service: &Service, call: &Call) -> Answer {
    let request: ListVersionsRequest = call.body()?;
    let request = request.on_page(call.label("name")?.to_owned(), call.page()?);
    body(ListVersionsResponse::new(service, &service.list_annotation_store_versions(&request)?))
}

pub(super) fn update_version(service: &Service, call: &Call) -> Answer {
    let request: UpdateRequest = call.body()?;
    let (store, version) = (call.label("name")?, call.label("versionName")?);
    let description = request.description.as_deref();
    let version = service.update_annotation_store_version(store, version, description)?;
    body(UpdateVersionResponse::from(&version))
}

pub(super) fn delete_versions(service: &Service, call: &Call) -> Answer {
    let request: DeleteVersionsRequest = call.body()?;
    let (name, force) = (call.label("name")?, call.flag("force")?);
    let errors = service.delete_annotation_store_versions(name, &request.versions, force)?;
    body(DeleteVersionsResponse::from(errors))
}

pub(super) fn start_job(service: &Service, call: &Call) -> Answer {
    let request: StartImportRequest = call.body()?;
    let job = service.start_annotation_import_job(&request.into())?;
    body(StartImportResponse { job_id: job.id })
}

pub(super) fn get_job(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    body(GetImportJobResponse::from(&service.get_annotation_import_job(call.label("jobId")?)?))
}

pub(super) fn list_jobs(service: &Service, call: &Call) -> Answer {
    let request: ListJobsRequest = call.body()?;
    let listed = service.list_annotation_import_jobs(&request.on_page(call.page()?))?;
    body(ListJobsResponse::from(&listed))
}

pub(super) fn cancel_job(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    service.cancel_annotation_import_job(call.label("jobId")?)?;
    body(Map::new())
}

pub(super) fn create_share(service: &Service, call: &Call) -> Answer {
    let request: CreateShareRequest = call.body()?;
    body(CreateShareResponse::from(&service.create_share(&request.into())?))
}

pub(super) fn accept_share(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let share = service.accept_share(call.label("shareId")?)?;
    body(ShareStatusResponse { status: share.status.as_str() })
}

pub(super) fn get_share(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let share = service.get_share(call.label("shareId")?)?;
    body(GetShareResponse { share: ShareDetails::new(service, &share) })
}

pub(super) fn list_shares(service: &Service, call: &Call) -> Answer {
    let request: ListSharesRequest = call.body()?;
    let listed = service.list_shares(&request.on_page(call.page()?))?;
    body(ListSharesResponse::new(service, &listed))
}

pub(super) fn delete_share(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let share = service.delete_share(call.label("shareId")?)?;
    body(ShareStatusResponse { status: share.status.as_str() })
}

pub(super) fn tag_resource(service: &Service, call: &Call) -> Answer {
    let request: TagRequest = call.body()?;
    service.tag_resource(call.label("resourceArn")?, request.tags.as_ref())?;
    Ok(None)
}

pub(super) fn untag_resource(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    // An empty list leaves no trace in a query string, and is allowed.
    let keys = call.all("tagKeys").unwrap_or_default();
    service.untag_resource(call.label("resourceArn")?, Some(&keys))?;
    Ok(None)
}

pub(super) fn list_tags(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let tags = service.list_tags_for_resource(call.label("resourceArn")?)?;
    body(TagsResponse { tags })
}

fn body(answer: impl Serialize) -> Answer {
    serde_json::to_value(answer)
        .map(Some)
        .map_err(|error| Error::internal("cannot write JSON").with_source(error))
}
