//! Bodies of the operations on import jobs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::FormatOptions;
use super::time;
use crate::catalog::Job;
use crate::service::{Listed, request};

/// `StartAnnotationImportJob`: what `aws omics start-annotation-import-job --cli-input-json` takes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartImportRequest {
    /// `destinationName`
    pub destination_name: Option<String>,
    /// `roleArn`
    pub role_arn: Option<String>,
    /// `items`
    #[serde(default)]
    pub items: Vec<ImportItem>,
    /// `versionName`
    pub version_name: Option<String>,
    /// `formatOptions`
    pub format_options: Option<FormatOptions>,
    /// `runLeftNormalization`
    pub run_left_normalization: Option<bool>,
    /// `annotationFields`
    pub annotation_fields: Option<BTreeMap<String, String>>,
}

/// An item of `items` of a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportItem {
    /// `source`
    pub source: Option<String>,
}

impl From<StartImportRequest> for request::StartImport {
    fn from(it: StartImportRequest) -> Self {
        Self {
            destination_name: it.destination_name,
            version_name: it.version_name,
            role_arn: it.role_arn,
            sources: it.items.into_iter().map(|it| it.source.unwrap_or_default()).collect(),
            format_options: it.format_options.map(Into::into),
            run_left_normalization: it.run_left_normalization,
            annotation_fields: it.annotation_fields.unwrap_or_default(),
        }
    }
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
        let detail = ImportItemDetail { source: it.source.clone(), job_status: it.status.as_str() };
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

/// `ListAnnotationImportJobs`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListJobsRequest {
    /// `ids`
    pub ids: Option<Vec<String>>,
    /// `filter`
    pub filter: Option<JobFilter>,
}

/// `filter` of jobs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobFilter {
    /// `status`
    pub status: Option<String>,
    /// `storeName`
    pub store_name: Option<String>,
}

impl ListJobsRequest {
    /// The request with the page that the query string asks for.
    pub fn on_page(self, page: request::PageOf) -> request::ListJobs {
        let filter = self.filter.unwrap_or_default();
        request::ListJobs {
            ids: self.ids,
            status: filter.status,
            store_name: filter.store_name,
            page,
        }
    }
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
