//! References, which the API knows by ARN only: the shape is annostore's own, in the manner of the
//! API.

use serde::Serialize;

use super::answer::time;
use crate::catalog::StoredReference;

/// A reference with its contigs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceItem {
    arn: String,
    path: String,
    bases: u64,
    digest: String,
    contigs: Vec<ContigItem>,
    creation_time: String,
}

/// A contig of a reference.
#[derive(Debug, Serialize)]
struct ContigItem {
    name: String,
    length: u64,
    md5: String,
}

/// All references.
#[derive(Debug, Serialize)]
pub struct ListReferencesResponse {
    references: Vec<ReferenceItem>,
}

impl From<&StoredReference> for ReferenceItem {
    fn from(it: &StoredReference) -> Self {
        let contigs = it.index.contigs.iter();
        Self {
            arn: it.arn.clone(),
            path: it.path.display().to_string(),
            bases: it.index.bases(),
            digest: it.digest.clone(),
            contigs: contigs
                .map(|it| ContigItem {
                    name: it.name.clone(),
                    length: it.length,
                    md5: it.md5.clone(),
                })
                .collect(),
            creation_time: time(it.created),
        }
    }
}

impl From<&[StoredReference]> for ListReferencesResponse {
    fn from(all: &[StoredReference]) -> Self {
        Self { references: all.iter().map(Into::into).collect() }
    }
}
