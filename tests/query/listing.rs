//! `SHOW TABLES` lists versions without opening each.

use std::path::Path;
use std::sync::Arc;

use annostore::catalog::{DataFile, Storage, StoreEntry, Version};
use annostore::model::{Account, Name, Result, StoreFormat};
use annostore::query::{Engine, Options, Tables, View};
use serde_json::json;

use super::fixture::rows;

/// A store of so many versions, which cannot be opened.
#[derive(Debug)]
struct Closed(u64);

impl Tables for Closed {
    fn view(&self) -> Result<Arc<dyn View>> {
        Ok(Arc::new(Self(self.0)))
    }
}

impl View for Closed {
    fn storage(&self) -> Storage {
        Storage::of_folder(Path::new("/")).unwrap()
    }

    fn stores(&self) -> Result<Vec<StoreEntry>> {
        let name = |text: &str| Name::new("name", text);
        let versions = (0..self.0).map(|it| name(&format!("v_{it}")));
        Ok(vec![StoreEntry {
            id: "many".to_owned(),
            account: Account::new(Account::DEFAULT)?,
            name: name("many")?,
            sql_name: "many".to_owned(),
            format: StoreFormat::Vcf,
            default_version: name("v_1")?,
            versions: versions.collect::<Result<_>>()?,
        }])
    }

    fn row_counts(&self, _: &StoreEntry) -> Result<Vec<u64>> {
        Ok((0..self.0).map(|it| it * 10).collect())
    }

    fn open(&self, _: &StoreEntry, version: &Name) -> Result<(Version, Vec<DataFile>)> {
        panic!("{version} was opened");
    }
}

#[test]
fn show_tables_opens_no_version() {
    let engine = Engine::new(Arc::new(Closed(3)), Options::default()).unwrap();
    let expected: Vec<_> = (0..3)
        .map(|it| {
            let table = format!("many.v_{it}");
            json!({"table": table, "is_default": it == 1, "format": "VCF", "rows": it * 10})
        })
        .collect();
    assert_eq!(rows(&engine, "SHOW TABLES"), expected);
}
