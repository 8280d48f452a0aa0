//! What breaks within a query is an error, whichever thread meets it: never an answer that is short.

use std::panic::{set_hook, take_hook};
use std::path::Path;
use std::sync::Arc;

use annostore::catalog::{DataFile, StoreEntry, Version};
use annostore::model::{ErrorKind, Name, Result};
use annostore::query::{Engine, Options, Tables, View};
use serde_json::json;

use super::fixture::{Home, refused, rows};

/// Tables whose files panic when they are looked for.
#[derive(Debug)]
struct Panicking(Arc<dyn View>);

impl Tables for Panicking {
    fn view(&self) -> Result<Arc<dyn View>> {
        Ok(Arc::new(Self(Arc::clone(&self.0))))
    }
}

impl View for Panicking {
    fn data_folder(&self) -> &Path {
        self.0.data_folder()
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

/// A footer that is damaged makes the reader of Parquet panic here and there.
#[test]
fn a_damaged_footer_gives_an_error_or_all_rows() {
    let mut home = Home::new();
    let data: Vec<_> = (0..200).map(|n| json!({"start": n})).collect();
    let file = home.file(&[], &data);
    let (path, whole) = (file.path.clone(), std::fs::read(&file.path).unwrap());
    home.version("clinvar", "clinvar", &[], vec![file]);
    let footer = u32::from_le_bytes(whole[whole.len() - 8..][..4].try_into().unwrap());
    let begin = whole.len() - 8 - footer as usize;
    let tables: Arc<dyn Tables> = Arc::new(home.tables());
    // No footer that was read before is kept: each engine has its own.
    let engine = || Engine::new(Arc::clone(&tables), Options::default()).unwrap();
    // The schema of Arrow within it is what panics: a key, and base64 behind it.
    let schema = whole.windows(12).rposition(|it| it == b"ARROW:schema").unwrap();
    let mut panics = 0;
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    for at in (schema..whole.len() - 8).step_by(29).chain((begin..schema).step_by(211)) {
        let mut damaged = whole.clone();
        damaged[at] ^= 2;
        std::fs::write(&path, damaged).unwrap();
        let answer = engine().query("SELECT start, contigname FROM clinvar", &[]);
        let counted = answer
            .and_then(|it| it.map(|batch| batch.map(|it| it.num_rows())).sum::<Result<usize>>());
        match counted {
            Ok(count) => assert_eq!(count, 200, "byte {at}"),
            Err(error) => panics += usize::from(error.kind() == ErrorKind::Internal),
        }
    }
    set_hook(hook);
    assert!(panics > 0, "no panic was tried");
    std::fs::write(&path, whole).unwrap();
    assert_eq!(rows(&engine(), "SELECT start FROM clinvar").len(), 200);
}
