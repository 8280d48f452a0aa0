//! What breaks within a query is an error, whichever thread meets it, and no answer that is short.

use std::sync::Arc;

use annostore::catalog::{DataFile, Storage, StoreEntry, Version};
use annostore::model::{ErrorKind, Name, Result};
use annostore::query::{Engine, Options, Tables, View};
use serde_json::json;

use super::fixture::{Home, refused};

/// Tables whose files panic when they are looked for.
#[derive(Debug)]
struct Panicking(Arc<dyn View>);

impl Tables for Panicking {
    fn view(&self) -> Result<Arc<dyn View>> {
        Ok(Arc::new(Self(Arc::clone(&self.0))))
    }
}

impl View for Panicking {
    fn storage(&self) -> Storage {
        self.0.storage()
    }

    fn stores(&self) -> Result<Vec<StoreEntry>> {
        self.0.stores()
    }

    fn open(&self, _: &StoreEntry, _: &Name) -> Result<(Version, Vec<DataFile>)> {
        panic!("here")
    }
}

#[test]
fn a_panic_of_the_planner_is_an_error() {
    let mut home = Home::new();
    let file = home.file(&[], &[json!({"start": 1})]);
    home.version("clinvar", "clinvar", &[], vec![file]);
    let tables = Panicking(home.tables().view().unwrap());
    let engine = Engine::new(Arc::new(tables), Options::default()).unwrap();
    let error = refused(&engine, "SELECT start FROM clinvar");
    assert_eq!(error.kind(), ErrorKind::Internal, "{error}");
    assert!(error.to_string().contains("here"), "{error}");
}
