//! SQL: parsed, planned and answered, or refused in words.
#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use annostore::{CatalogTables, Engine, QueryOptions};
use annostore_fuzz::store::SERVICE;
use libfuzzer_sys::fuzz_target;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let options = QueryOptions {
        threads: 1,
        memory: 64 << 20,
        timeout: Some(Duration::from_secs(2)),
        ..QueryOptions::default()
    };
    Engine::new(Arc::new(CatalogTables::of(&SERVICE)), options).expect("threads can be started")
});

fuzz_target!(|sql: &str| {
    let Ok(answer) = ENGINE.query(sql, &[]) else { return };
    for batch in answer {
        if let Err(error) = batch {
            assert!(!error.to_string().contains("panic"), "{error}");
        }
    }
});
