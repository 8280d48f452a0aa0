//! Requests about import jobs.

use std::collections::BTreeMap;

use super::options::FormatOptions;
use super::value::{IDS, MAX_RESULTS, NAME, NEXT_TOKEN};
use crate::model::shape::{Form, Shape, object};
use crate::model::{JobStatus, pattern};

use Form::{Any, Of, Source};
use Shape::{Boolean, List, Map, Text, Word};

/// The id of a job: a UUID in lower case.
pub const JOB_ID: Shape = Text(
    0..=usize::MAX,
    Of(pattern::is_uuid, "a UUID in lower case, as `annostore job list` shows"),
);

const ROLE_ARN: Shape = Text(
    20..=2048,
    Of(pattern::is_role_arn, "an ARN such as arn:aws:iam::000000000000:role/importer"),
);
const FIELD: Shape = Text(1..=21, Any);

object! {
    /// `StartAnnotationImportJob`
    Structure StartAnnotationImportJob {
        /// `destinationName`
        required "destinationName" destination_name: String = NAME;
        /// `roleArn`. The terminal has one of its own.
        required "roleArn" role_arn: String = ROLE_ARN;
        /// `items`, of which annostore takes one at a time.
        required "items" items: Vec<ImportItem> = List(&ImportItem::SHAPE, 1..=usize::MAX);
        /// `versionName`: the store's first version where absent.
        optional "versionName" version_name: String = NAME;
        /// `formatOptions`
        optional "formatOptions" format_options: FormatOptions = FormatOptions::SHAPE;
        /// `runLeftNormalization`: false where absent.
        optional "runLeftNormalization" run_left_normalization: bool = Boolean;
        /// `annotationFields`
        optional "annotationFields" annotation_fields: BTreeMap<String, String> =
            Map(&FIELD, &FIELD, 0..=usize::MAX);
    }
}

object! {
    /// An item of `items`.
    Structure ImportItem {
        /// `source`
        required "source" source: String = Text(1..=usize::MAX, Source);
    }
}

impl From<String> for ImportItem {
    fn from(source: String) -> Self {
        Self { source: Some(source) }
    }
}

object! {
    /// `ListAnnotationImportJobs`
    Structure ListAnnotationImportJobs {
        /// `ids`
        optional "ids" ids: Vec<String> = IDS;
        /// `filter`
        optional "filter" filter: JobFilter = JobFilter::SHAPE;
        /// `maxResults`, in the query string over HTTP.
        #[serde(skip_deserializing)]
        optional "maxResults" max_results: i64 = MAX_RESULTS;
        /// `nextToken`, in the query string over HTTP.
        #[serde(skip_deserializing)]
        optional "nextToken" next_token: String = NEXT_TOKEN;
    }
}

object! {
    /// `filter` of jobs.
    Structure JobFilter {
        /// `status`
        optional "status" status: String = Word(JobStatus::WORDS);
        /// `storeName`
        optional "storeName" store_name: String = Text(0..=usize::MAX, Any);
    }
}
