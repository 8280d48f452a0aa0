//! ARNs in requests: which resource they mean.

use super::Service;
use crate::catalog::no_such_resource;
use crate::model::{Account, Result};

/// A store, or a version of one, as an ARN names it. It need not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    pub(super) region: String,
    pub(super) account: Account,
    pub(super) store: String,
    pub(super) version: Option<String>,
}

impl Resource {
    /// What an ARN names, where it is that of a store or a version.
    pub(super) fn parse(arn: &str) -> Option<Self> {
        let rest = arn.strip_prefix("arn:aws:omics:")?;
        let mut parts = rest.splitn(3, ':');
        let (region, account, path) = (parts.next()?, parts.next()?, parts.next()?);
        let mut names = path.strip_prefix("annotationStore/")?.split('/');
        let store = names.next()?.to_owned();
        let version = match (names.next(), names.next(), names.next()) {
            (None, ..) => None,
            (Some("version"), Some(version), None) => Some(version.to_owned()),
            _ => return None,
        };
        let account = Account::new(account).ok()?;
        Some(Self { region: region.to_owned(), account, store, version })
    }
}

impl Service {
    /// The resource of this account that an ARN names. `NotFound` where it is one of anything
    /// else.
    pub(super) fn own_resource(&self, arn: &str) -> Result<Resource> {
        Resource::parse(arn)
            .filter(|it| it.account == self.account && it.region == self.region)
            .ok_or_else(no_such_resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_stores_and_versions_are_read() {
        let store = "arn:aws:omics:us-east-1:111122223333:annotationStore/clinvar";
        let found = Resource::parse(store).unwrap();
        assert_eq!((found.store.as_str(), found.version), ("clinvar", None));
        let found = Resource::parse(&format!("{store}/version/v2")).unwrap();
        assert_eq!(found.version.as_deref(), Some("v2"));
        for other in [
            "",
            "arn:aws:omics:us-east-1:111122223333:variantStore/clinvar",
            "arn:aws:omics:us-east-1:1111:annotationStore/clinvar",
            "arn:aws:s3:us-east-1:111122223333:annotationStore/clinvar",
            "arn:aws:omics:us-east-1:111122223333:annotationStore/clinvar/v2",
            "arn:aws:omics:us-east-1:111122223333:annotationStore/clinvar/version/v2/more",
        ] {
            assert_eq!(Resource::parse(other), None, "{other}");
        }
    }
}
