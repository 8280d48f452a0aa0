//! `nextToken`: what no list gave out is refused by each.
#![no_main]

use annostore::model::api::{ListAnnotationStoreVersions, ListAnnotationStores};
use annostore_fuzz::store::{SERVICE, STORE};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &str| {
    let next_token = Some(token.to_owned());
    let stores =
        ListAnnotationStores { next_token: next_token.clone(), ..ListAnnotationStores::default() };
    assert!(SERVICE.list_annotation_stores(&stores).is_err());
    let versions =
        ListAnnotationStoreVersions { next_token, ..ListAnnotationStoreVersions::default() };
    assert!(SERVICE.list_annotation_store_versions(STORE, &versions).is_err());
});
