//! `nextToken`: any is refused or answered by each list. A fuzzer sees what digests are compared
//! with, so that it may come to sign one.
#![no_main]

use annostore::model::api::{ListAnnotationStoreVersions, ListAnnotationStores};
use annostore_fuzz::store::{SERVICE, STORE};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &str| {
    let next_token = Some(token.to_owned());
    let stores =
        ListAnnotationStores { next_token: next_token.clone(), ..ListAnnotationStores::default() };
    let _ = SERVICE.list_annotation_stores(&stores);
    let versions =
        ListAnnotationStoreVersions { next_token, ..ListAnnotationStoreVersions::default() };
    let _ = SERVICE.list_annotation_store_versions(STORE, &versions);
});
