//! What was found, in the API's form.

use serde::Serialize;

use super::Inferred;
use crate::model::api::{
    CreateAnnotationStore, FormatOptions, StartAnnotationImportJob, StoreOptions, TsvOptions,
};
use crate::model::{Name, StoreFormat};

/// Which of the options to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    All,
    /// What makes a store.
    Store,
    /// What an import job takes.
    Import,
}

/// The members of two requests in one object: of the one that makes a store, and of the one that
/// starts an import.
#[derive(Clone, Debug, Serialize)]
pub struct Requests {
    /// What makes the store.
    #[serde(flatten)]
    pub store: Option<CreateAnnotationStore>,
    /// What starts the import.
    #[serde(flatten)]
    pub import: Option<StartAnnotationImportJob>,
}

impl Inferred {
    /// The options as requests take them: `storeFormat` and `storeOptions`, with the `name` where
    /// one is given, and `formatOptions`.
    pub fn requests(&self, name: Option<&Name>, selection: Selection) -> Requests {
        let store = || CreateAnnotationStore {
            name: name.map(Name::to_string),
            store_format: Some(StoreFormat::Tsv.to_string()),
            store_options: Some(StoreOptions::from(&self.store)),
            ..CreateAnnotationStore::default()
        };
        let tsv_options = Some(TsvOptions { read_options: Some(self.read.clone()) });
        let import = || StartAnnotationImportJob {
            format_options: Some(FormatOptions { tsv_options, vcf_options: None }),
            ..StartAnnotationImportJob::default()
        };
        Requests {
            store: (selection != Selection::Import).then(store),
            import: (selection != Selection::Store).then(import),
        }
    }
}
