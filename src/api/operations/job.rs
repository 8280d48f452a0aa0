//! The operations on import jobs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Map;

use super::answer::{Answer, answer, time};
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
    answer(GetImportJobResponse::from(&service.get_annotation_import_job(call.label("jobId")?)?))
}

fn list_jobs(service: &Service, call: &Call) -> Answer {
    let (max_results, next_token) = call.page()?;
    let request = ListAnnotationImportJobs { max_results, next_token, ..call.body()? };
    answer(ListJobsResponse::from(&service.list_annotation_import_jobs(&request)?))
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

/// What `GetAnnotationImportJob` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetImportJobResponse {
    /// The members that an item of the list has too.
    #[serde(flatten)]
    pub item: ImportJobItem,
    /// `statusMessage`
    pub status_message: String,
    /// `items`
    pub items: Vec<ImportItemDetail>,
    /// `formatOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format_options: Option<FormatOptions>,
}

impl From<&Job> for GetImportJobResponse {
    fn from(it: &Job) -> Self {
        let (source, job_status) = (it.source.clone(), it.status.as_str());
        let detail = ImportItemDetail { source, job_status };
        Self {
            item: it.into(),
            status_message: it.status_message.clone(),
            items: vec![detail],
            format_options: it.format_options.as_ref().map(Into::into),
        }
    }
}

/// An item of `items` of a job.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportItemDetail {
    /// `source`
    pub source: String,
    /// `jobStatus`
    pub job_status: &'static str,
}

/// What `ListAnnotationImportJobs` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListJobsResponse {
    /// `annotationImportJobs`
    pub annotation_import_jobs: Vec<ImportJobItem>,
    /// `nextToken`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl From<&Listed<Job>> for ListJobsResponse {
    fn from(page: &Listed<Job>) -> Self {
        Self {
            annotation_import_jobs: page.items.iter().map(Into::into).collect(),
            next_token: page.next_token.clone(),
        }
    }
}

/// An item of `annotationImportJobs`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportJobItem {
    /// `id`
    pub id: String,
    /// `destinationName`
    pub destination_name: String,
    /// `versionName`
    pub version_name: String,
    /// `roleArn`
    pub role_arn: String,
    /// `status`
    pub status: &'static str,
    /// `creationTime`
    pub creation_time: String,
    /// `updateTime`
    pub update_time: String,
    /// `completionTime`, once the job has ended
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_time: Option<String>,
    /// `runLeftNormalization`
    pub run_left_normalization: bool,
    /// `annotationFields`
    pub annotation_fields: BTreeMap<String, String>,
}

impl From<&Job> for ImportJobItem {
    fn from(it: &Job) -> Self {
        Self {
            id: it.id.clone(),
            destination_name: it.store_name.to_string(),
            version_name: it.version_name.to_string(),
            role_arn: it.role_arn.clone(),
            status: it.status.as_str(),
            creation_time: time(it.created),
            update_time: time(it.updated),
            completion_time: it.completed.map(time),
            run_left_normalization: it.left_normalize,
            annotation_fields: it.annotation_fields.clone(),
        }
    }
}
