//! The operations on import jobs.

use super::Service;
use super::page::{List, Listed};
use super::validate::required;
use crate::catalog::{ImportRun, Job, JobFilter, JobStatus, NewJob, OwnerKind};
use crate::check::request::{accept, accept_local, accept_member};
use crate::model::api::{
    FormatOptions, ImportItem, JOB_ID, ListAnnotationImportJobs, StartAnnotationImportJob,
};
use crate::model::{Account, Error, Name, Result};

impl Service {
    /// Begins an import that this process runs: the checks of `StartAnnotationImportJob`, then the
    /// job, `IN_PROGRESS`.
    ///
    /// The source may be a path or `-`, and the role may be absent: the terminal's own is kept
    /// then.
    pub fn begin_import(&self, request: &StartAnnotationImportJob) -> Result<ImportRun> {
        let mut request = request.clone();
        request.role_arn.get_or_insert_with(|| terminal_role(&self.account));
        accept_local(&request)?;
        self.catalog.begin_import(&self.new_job(request, OwnerKind::Terminal)?)
    }

    /// `StartAnnotationImportJob`: makes the job, which waits for a server of the home to run it.
    pub fn start_annotation_import_job(&self, request: &StartAnnotationImportJob) -> Result<Job> {
        accept(request)?;
        let new = self.new_job(request.clone(), OwnerKind::Server)?;
        self.catalog.submit_job(&new, self.quotas.live_jobs())
    }

    /// The job that an accepted request asks for.
    fn new_job(&self, request: StartAnnotationImportJob, owner: OwnerKind) -> Result<NewJob> {
        let store = required("destinationName", request.destination_name)?;
        let version = request.version_name;
        Ok(NewJob {
            account: self.account.clone(),
            store: Name::new("destinationName", &store)?,
            version: version.map(|it| Name::new("versionName", &it)).transpose()?,
            role_arn: required("roleArn", request.role_arn)?,
            source: only_source(request.items.unwrap_or_default())?,
            left_normalize: request.run_left_normalization.unwrap_or_default(),
            format_options: request.format_options.as_ref().and_then(FormatOptions::resolve),
            annotation_fields: request.annotation_fields.unwrap_or_default(),
            owner,
        })
    }

    /// `GetAnnotationImportJob`
    pub fn get_annotation_import_job(&self, id: &str) -> Result<Job> {
        accept_member("jobId", &id, &JOB_ID)?;
        self.catalog.job(&self.account, id)
    }

    /// `ListAnnotationImportJobs`, newest first.
    pub fn list_annotation_import_jobs(
        &self,
        request: &ListAnnotationImportJobs,
    ) -> Result<Listed<Job>> {
        accept(request)?;
        let filter = request.filter.clone().unwrap_or_default();
        let status = filter.status.as_deref().and_then(JobStatus::parse);
        let list = List {
            service: self,
            operation: "ListAnnotationImportJobs",
            filter: (&request.ids, status, &filter.store_name),
        };
        let (after, limit) = list.place(request.max_results, request.next_token.as_deref())?;
        let store = filter.store_name.clone();
        let filter = JobFilter { ids: request.ids.clone(), store, status, after, limit };
        list.page(self.catalog.jobs(&self.account, &filter)?)
    }

    /// `CancelAnnotationImportJob`. A job that has ended is `InvalidInput`. Nothing of a cancelled
    /// job is stored; the process that runs it notices by itself.
    pub fn cancel_annotation_import_job(&self, id: &str) -> Result<Job> {
        accept_member("jobId", &id, &JOB_ID)?;
        self.catalog.cancel_job(&self.account, id)
    }
}

/// The source of the one item that a job takes.
fn only_source(items: Vec<ImportItem>) -> Result<String> {
    let [item] = <[ImportItem; 1]>::try_from(items).map_err(|items| {
        Error::invalid(format!("items has {} entries, but a job takes exactly one", items.len()))
            .with_help("start one job per file")
    })?;
    required("items[0].source", item.source)
}

/// What terminal runs put where the API wants a role.
fn terminal_role(account: &Account) -> String {
    format!("arn:aws:iam::{account}:role/annostore-terminal")
}
