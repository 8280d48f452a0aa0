//! The operations on import jobs.

use super::page::{List, Listed};
use super::request::{ListJobs, StartImport};
use super::{Service, validate};
use crate::catalog::{ImportRun, Job, JobFilter, NewJob, OwnerKind};
use crate::model::{Account, Error, Result};

impl Service {
    /// Begins an import that this process runs: the checks of `StartAnnotationImportJob`, then the job, `IN_PROGRESS`.
    ///
    /// The role may be absent: the terminal's own is kept then.
    pub fn begin_import(&self, request: &StartImport) -> Result<ImportRun> {
        let role = request.role_arn.clone().unwrap_or_else(|| terminal_role(&self.account));
        let new = self.check_import(request, role, OwnerKind::Terminal)?;
        self.catalog.begin_import(&new)
    }

    /// `StartAnnotationImportJob`: makes the job, which waits for a server of the home to run it.
    pub fn start_annotation_import_job(&self, request: &StartImport) -> Result<Job> {
        let role = validate::required("roleArn", request.role_arn.clone())?;
        for (index, source) in request.sources.iter().enumerate() {
            validate::s3_uri(&format!("items[{index}].source"), source)?;
        }
        let new = self.check_import(request, role, OwnerKind::Server)?;
        self.catalog.submit_job(&new, self.quotas.live_jobs())
    }

    fn check_import(
        &self,
        request: &StartImport,
        role_arn: String,
        owner: OwnerKind,
    ) -> Result<NewJob> {
        let store = request.destination_name.as_deref();
        let store =
            validate::name("destinationName", validate::required("destinationName", store)?)?;
        let version = request.version_name.as_deref();
        let version = version.map(|it| validate::name("versionName", it)).transpose()?;
        validate::role_arn(&role_arn)?;
        let [source] = &request.sources[..] else {
            return Err(Error::invalid(format!(
                "items has {} entries, but a job takes exactly one",
                request.sources.len()
            ))
            .with_help("start one job per file"));
        };
        validate::source(source)?;
        validate::annotation_fields(&request.annotation_fields)?;
        let format_options =
            request.format_options.as_ref().map(validate::check_format_options).transpose()?;
        Ok(NewJob {
            account: self.account.clone(),
            source: source.clone(),
            left_normalize: request.run_left_normalization.unwrap_or_default(),
            annotation_fields: request.annotation_fields.clone(),
            store,
            version,
            role_arn,
            format_options,
            owner,
        })
    }

    /// `GetAnnotationImportJob`
    pub fn get_annotation_import_job(&self, id: &str) -> Result<Job> {
        validate::job_id(id)?;
        self.catalog.job(&self.account, id)
    }

    /// `ListAnnotationImportJobs`, newest first.
    pub fn list_annotation_import_jobs(&self, request: &ListJobs) -> Result<Listed<Job>> {
        validate::ids(request.ids.as_deref())?;
        let status = validate::job_status(request.status.as_deref())?;
        let list = List {
            service: self,
            operation: "ListAnnotationImportJobs",
            filter: (&request.ids, status, &request.store_name),
        };
        let (after, limit) = list.place(&request.page)?;
        let filter = JobFilter {
            ids: request.ids.clone(),
            store: request.store_name.clone(),
            status,
            after,
            limit,
        };
        list.page(self.catalog.jobs(&self.account, &filter)?)
    }

    /// `CancelAnnotationImportJob`. A job that has ended is `InvalidInput`. Nothing of a cancelled job is stored; the process that runs it
    /// notices by itself.
    pub fn cancel_annotation_import_job(&self, id: &str) -> Result<Job> {
        validate::job_id(id)?;
        self.catalog.cancel_job(&self.account, id)
    }
}

/// What terminal runs put where the API wants a role.
fn terminal_role(account: &Account) -> String {
    format!("arn:aws:iam::{account}:role/annostore-terminal")
}
