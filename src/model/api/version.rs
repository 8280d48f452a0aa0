//! Requests about versions.

use std::collections::BTreeMap;

use super::options::TsvStoreOptions;
use super::store::StatusFilter;
use super::value::{DESCRIPTION, MAX_RESULTS, NAME, NEXT_TOKEN, TAGS};
use crate::model;
use crate::model::shape::{Shape, object};

object! {
    /// `CreateAnnotationStoreVersion`
    Structure CreateAnnotationStoreVersion {
        /// `name` of the store, in the path over HTTP.
        required "name" name: String = NAME;
        /// `versionName`
        required "versionName" version_name: String = NAME;
        /// `description`
        optional "description" description: String = DESCRIPTION;
        /// `versionOptions`: those of the store where absent.
        optional "versionOptions" version_options: VersionOptions = VersionOptions::SHAPE;
        /// `tags`
        optional "tags" tags: BTreeMap<String, String> = TAGS;
    }
}

object! {
    /// `versionOptions`
    Union VersionOptions {
        /// `tsvVersionOptions`
        optional "tsvVersionOptions" tsv_version_options: TsvStoreOptions = TsvStoreOptions::SHAPE;
    }
}

impl From<&model::TsvStoreOptions> for VersionOptions {
    fn from(it: &model::TsvStoreOptions) -> Self {
        Self { tsv_version_options: Some(it.into()) }
    }
}

object! {
    /// `ListAnnotationStoreVersions`; the store's name is in the path.
    Structure ListAnnotationStoreVersions {
        /// `filter`
        optional "filter" filter: StatusFilter = StatusFilter::SHAPE;
        /// `maxResults`, in the query string over HTTP.
        #[serde(skip_deserializing)]
        optional "maxResults" max_results: i64 = MAX_RESULTS;
        /// `nextToken`, in the query string over HTTP.
        #[serde(skip_deserializing)]
        optional "nextToken" next_token: String = NEXT_TOKEN;
    }
}

object! {
    /// `UpdateAnnotationStoreVersion`; the names of store and version are in the path.
    Structure UpdateAnnotationStoreVersion {
        /// `description`, which stays where absent.
        optional "description" description: String = DESCRIPTION;
    }
}

object! {
    /// `DeleteAnnotationStoreVersions`; the store's name is in the path.
    Structure DeleteAnnotationStoreVersions {
        /// `versions`
        required "versions" versions: Vec<String> = Shape::List(&NAME, 1..=10);
        /// `force`, in the query string over HTTP: also where an import runs, which then fails.
        #[serde(skip_deserializing)]
        optional "force" force: bool = Shape::Boolean;
    }
}
