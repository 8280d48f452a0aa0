//! The operations on import jobs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Map;

use super::answer::{Answer, answer, response, time};
use crate::api::call::Call;
use crate::api::route::{Route, routes};
use crate::catalog::Job;
use crate::model::api::{FormatOptions, ListAnnotationImportJobs};
use crate::service::{Listed, Service};

pub(super) const ROUTES: &[Route] = routes! {
    "StartAnnotationImportJob" start_job:
        POST "/import/annotation" NONE false true Other;
    "GetAnnotationImportJob" get_job:
        GET "/import/annotation/{jobId}" NONE false false Other;
    "ListAnnotationImportJobs" list_jobs:
        POST "/import/annotations" PAGE false false Other;
    "CancelAnnotationImportJob" cancel_job:
        DELETE "/import/annotation/{jobId}" NONE false false Other;
};

fn start_job(service: &Service, call: &Call) -> Answer {
    let job = service.start_annotation_import_job(&call.body()?)?;
    answer(StartImportResponse { job_id: job.id })
}

fn get_job(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    answer(GetImportJobResponse::new(&service.get_annotation_import_job(call.label("jobId")?)?))
}

fn list_jobs(service: &Service, call: &Call) -> Answer {
    let (max_results, next_token) = call.page()?;
    let request = ListAnnotationImportJobs { max_results, next_token, ..call.body()? };
    answer(ListJobsResponse::new(&service.list_annotation_import_jobs(&request)?))
}

fn cancel_job(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    service.cancel_annotation_import_job(call.label("jobId")?)?;
    answer(Map::new())
}

/// What `StartAnnotationImportJob` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StartImportResponse {
    /// `jobId`
    pub job_id: String,
}

response! {
    /// What `GetAnnotationImportJob` answers.
    GetImportJobResponse(it: &Job) {
        #[serde(flatten)]
        item: ImportJobItem = ImportJobItem::new(it);
        status_message: String = it.status_message.clone();
        items: Vec<ImportItemDetail> = vec![ImportItemDetail::new(it)];
        #[serde(skip_serializing_if = "Option::is_none")]
        format_options: Option<FormatOptions> = it.format_options.as_ref().map(Into::into);
    }
}

response! {
    /// An item of `items` of a job.
    ImportItemDetail(it: &Job) {
        source: String = it.source.clone();
        job_status: &'static str = it.status.as_str();
    }
}

response! {
    /// What `ListAnnotationImportJobs` answers.
    ListJobsResponse(page: &Listed<Job>) {
        annotation_import_jobs: Vec<ImportJobItem> =
            page.items.iter().map(ImportJobItem::new).collect();
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String> = page.next_token.clone();
    }
}

response! {
    /// An item of `annotationImportJobs`.
    ImportJobItem(it: &Job) {
        id: String = it.id.clone();
        destination_name: String = it.store_name.to_string();
        version_name: String = it.version_name.to_string();
        role_arn: String = it.role_arn.clone();
        status: &'static str = it.status.as_str();
        creation_time: String = time(it.created);
        update_time: String = time(it.updated);
        #[serde(skip_serializing_if = "Option::is_none")]
        completion_time: Option<String> = it.completed.map(time);
        run_left_normalization: bool = it.left_normalize;
        annotation_fields: BTreeMap<String, String> = it.annotation_fields.clone();
    }
}
