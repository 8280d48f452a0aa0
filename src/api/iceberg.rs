//! Iceberg's REST catalog over the stores and versions that a caller may read: a store is a
//! namespace, a version a table. It only reads: what changes versions is the API of the stores.
//! The shapes are those of `open-api/rest-catalog-open-api.yaml` of `apache/iceberg`.
//!
//! Data files lie in the home, so clients have to see it under the same path. Credentials for them
//! are not handed out.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::door::{Door, NO_NAMESPACE};
use super::error::Raises;
use super::route::Route;
use super::throttle::Class;
use crate::catalog::StoreEntry;
use crate::model::{Error, ErrorKind, Result};
use crate::service::Service;

const NAMESPACE: &str = "/iceberg/v1/namespaces/{namespace}";
const TABLE: &str = "/iceberg/v1/namespaces/{namespace}/tables/{table}";

/// What is answered here, by its name in the specification.
pub(super) const ROUTES: &[Route] = &[
    route("getConfig", Method::GET, "/iceberg/v1/config", config),
    route("listNamespaces", Method::GET, "/iceberg/v1/namespaces", list_namespaces),
    route("loadNamespaceMetadata", Method::GET, NAMESPACE, load_namespace),
    route("namespaceExists", Method::HEAD, NAMESPACE, namespace_exists),
    route("listTables", Method::GET, "/iceberg/v1/namespaces/{namespace}/tables", list_tables),
    route("loadTable", Method::GET, TABLE, load_table),
    route("tableExists", Method::HEAD, TABLE, table_exists),
    route("listViews", Method::GET, "/iceberg/v1/namespaces/{namespace}/views", list_views),
    route(
        "reportMetrics",
        Method::POST,
        "/iceberg/v1/namespaces/{namespace}/tables/{table}/metrics",
        table_exists,
    ),
];

/// What a client may ask of this catalog, in the words of `getConfig`.
const ENDPOINTS: [&str; 8] = [
    "GET /v1/{prefix}/namespaces",
    "GET /v1/{prefix}/namespaces/{namespace}",
    "HEAD /v1/{prefix}/namespaces/{namespace}",
    "GET /v1/{prefix}/namespaces/{namespace}/tables",
    "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}",
    "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}",
    "GET /v1/{prefix}/namespaces/{namespace}/views",
    "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}/metrics",
];

const fn route(
    operation: &'static str,
    method: Method,
    path: &'static str,
    run: fn(&Service, &Call) -> Result<Option<Value>>,
) -> Route {
    let raises = Raises { conflict: false, quota: false };
    let (class, door) = (Class::Other, Door::Iceberg);
    Route { operation, method, path, parameters: &[], raises, class, door, run }
}

// A route's function may fail.
#[allow(clippy::unnecessary_wraps)]
fn config(_: &Service, _: &Call) -> Result<Option<Value>> {
    Ok(Some(json!({"defaults": {}, "overrides": {}, "endpoints": ENDPOINTS})))
}

fn list_namespaces(service: &Service, call: &Call) -> Result<Option<Value>> {
    // Namespaces have none below them.
    let is_below = call.all("parent").is_some_and(|it| it.iter().any(|it| !it.is_empty()));
    let stores = if is_below { Vec::new() } else { service.readable_stores()? };
    let names: Vec<_> = stores.iter().map(|it| [&it.sql_name]).collect();
    Ok(Some(json!({"namespaces": names})))
}

fn load_namespace(service: &Service, call: &Call) -> Result<Option<Value>> {
    let store = store(service, call)?;
    let properties = json!({"annostore.format": store.format.as_str()});
    Ok(Some(json!({"namespace": [store.sql_name], "properties": properties})))
}

fn namespace_exists(service: &Service, call: &Call) -> Result<Option<Value>> {
    store(service, call).map(|_| None)
}

fn list_tables(service: &Service, call: &Call) -> Result<Option<Value>> {
    let store = store(service, call)?;
    let table = |name| json!({"namespace": [store.sql_name], "name": name});
    let tables: Vec<_> = store.versions.iter().map(|it| table(it.as_str())).collect();
    Ok(Some(json!({"identifiers": tables})))
}

fn list_views(service: &Service, call: &Call) -> Result<Option<Value>> {
    store(service, call).map(|_| Some(json!({"identifiers": []})))
}

fn load_table(service: &Service, call: &Call) -> Result<Option<Value>> {
    let store = store(service, call)?;
    let written = service.table(&store.sql_name, call.label("table")?)?;
    let (location, metadata) = (written.location()?, written.metadata);
    Ok(Some(json!({"metadata-location": location, "metadata": metadata, "config": {}})))
}

/// Also takes what clients tell of their scans, of which nothing is kept.
fn table_exists(service: &Service, call: &Call) -> Result<Option<Value>> {
    let (store, table) = (store(service, call)?, call.label("table")?);
    service.get_annotation_store_version(&store.sql_name, table).map(|_| None)
}

/// The store that a namespace stands for.
fn store(service: &Service, call: &Call) -> Result<StoreEntry> {
    let name = call.label("namespace")?;
    let found = service.readable_stores()?.into_iter().find(|it| it.sql_name == name);
    found.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, NO_NAMESPACE).with("namespace", name.escape_debug())
    })
}
