//! The operations of the API with requests as clients write them: every limit, and the answers'
//! shapes.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod limits;

use std::path::Path;
use std::process::Command;

use annostore::api::operations::*;
use annostore::api::parse;
use annostore::catalog::ResourceStatus;
use annostore::model::api::*;
use annostore::model::{Account, ErrorKind};
use annostore::service::Service;
use serde_json::{Value, json};

const UNKNOWN: &str = "00000000-0000-0000-0000-000000000000";
const REFERENCE: &str = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1";

fn service() -> (tempfile::TempDir, Service) {
    let home = tempfile::tempdir().unwrap();
    let account = Account::new("111122223333").unwrap();
    let service = Service::open(home.path(), account, "us-east-1").unwrap();
    (home, service)
}

fn tsv_options() -> Value {
    json!({"tsvStoreOptions": {
        "annotationType": "CHR_POS_REF_ALT",
        "formatToHeader": {"CHR": "chrom", "POS": "pos", "REF": "ref", "ALT": "alt"},
        "schema": [{"chrom": "STRING"}, {"pos": "LONG"}, {"ref": "STRING"}, {"alt": "STRING"},
            {"score": "DOUBLE"}]
    }})
}

fn vcf(name: &str) -> Value {
    json!({"name": name, "storeFormat": "VCF", "reference": {"referenceArn": REFERENCE}})
}

fn tsv(name: &str) -> Value {
    with(vcf(name), &[("storeFormat", json!("TSV")), ("storeOptions", tsv_options())])
}

fn with(mut body: Value, members: &[(&str, Value)]) -> Value {
    for (key, value) in members {
        match value {
            Value::Null => {
                body.as_object_mut().unwrap().remove(*key);
            }
            value => body[*key] = value.clone(),
        }
    }
    body
}

fn create(service: &Service, body: &Value) -> annostore::model::Result<annostore::catalog::Store> {
    service.create_annotation_store(&parse(&body.to_string())?)
}

/// The head of the table in docs/service.md.
const OPERATIONS: &str = "| operation | over HTTP | at the terminal |\n| --- | --- | --- |\n";

/// The table of the page is made of the operations; only the command beside each is its own.
#[test]
fn the_page_lists_every_operation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/service.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(OPERATIONS).unwrap();
    let (rows, behind) = rest.split_once("\n\n").unwrap();
    let made = routes().map(|it| {
        let begin = format!("| `{}` | ", it.operation);
        let row = rows.lines().find(|row| row.starts_with(&begin)).unwrap_or_default();
        let command = row.trim_end_matches([' ', '|']).rsplit("| ").next().unwrap();
        let mut words = command.trim_matches('`').split(' ');
        assert_eq!(words.next(), Some("annostore"), "{} has no command", it.operation);
        let program =
            Command::new(env!("CARGO_BIN_EXE_annostore")).args(words).arg("--help").output();
        assert!(program.unwrap().status.success(), "there is no {command}");
        let path = it.path.replace("{*", "{");
        format!("{begin}`{} {path}` | {command} |", it.method)
    });
    let made = made.collect::<Vec<_>>().join("\n");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, format!("{before}{OPERATIONS}{made}\n\n{behind}")).unwrap();
    } else {
        assert_eq!(rows, made, "UPDATE_EXPECTED=1 cargo test --test service page writes it");
    }
    assert!(page.contains(&format!("the {} operations", routes().count())));
}

#[test]
fn the_client_calls_every_operation() {
    let client = include_str!("../serve/operations.py");
    for operation in routes().map(|it| it.operation) {
        let method: String = operation
            .chars()
            .flat_map(|it| it.is_uppercase().then_some('_').into_iter().chain(it.to_lowercase()))
            .collect();
        assert!(client.contains(&format!(".{}(", &method[1..])), "{operation}");
    }
}

#[test]
fn answers_have_the_shapes_of_the_api() {
    let (_home, service) = service();
    let body = with(
        tsv("scores"),
        &[
            ("tags", json!({"team": "a"})),
            ("versionName", json!("v_one")),
            ("description", json!("d")),
        ],
    );
    let store = create(&service, &body).unwrap();
    let created = serde_json::to_value(CreateStoreResponse::new(&store)).unwrap();
    let time = created["creationTime"].as_str().unwrap();
    assert_eq!(time.len(), "2022-11-23T22:48:39.226492Z".len(), "{time}");
    assert!(time.ends_with('Z') && time.as_bytes()[19] == b'.', "{time}");
    assert_eq!(
        created,
        json!({
            "id": store.id, "reference": {"referenceArn": REFERENCE}, "status": "ACTIVE",
            "name": "scores", "versionName": "v_one", "creationTime": time, "storeFormat": "TSV",
            "storeOptions": tsv_options(),
        })
    );
    let found = service.get_annotation_store("scores").unwrap();
    assert_eq!(
        serde_json::to_value(GetStoreResponse::new(&service, &found)).unwrap(),
        json!({
            "id": store.id, "reference": {"referenceArn": REFERENCE}, "status": "ACTIVE",
            "storeArn": "arn:aws:omics:us-east-1:111122223333:annotationStore/scores",
            "name": "scores", "storeFormat": "TSV", "description": "d",
            "sseConfig": {"type": "KMS"}, "creationTime": time,
            "updateTime": time, "statusMessage": "", "storeSizeBytes": 0, "tags": {"team": "a"},
            "storeOptions": tsv_options(), "numVersions": 1,
        })
    );
    let version = service.get_annotation_store_version("scores", "v_one").unwrap();
    assert_eq!(version.id, store.id);
    let shown = serde_json::to_value(GetVersionResponse::new(&service, &version)).unwrap();
    assert_eq!(
        shown,
        json!({
            "storeId": store.id, "id": store.id, "status": "ACTIVE", "name": "scores",
            "versionName": "v_one", "versionArn":
                "arn:aws:omics:us-east-1:111122223333:annotationStore/scores/version/v_one",
            "description": "", "creationTime": shown["creationTime"],
            "updateTime": shown["updateTime"],
            "statusMessage": "", "versionSizeBytes": 0, "tags": {},
            "versionOptions": {"tsvVersionOptions": tsv_options()["tsvStoreOptions"]},
        })
    );
}

#[test]
fn a_generic_store_goes_without_reference() {
    let (_home, service) = service();
    let options =
        json!({"tsvStoreOptions": {"annotationType": "GENERIC", "schema": [{"gene": "STRING"}]}});
    let body = json!({"name": "genes", "storeFormat": "TSV", "storeOptions": options});
    let store = create(&service, &body).unwrap();
    let shown = serde_json::to_value(GetStoreResponse::new(&service, &store)).unwrap();
    assert_eq!(shown.get("reference"), None);
    assert_eq!(shown["storeOptions"], options);
    let positions = with(
        json!({"versionName": "second"}),
        &[("versionOptions", json!({"tsvVersionOptions": tsv_options()["tsvStoreOptions"]}))],
    );
    let error = create_version(&service, "genes", &positions).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

fn create_version(
    service: &Service,
    store: &str,
    body: &Value,
) -> annostore::model::Result<annostore::catalog::Version> {
    let request: CreateAnnotationStoreVersion = parse(&body.to_string())?;
    let name = Some(store.to_owned());
    service.create_annotation_store_version(&CreateAnnotationStoreVersion { name, ..request })
}

#[test]
fn names_clash_within_an_account_only() {
    let (_home, service) = service();
    create(&service, &vcf("clinvar")).unwrap();
    let error = create(&service, &vcf("clinvar")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let other = service.acting_as(Account::new("444455556666").unwrap());
    assert_eq!(other.get_annotation_store("clinvar").unwrap_err().kind(), ErrorKind::NotFound);
    create(&other, &vcf("clinvar")).unwrap();
    let error =
        create_version(&service, "clinvar", &json!({"versionName": "clinvar"})).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

fn describe(
    service: &Service,
    description: Option<&str>,
) -> annostore::model::Result<annostore::catalog::Store> {
    let description = description.map(str::to_owned);
    service.update_annotation_store("clinvar", &UpdateAnnotationStore { description })
}

#[test]
fn a_version_has_its_own_options_or_those_of_the_store() {
    let (_home, service) = service();
    create(&service, &tsv("scores")).unwrap();
    let inherited = create_version(&service, "scores", &json!({"versionName": "second"})).unwrap();
    assert_eq!(inherited.options, service.get_annotation_store("scores").unwrap().options);
    let own =
        json!({"tsvVersionOptions": {"annotationType": "GENERIC", "schema": [{"a": "STRING"}]}});
    let tags = json!({"k": "v"});
    let body = json!({"versionName": "third", "versionOptions": own, "description": "d",
        "tags": tags});
    let third = create_version(&service, "scores", &body).unwrap();
    let shown = serde_json::to_value(CreateVersionResponse::new(&third)).unwrap();
    assert_eq!(shown["versionOptions"], own);
    assert_ne!(third.id, third.store_id);
    assert_eq!(service.get_annotation_store("scores").unwrap().version_count, 3);
}

#[test]
fn versions_are_deleted_each_by_itself() {
    let (_home, service) = service();
    create(&service, &vcf("clinvar")).unwrap();
    create_version(&service, "clinvar", &json!({"versionName": "second"})).unwrap();
    let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let delete_of = |store: &str, names: &[String]| {
        let versions = Some(names.to_vec());
        let request = DeleteAnnotationStoreVersions { versions, force: None };
        service.delete_annotation_store_versions(store, &request)
    };
    let delete = |names: &[String]| delete_of("clinvar", names);
    let errors = delete(&names(&["second", "absent", "clinvar"])).unwrap();
    let failed: Vec<_> = errors.iter().map(|it| it.version_name.as_str()).collect();
    assert_eq!(failed, ["absent", "clinvar"]);
    assert!(errors[1].message.contains("only version"), "{}", errors[1].message);
    for wrong in [names(&[]), names(&["abc"; 11]), names(&["Upper"])] {
        assert_eq!(delete(&wrong).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    let absent = delete_of("absent", &names(&["abc"]));
    assert_eq!(absent.unwrap_err().kind(), ErrorKind::NotFound);
    let status = service.delete_annotation_store("clinvar", false).unwrap();
    assert_eq!(status, ResourceStatus::Deleting);
}

#[test]
fn an_absent_description_stays() {
    let (_home, service) = service();
    create(&service, &with(vcf("clinvar"), &[("description", json!("first"))])).unwrap();
    assert_eq!(describe(&service, None).unwrap().description, "first");
    let changed = describe(&service, Some("")).unwrap();
    assert_eq!(changed.description, "");
    assert!(changed.updated >= changed.created);
}

#[test]
fn pages_follow_each_other_and_forged_tokens_are_refused() {
    let (_home, service) = service();
    for index in 0..7 {
        create(&service, &vcf(&format!("store_{index}"))).unwrap();
    }
    let list = |service: &Service, status: Option<&str>, max_results, next_token: Option<&str>| {
        let filter = Some(StatusFilter { status: status.map(str::to_owned) });
        let next_token = next_token.map(str::to_owned);
        let request = ListAnnotationStores { ids: None, filter, max_results, next_token };
        service.list_annotation_stores(&request)
    };
    let mut seen = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let page = list(&service, None, Some(3), token.as_deref()).unwrap();
        seen.extend(page.items.iter().map(|it| it.name.to_string()));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    let newest_first: Vec<_> = (0..7).rev().map(|it| format!("store_{it}")).collect();
    assert_eq!(seen, newest_first);
    let token = list(&service, None, Some(3), None).unwrap().next_token.unwrap();
    let other = service.acting_as(Account::new("444455556666").unwrap());
    let forged = token.replacen(|it: char| it != '0', "0", 1);
    for outcome in [
        list(&service, None, None, Some("forged")),
        list(&service, None, None, Some(&forged)),
        list(&service, None, None, Some("")),
        list(&service, None, None, Some(&"x".repeat(10_001))),
        list(&service, Some("ACTIVE"), None, Some(&token)),
        list(&other, None, None, Some(&token)),
        list(&service, None, Some(0), None),
        list(&service, None, Some(101), None),
        list(&service, None, Some(-1), None),
        list(&service, Some("GONE"), None, None),
    ] {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(list(&service, Some("FAILED"), None, None).unwrap().items.is_empty());
    let next_token = Some(token);
    let jobs = ListAnnotationImportJobs { next_token: next_token.clone(), ..Default::default() };
    let jobs = service.list_annotation_import_jobs(&jobs);
    assert_eq!(jobs.unwrap_err().kind(), ErrorKind::InvalidInput);
    let request = ListAnnotationStoreVersions { next_token, ..Default::default() };
    let versions = service.list_annotation_store_versions("store_1", &request);
    assert_eq!(versions.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn ids_choose_and_are_one_to_twenty() {
    let (_home, service) = service();
    let store = create(&service, &vcf("clinvar")).unwrap();
    create(&service, &vcf("gnomad")).unwrap();
    let list = |ids: Vec<String>| {
        let request = ListAnnotationStores { ids: Some(ids), ..Default::default() };
        service.list_annotation_stores(&request)
    };
    let listed = list(vec![store.id, "absent".to_owned()]).unwrap();
    assert_eq!(listed.items.len(), 1);
    for wrong in [vec![], vec!["a".to_owned(); 21]] {
        assert_eq!(list(wrong).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

fn import(service: &Service, members: &[(&str, Value)]) -> annostore::model::Result<String> {
    let body = json!({"destinationName": "clinvar", "items": [{"source": "/data/a.vcf"}]});
    let run = service.begin_import(&parse(&with(body, members).to_string())?)?;
    Ok(run.job_id().to_owned())
}

#[test]
fn a_job_shows_what_it_was_started_with() {
    let (_home, service) = service();
    create(&service, &vcf("clinvar")).unwrap();
    let options = json!({"vcfOptions": {"ignoreQualField": true, "ignoreFilterField": false}});
    let id = import(
        &service,
        &[
            ("formatOptions", options.clone()),
            ("annotationFields", json!({"VEP": "CSQ"})),
            ("runLeftNormalization", json!(true)),
            ("roleArn", json!("arn:aws:iam::111122223333:role/importer")),
        ],
    )
    .unwrap();
    let job = service.get_annotation_import_job(&id).unwrap();
    let shown = serde_json::to_value(GetImportJobResponse::new(&job)).unwrap();
    let (created, ended) = (shown["creationTime"].clone(), shown["completionTime"].clone());
    assert!(ended.is_string());
    assert_eq!(
        shown,
        json!({
            "id": id, "destinationName": "clinvar", "versionName": "clinvar",
            "roleArn": "arn:aws:iam::111122223333:role/importer", "status": "FAILED",
            "creationTime": created,
            "updateTime": ended, "completionTime": ended, "runLeftNormalization": true,
            "annotationFields": {"VEP": "CSQ"}, "statusMessage": job.status_message,
            "items": [{"source": "/data/a.vcf", "jobStatus": "FAILED"}], "formatOptions": options,
        })
    );
    let cancel = service.cancel_annotation_import_job(&id).unwrap_err();
    assert_eq!(cancel.kind(), ErrorKind::InvalidInput);
    let cancel = service.cancel_annotation_import_job(UNKNOWN).unwrap_err();
    assert_eq!(cancel.kind(), ErrorKind::NotFound);
}

#[test]
fn a_running_job_has_no_completion_time() {
    let (_home, service) = service();
    create(&service, &vcf("clinvar")).unwrap();
    let request = StartAnnotationImportJob {
        destination_name: Some("clinvar".into()),
        items: Some(vec![ImportItem::from("-".to_owned())]),
        ..StartAnnotationImportJob::default()
    };
    let run = service.begin_import(&request).unwrap();
    let job = service.get_annotation_import_job(run.job_id()).unwrap();
    let shown = serde_json::to_value(GetImportJobResponse::new(&job)).unwrap();
    assert_eq!(shown.get("completionTime"), None);
    assert_eq!(shown["status"], "IN_PROGRESS");
    let filter =
        JobFilter { store_name: Some("clinvar".into()), status: Some("IN_PROGRESS".into()) };
    let filter = ListAnnotationImportJobs { filter: Some(filter), ..Default::default() };
    assert_eq!(service.list_annotation_import_jobs(&filter).unwrap().items.len(), 1);
    service.cancel_annotation_import_job(run.job_id()).unwrap();
    assert!(run.is_cancelled());
    assert!(service.list_annotation_import_jobs(&filter).unwrap().items.is_empty());
}
