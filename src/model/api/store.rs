//! Requests about stores.

use std::collections::BTreeMap;

use super::options::TsvStoreOptions;
use super::value::{
    DESCRIPTION, IDS, MAX_RESULTS, NAME, NEXT_TOKEN, REFERENCE_ARN, RESOURCE_STATUS, TAGS,
};
use crate::model::shape::{Form, Shape, object};
use crate::model::{self, AnnotationType, StoreFormat, pattern};

object! {
    /// `CreateAnnotationStore`
    Structure CreateAnnotationStore {
        /// `name`. annostore requires it: the service's rule for a name of its own is not known.
        optional "name" name: String = NAME;
        /// `storeFormat`
        required "storeFormat" store_format: String = Shape::Word(StoreFormat::WORDS);
        /// `reference`, which only TSV stores of type GENERIC go without.
        optional "reference" reference: Reference = Reference::SHAPE;
        /// `description`
        optional "description" description: String = DESCRIPTION;
        /// `tags`
        optional "tags" tags: BTreeMap<String, String> = TAGS;
        /// `versionName`: the store's name where absent.
        optional "versionName" version_name: String = NAME;
        /// `sseConfig`
        optional "sseConfig" sse_config: SseConfig = SseConfig::SHAPE;
        /// `storeOptions`: required for TSV, refused for others.
        optional "storeOptions" store_options: StoreOptions = StoreOptions::SHAPE;
    }
}

impl CreateAnnotationStore {
    /// Whether it has no reference although only TSV stores of type GENERIC go without.
    pub fn lacks_reference(&self) -> bool {
        let tsv = self.store_options.as_ref().and_then(|it| it.tsv_store_options.as_ref());
        let kind = tsv.and_then(|it| it.annotation_type.as_deref());
        self.reference.is_none() && kind != Some(AnnotationType::Generic.as_str())
    }
}

object! {
    /// `reference`
    Union Reference {
        /// `referenceArn`
        optional "referenceArn" reference_arn: String = REFERENCE_ARN;
    }
}

impl From<String> for Reference {
    fn from(arn: String) -> Self {
        Self { reference_arn: Some(arn) }
    }
}

object! {
    /// `sseConfig`
    Structure SseConfig {
        /// `type`
        required "type" kind: String = Shape::Word(&[SseConfig::KMS]);
        /// `keyArn`
        optional "keyArn" key_arn: String = Shape::Text(20..=2048, Form::Of(
            pattern::is_key_arn,
            "the ARN of a KMS key, such as arn:aws:kms:us-east-1:000000000000:key/1",
        ));
    }
}

impl SseConfig {
    /// The only type of encryption.
    pub const KMS: &'static str = "KMS";
}

object! {
    /// `storeOptions`
    Union StoreOptions {
        /// `tsvStoreOptions`
        optional "tsvStoreOptions" tsv_store_options: TsvStoreOptions = TsvStoreOptions::SHAPE;
    }
}

impl From<&model::TsvStoreOptions> for StoreOptions {
    fn from(it: &model::TsvStoreOptions) -> Self {
        Self { tsv_store_options: Some(it.into()) }
    }
}

object! {
    /// `ListAnnotationStores`
    Structure ListAnnotationStores {
        /// `ids`
        optional "ids" ids: Vec<String> = IDS;
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
    /// `filter` of stores and of versions.
    Structure StatusFilter {
        /// `status`
        optional "status" status: String = RESOURCE_STATUS;
    }
}

object! {
    /// `UpdateAnnotationStore`; the store's name is in the path.
    Structure UpdateAnnotationStore {
        /// `description`, which stays where absent.
        optional "description" description: String = DESCRIPTION;
    }
}
