//! Every limit on a member of a request, and that its message names the member.

use annostore::api::parse;
use annostore::check::request::{Destination, Purpose, check};
use annostore::model::ErrorKind;
use annostore::model::api::*;
use serde_json::{Value, json};

use super::{create, create_version, describe, import, service, tsv, tsv_options, vcf, with};

/// The request is refused, with a message that names the member and what to do.
#[track_caller]
fn refused(body: &Value, member: &str) {
    let (_home, service) = service();
    let error = create(&service, body).expect_err(member);
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(error.message().contains(member), "{member}: {error}");
    let says_how = ["has to", "did you mean"].iter().any(|it| error.message().contains(it));
    assert!(says_how || error.help().is_some(), "{error}");
    let listed = service.list_annotation_stores(&ListAnnotationStores::default()).unwrap();
    assert!(listed.items.is_empty());
}

fn text(length: usize) -> Value {
    json!("x".repeat(length))
}

#[test]
fn limits_of_store_members() {
    for (key, value, member) in [
        ("name", Value::Null, "name"),
        ("name", json!("ab"), "name"),
        ("name", json!("Upper"), "name"),
        ("name", json!("dash-ed"), "name"),
        ("name", text(256), "name"),
        ("versionName", json!("1st"), "versionName"),
        ("storeFormat", Value::Null, "storeFormat"),
        ("storeFormat", json!("BED"), "storeFormat"),
        ("storeFormat", json!("vcf"), "storeFormat"),
        ("reference", Value::Null, "reference"),
        ("reference", json!({}), "reference.referenceArn"),
        ("reference", json!({"referenceArn": ""}), "reference.referenceArn"),
        ("reference", json!({"referenceArn": "arn:"}), "reference.referenceArn"),
        ("reference", json!({"referenceArn": "hg38"}), "reference.referenceArn"),
        (
            "reference",
            json!({"referenceArn": format!("arn:{}", "x".repeat(124))}),
            "reference.referenceArn",
        ),
        ("description", text(501), "description"),
        ("tags", json!({"": "a"}), "tags"),
        ("tags", json!({"k".repeat(129): "a"}), "tags"),
        ("tags", json!({"a": "v".repeat(257)}), "tags.a"),
        ("tags", (0..51).map(|it| (format!("k{it}"), json!("v"))).collect(), "tags"),
        ("sseConfig", json!({}), "sseConfig.type"),
        ("sseConfig", json!({"type": "AES"}), "sseConfig.type"),
        ("sseConfig", json!({"type": "KMS", "keyArn": "arn:short"}), "sseConfig.keyArn"),
        (
            "sseConfig",
            json!({"type": "KMS", "keyArn": "arn:aws:kms:us-east-1:12:key/1234567"}),
            "sseConfig.keyArn",
        ),
        ("storeOptions", tsv_options(), "storeOptions"),
        ("storeOptions", json!({}), "storeOptions"),
    ] {
        refused(&with(vcf("a_store"), &[(key, value)]), member);
    }
}

#[test]
fn limits_of_tsv_options() {
    let schema = tsv_options()["tsvStoreOptions"]["schema"].clone();
    let roles = |it: Value| ("formatToHeader", it);
    let more = |column: Value| {
        let mut schema = schema.clone();
        schema.as_array_mut().unwrap().push(column);
        ("schema", schema)
    };
    let columns = |count: usize| {
        let mut all: Vec<_> = (0..count - 4).map(|it| json!({format!("c{it}"): "INT"})).collect();
        all.extend(schema.as_array().unwrap()[..4].iter().cloned());
        ("schema", Value::from(all))
    };
    let path = "storeOptions.tsvStoreOptions";
    for (change, member) in [
        (("annotationType", Value::Null), "annotationType"),
        (("annotationType", json!("NONSENSE")), "annotationType"),
        (("annotationType", json!("CHR_START_END_ZERO_BASE")), "formatToHeader"),
        (("schema", Value::Null), "schema"),
        (("schema", json!([])), "schema"),
        (columns(5001), "schema"),
        (more(json!({"Upper": "STRING"})), "schema[5]"),
        (more(json!({"": "STRING"})), "schema[5]"),
        (more(json!({"x".repeat(256): "STRING"})), "schema[5]"),
        (more(json!({"x": "string"})), "schema[5].x"),
        (more(json!({"x": "STRING", "y": "STRING"})), "schema[5]"),
        (more(json!({})), "schema[5]"),
        (more(json!({"chrom": "STRING"})), "schema[5]"),
        (more(json!({"importjobid": "STRING"})), "schema[5]"),
        (more(json!({"end": "LONG"})), "schema[5]"),
        (roles(json!({"CHR": "chrom", "POS": "pos"})), "formatToHeader"),
        (
            roles(json!({"CHR": "chrom", "POS": "pos", "REF": "ref", "ALT": "absent"})),
            "formatToHeader.ALT",
        ),
        (
            roles(json!({"CHR": "chrom", "POS": "alt", "REF": "ref", "ALT": "alt"})),
            "formatToHeader.POS",
        ),
        (
            roles(json!({"CHR": "chrom", "POS": "pos", "REF": "ref", "ALT": "alt", "ID": "alt"})),
            "formatToHeader",
        ),
        (
            roles(json!({"CHR": "x".repeat(1001), "POS": "pos", "REF": "ref", "ALT": "alt"})),
            "formatToHeader.CHR",
        ),
    ] {
        let options = with(tsv_options()["tsvStoreOptions"].clone(), &[change]);
        let body = with(tsv("a_store"), &[("storeOptions", json!({"tsvStoreOptions": options}))]);
        let member = if member.starts_with("schema[5]") {
            member.to_owned()
        } else {
            format!("{path}.{member}")
        };
        refused(&body, &member);
    }
    refused(&with(tsv("a_store"), &[("storeOptions", Value::Null)]), path);
    refused(&with(tsv("a_store"), &[("storeOptions", json!({}))]), path);
    let (_home, service) = service();
    let options = with(tsv_options()["tsvStoreOptions"].clone(), &[columns(5000)]);
    let body = with(tsv("a_store"), &[("storeOptions", json!({"tsvStoreOptions": options}))]);
    assert!(create(&service, &body).is_ok());
}

#[test]
fn the_longest_that_is_allowed_is_allowed() {
    let (_home, service) = service();
    let tags: Value = (0..50).map(|it| (format!("k{it}"), json!("v".repeat(256)))).collect();
    let key = "arn:aws:kms:us-east-1:111122223333:key/1";
    let body = with(
        vcf(&"a".repeat(255)),
        &[
            ("description", json!("ä".repeat(500))),
            ("tags", tags),
            ("versionName", json!("abc")),
            ("reference", json!({"referenceArn": format!("arn:{}", "x".repeat(123))})),
            ("sseConfig", json!({"type": "KMS", "keyArn": key})),
        ],
    );
    let store = create(&service, &body).unwrap();
    assert_eq!(store.sse_key_arn.as_deref(), Some(key));
    assert_eq!(store.tags.len(), 50);
}

#[test]
fn an_unknown_member_is_refused() {
    let (_home, service) = service();
    let error =
        create(&service, &with(vcf("a_store"), &[("clientToken", json!("x"))])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.message().contains("clientToken"), "{error}");
}

#[test]
fn what_path_and_query_string_say_is_no_member_of_a_body() {
    for body in [json!({"maxResults": 5}), json!({"nextToken": "x"})] {
        assert!(parse::<ListAnnotationStores>(&body.to_string()).is_err(), "{body}");
        assert!(parse::<ListShares>(&body.to_string()).is_err(), "{body}");
    }
    assert!(parse::<DeleteAnnotationStoreVersions>(r#"{"versions": [], "force": true}"#).is_err());
    assert!(parse::<UntagResource>(r#"{"tagKeys": []}"#).is_err());
}

#[test]
fn a_request_is_refused_with_the_words_of_its_check() {
    let (_home, service) = service();
    for (member, value) in [
        ("name", json!("No")),
        ("storeFormat", json!("BED")),
        ("description", text(501)),
        ("tags", json!({"": "x"})),
        ("reference", json!({"referenceArn": "x"})),
        ("sseConfig", json!({"type": "KMS", "keyArn": "x".repeat(30)})),
    ] {
        let body = with(vcf("a_store"), &[(member, value)]);
        let error = create(&service, &body).unwrap_err();
        let checked = check("it.json", &body.to_string(), Purpose::Store, Destination::default());
        let messages: Vec<_> =
            checked.report.findings.kept().iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, [error.message()]);
    }
}

#[test]
fn limits_of_version_members() {
    let (_home, service) = service();
    create(&service, &vcf("clinvar")).unwrap();
    for (body, member) in [
        (json!({}), "versionName"),
        (json!({"versionName": "No"}), "versionName"),
        (json!({"versionName": "v_two", "description": "x".repeat(501)}), "description"),
        (json!({"versionName": "v_two", "tags": {"a": "v".repeat(257)}}), "tags.a"),
        (json!({"versionName": "v_two", "versionOptions": {}}), "versionOptions"),
    ] {
        let error = create_version(&service, "clinvar", &body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(member), "{error}");
    }
    // A wrong member is told first; a name that no store can have is that of an absent store.
    for (store, name, kind) in [
        ("absent", "v_two", ErrorKind::NotFound),
        ("absent", "No", ErrorKind::InvalidInput),
        ("No", "v_two", ErrorKind::NotFound),
    ] {
        let error = create_version(&service, store, &json!({"versionName": name})).unwrap_err();
        assert_eq!(error.kind(), kind, "{store} {name}");
    }
    let error = describe(&service, Some(&"x".repeat(501))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn limits_of_an_import() {
    let (_home, service) = service();
    create(&service, &vcf("clinvar")).unwrap();
    create(&service, &tsv("scores")).unwrap();
    let source = |it: &str| json!([{"source": it}]);
    let read = |it: Value| json!({"tsvOptions": {"readOptions": it}});
    for (key, value) in [
        ("destinationName", Value::Null),
        ("destinationName", json!("No")),
        ("versionName", json!("No")),
        ("items", json!([])),
        ("items", json!([{"source": "a"}, {"source": "b"}])),
        ("items", source("")),
        ("items", source("s3://x/y")),
        ("items", source("s3://bucket")),
        ("items", source("s3://bucket/")),
        ("items", source("s3://Bucket/key")),
        ("items", source(&format!("s3://bucket/{}", "k".repeat(1025)))),
        ("roleArn", json!("arn:aws:iam::12:role/importer")),
        ("roleArn", json!("short")),
        ("annotationFields", json!({"": "CSQ"})),
        ("annotationFields", json!({"VEP": ""})),
        ("annotationFields", json!({"VEP": "x".repeat(22)})),
        ("formatOptions", json!({})),
        ("formatOptions", json!({"tsvOptions": {}, "vcfOptions": {}})),
        ("formatOptions", json!({"tsvOptions": {}})),
    ] {
        let error = import(&service, &[(key, value.clone())]).expect_err(key);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{key}: {value}");
        assert!(error.message().contains(key), "{error}");
    }
    let scores = ("destinationName", json!("scores"));
    for (member, longest) in [
        ("sep", 20),
        ("encoding", 20),
        ("quote", 1),
        ("escape", 1),
        ("comment", 1),
        ("lineSep", 20),
    ] {
        for wrong in ["", &"x".repeat(longest + 1)] {
            let options = read(json!({member: wrong}));
            let error =
                import(&service, &[scores.clone(), ("formatOptions", options)]).unwrap_err();
            assert!(error.message().contains(&format!("readOptions.{member}")), "{error}");
        }
        let options = read(json!({member: "x".repeat(longest)}));
        assert!(import(&service, &[scores.clone(), ("formatOptions", options)]).is_ok());
    }
    for key in ["destinationName", "versionName"] {
        let error = import(&service, &[(key, json!("absent"))]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}
