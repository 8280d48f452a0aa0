//! The operations on tags.

use std::collections::BTreeMap;

use super::arn::Resource;
use super::{Service, validate};
use crate::catalog::Tagged;
use crate::model::Result;

impl Service {
    /// `TagResource`: puts tags on a store or a version of the account; a tag of the same key is replaced.
    pub fn tag_resource(&self, arn: &str, tags: Option<&BTreeMap<String, String>>) -> Result<()> {
        validate::tag_arn(arn)?;
        let tags = validate::required("tags", tags)?;
        validate::tags(tags)?;
        let found = self.own_resource("resourceArn", arn)?;
        self.catalog.tag(&tagged(&found), tags)
    }

    /// `UntagResource`: takes tags off. They need not be there.
    pub fn untag_resource(&self, arn: &str, keys: Option<&[String]>) -> Result<()> {
        validate::tag_arn(arn)?;
        let keys = validate::required("tagKeys", keys)?;
        validate::tag_keys(keys)?;
        let found = self.own_resource("resourceArn", arn)?;
        self.catalog.untag(&tagged(&found), keys)
    }

    /// `ListTagsForResource`
    pub fn list_tags_for_resource(&self, arn: &str) -> Result<BTreeMap<String, String>> {
        validate::tag_arn(arn)?;
        let found = self.own_resource("resourceArn", arn)?;
        self.catalog.tags(&tagged(&found))
    }
}

fn tagged(of: &Resource) -> Tagged<'_> {
    Tagged { account: &of.account, store: &of.store, version: of.version.as_deref() }
}
