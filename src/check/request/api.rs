//! The requests of the API, member by member, as its model has them.

use super::shape::{Form, Member, Shape, optional, required};
use crate::model::{Name, pattern};

use Shape::{Boolean, List, Map, Structure, Text, Union, Word};

static NAME: Shape = Text(
    3..=255,
    Form::Of(
        |it| Name::new("name", it).is_ok(),
        "lower-case letters, digits and underscores, beginning with a letter",
    ),
);
static ROLE_ARN: Shape = Text(
    20..=2048,
    Form::Of(pattern::is_role_arn, "an ARN such as arn:aws:iam::000000000000:role/importer"),
);
static KEY_ARN: Shape = Text(
    20..=2048,
    Form::Of(
        pattern::is_key_arn,
        "the ARN of a KMS key, such as arn:aws:kms:us-east-1:000000000000:key/1",
    ),
);
static REFERENCE_ARN: Shape = Text(
    1..=127,
    Form::Of(
        pattern::is_arn,
        "an ARN such as arn:aws:omics:us-east-1:000000000000:referenceStore/1234567890/reference/1234567890",
    ),
);
static COLUMN: Shape =
    Text(1..=255, Form::Of(pattern::is_column_name, "lower-case letters, digits and underscores"));
static CHARACTER: Shape = Text(1..=1, Form::Any);
static SHORT: Shape = Text(1..=20, Form::Any);
static FIELD: Shape = Text(1..=21, Form::Any);
static DESCRIPTION: Shape = Text(0..=500, Form::Any);
static TAG_KEY: Shape = Text(1..=128, Form::Any);
static TAG_VALUE: Shape = Text(0..=256, Form::Any);
static HEADER: Shape = Text(0..=1000, Form::Any);
static SOURCE: Shape = Text(1..=usize::MAX, Form::Source);

static FORMAT: Shape = Word(&["GFF", "TSV", "VCF"]);
static KEY_TYPE: Shape = Word(&["KMS"]);
static ANNOTATION_TYPE: Shape = Word(&[
    "GENERIC",
    "CHR_POS",
    "CHR_POS_REF_ALT",
    "CHR_START_END_ONE_BASE",
    "CHR_START_END_REF_ALT_ONE_BASE",
    "CHR_START_END_ZERO_BASE",
    "CHR_START_END_REF_ALT_ZERO_BASE",
]);
static ROLE: Shape = Word(&["CHR", "START", "END", "REF", "ALT", "POS"]);
static COLUMN_TYPE: Shape = Word(&["LONG", "INT", "STRING", "FLOAT", "DOUBLE", "BOOLEAN"]);

static TAGS: Shape = Map(&TAG_KEY, &TAG_VALUE, 0..=50);
static REFERENCE: Shape = Union(&[optional("referenceArn", &REFERENCE_ARN)]);
static SSE_CONFIG: Shape = Structure(&[required("type", &KEY_TYPE), optional("keyArn", &KEY_ARN)]);
static COLUMN_ENTRY: Shape = Map(&COLUMN, &COLUMN_TYPE, 1..=1);
static SCHEMA: Shape = List(&COLUMN_ENTRY, 1..=5000);
static ROLES: Shape = Map(&ROLE, &HEADER, 0..=6);

/// `tsvStoreOptions` and `tsvVersionOptions`
pub static TSV_OPTIONS: Shape = Structure(&[
    required("annotationType", &ANNOTATION_TYPE),
    optional("formatToHeader", &ROLES),
    required("schema", &SCHEMA),
]);
/// `storeOptions`
pub static STORE_OPTIONS: Shape = Union(&[optional("tsvStoreOptions", &TSV_OPTIONS)]);
/// `versionOptions`
pub static VERSION_OPTIONS: Shape = Union(&[optional("tsvVersionOptions", &TSV_OPTIONS)]);

static READ_OPTIONS: Shape = Structure(&[
    optional("sep", &SHORT),
    optional("encoding", &SHORT),
    optional("quote", &CHARACTER),
    optional("quoteAll", &Boolean),
    optional("escape", &CHARACTER),
    optional("escapeQuotes", &Boolean),
    optional("comment", &CHARACTER),
    optional("header", &Boolean),
    optional("lineSep", &SHORT),
]);
static TSV_IMPORT: Shape = Structure(&[optional("readOptions", &READ_OPTIONS)]);
static VCF_IMPORT: Shape =
    Structure(&[optional("ignoreQualField", &Boolean), optional("ignoreFilterField", &Boolean)]);
static FORMAT_OPTIONS: Shape =
    Union(&[optional("tsvOptions", &TSV_IMPORT), optional("vcfOptions", &VCF_IMPORT)]);
static ITEM: Shape = Structure(&[required("source", &SOURCE)]);
static ITEMS: Shape = List(&ITEM, 1..=usize::MAX);
static ANNOTATION_FIELDS: Shape = Map(&FIELD, &FIELD, 0..=usize::MAX);

/// `CreateAnnotationStore`
pub static CREATE_STORE: Shape = Structure(&[
    required("storeFormat", &FORMAT),
    optional("reference", &REFERENCE),
    optional("name", &NAME),
    optional("description", &DESCRIPTION),
    optional("tags", &TAGS),
    optional("versionName", &NAME),
    optional("sseConfig", &SSE_CONFIG),
    optional("storeOptions", &STORE_OPTIONS),
]);

/// `CreateAnnotationStoreVersion`
pub static CREATE_VERSION: Shape = Structure(&[
    required("name", &NAME),
    required("versionName", &NAME),
    optional("description", &DESCRIPTION),
    optional("versionOptions", &VERSION_OPTIONS),
    optional("tags", &TAGS),
]);

/// `StartAnnotationImportJob`
pub static START_IMPORT: Shape = Structure(&[
    required("destinationName", &NAME),
    required("roleArn", &ROLE_ARN),
    required("items", &ITEMS),
    optional("versionName", &NAME),
    optional("formatOptions", &FORMAT_OPTIONS),
    optional("runLeftNormalization", &Boolean),
    optional("annotationFields", &ANNOTATION_FIELDS),
]);

/// `CreateAnnotationStore` and `StartAnnotationImportJob` in one object, as `infer` prints them.
pub static STORE_AND_IMPORT: Shape = Structure(&[
    optional("storeFormat", &FORMAT),
    optional("reference", &REFERENCE),
    optional("name", &NAME),
    optional("description", &DESCRIPTION),
    optional("tags", &TAGS),
    optional("versionName", &NAME),
    optional("sseConfig", &SSE_CONFIG),
    optional("storeOptions", &STORE_OPTIONS),
    optional("destinationName", &NAME),
    optional("roleArn", &ROLE_ARN),
    optional("items", &ITEMS),
    optional("formatOptions", &FORMAT_OPTIONS),
    optional("runLeftNormalization", &Boolean),
    optional("annotationFields", &ANNOTATION_FIELDS),
]);

/// What Spark, SQL and others call members of `readOptions` and types of columns, in small letters.
pub const SYNONYMS: [(&str, &str); 17] = [
    ("delimiter", "sep"),
    ("separator", "sep"),
    ("charset", "encoding"),
    ("quotechar", "quote"),
    ("escapechar", "escape"),
    ("commentchar", "comment"),
    ("lineseparator", "lineSep"),
    ("lineterminator", "lineSep"),
    ("hasheader", "header"),
    ("position", "POS"),
    ("integer", "INT"),
    ("bigint", "LONG"),
    ("text", "STRING"),
    ("varchar", "STRING"),
    ("real", "FLOAT"),
    ("bool", "BOOLEAN"),
    ("number", "DOUBLE"),
];

/// Where in a request a member of this name stands, as a path of members.
pub fn path_to(members: &'static [Member], name: &str) -> Option<String> {
    for member in members {
        let inner = member.shape.members();
        if inner.iter().any(|it| it.name == name) {
            return Some(member.name.to_owned());
        }
        if let Some(path) = path_to(inner, name) {
            return Some(format!("{}.{path}", member.name));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AnnotationType, ColumnType, HeaderKey};

    #[test]
    fn words_are_those_that_the_program_knows() {
        let words = |shape: &Shape| if let Word(words) = shape { *words } else { &[] };
        assert_eq!(words(&ANNOTATION_TYPE), AnnotationType::ALL.map(AnnotationType::as_str));
        assert_eq!(words(&ROLE), HeaderKey::ALL.map(HeaderKey::as_str));
        assert_eq!(words(&COLUMN_TYPE), ColumnType::ALL.map(ColumnType::as_str));
    }

    #[test]
    fn a_member_is_found_wherever_it_is() {
        let root = START_IMPORT.members();
        let path = "formatOptions.tsvOptions.readOptions";
        assert_eq!(path_to(root, "sep").as_deref(), Some(path));
        assert_eq!(path_to(root, "source"), None);
    }
}
