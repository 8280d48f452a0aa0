//! The one table of the operations: path, method, and what answers.

use axum::http::Method;
use serde_json::Value;

use super::call::Call;
use super::error::Raises;
use super::operations as run;
use super::throttle::Class;
use crate::model::Result;
use crate::service::Service;

/// An operation of the API.
#[derive(Debug)]
pub struct Route {
    /// Its name in the API.
    pub operation: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with labels in braces.
    pub path: &'static str,
    /// The parameters that its query string may have.
    pub parameters: &'static [&'static str],
    /// The exceptions that it raises beside those of all operations.
    pub raises: Raises,
    /// Which limit on requests in a second it counts for.
    pub class: Class,
    /// Carries it out. Nothing means a success without a body (status 204).
    pub run: fn(&Service, &Call) -> Result<Option<Value>>,
}

const PAGE: &[&str] = &["maxResults", "nextToken"];
const FORCE: &[&str] = &["force"];
const KEYS: &[&str] = &["tagKeys"];
const NONE: &[&str] = &[];

const fn raises(conflict: bool, quota: bool) -> Raises {
    Raises { conflict, quota }
}

macro_rules! routes {
    ($($operation:literal $method:ident $path:literal $parameters:ident $conflict:literal $quota:literal $class:ident $run:ident;)*) => {
        &[$(Route {
            operation: $operation,
            method: Method::$method,
            path: $path,
            parameters: $parameters,
            raises: raises($conflict, $quota),
            class: Class::$class,
            run: run::$run,
        }),*]
    };
}

/// All operations. The two flags tell whether the model lets one raise `ConflictException` and `ServiceQuotaExceededException`.
#[rustfmt::skip]
pub const ROUTES: &[Route] = routes! {
    "CreateAnnotationStore"         POST   "/annotationStore"                              NONE  true  true  Other create_store;
    "GetAnnotationStore"            GET    "/annotationStore/{name}"                       NONE  false false Other get_store;
    "ListAnnotationStores"          POST   "/annotationStores"                             PAGE  false false Other list_stores;
    "UpdateAnnotationStore"         POST   "/annotationStore/{name}"                       NONE  false false Other update_store;
    "DeleteAnnotationStore"         DELETE "/annotationStore/{name}"                       FORCE true  false Other delete_store;
    "CreateAnnotationStoreVersion"  POST   "/annotationStore/{name}/version"               NONE  true  true  Other create_version;
    "GetAnnotationStoreVersion"     GET    "/annotationStore/{name}/version/{versionName}" NONE  false false Other get_version;
    "ListAnnotationStoreVersions"   POST   "/annotationStore/{name}/versions"              PAGE  false false Other list_versions;
    "UpdateAnnotationStoreVersion"  POST   "/annotationStore/{name}/version/{versionName}" NONE  false false Other update_version;
    "DeleteAnnotationStoreVersions" POST   "/annotationStore/{name}/versions/delete"       FORCE true  false Other delete_versions;
    "StartAnnotationImportJob"      POST   "/import/annotation"                            NONE  false true  Other start_job;
    "GetAnnotationImportJob"        GET    "/import/annotation/{jobId}"                    NONE  false false Other get_job;
    "ListAnnotationImportJobs"      POST   "/import/annotations"                           PAGE  false false Other list_jobs;
    "CancelAnnotationImportJob"     DELETE "/import/annotation/{jobId}"                    NONE  false false Other cancel_job;
    "CreateShare"                   POST   "/share"                                        NONE  true  true  Share create_share;
    "AcceptShare"                   POST   "/share/{shareId}"                              NONE  true  true  Share accept_share;
    "GetShare"                      GET    "/share/{shareId}"                              NONE  true  true  Share get_share;
    "ListShares"                    POST   "/shares"                                       PAGE  true  true  Share list_shares;
    "DeleteShare"                   DELETE "/share/{shareId}"                              NONE  true  true  Share delete_share;
    "TagResource"                   POST   "/tags/{*resourceArn}"                          NONE  true  true  Tag   tag_resource;
    "UntagResource"                 DELETE "/tags/{*resourceArn}"                          KEYS  true  true  Tag   untag_resource;
    "ListTagsForResource"           GET    "/tags/{*resourceArn}"                          NONE  true  true  Tag   list_tags;
};
