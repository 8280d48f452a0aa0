//! The operations on tags.

use std::collections::BTreeMap;

use super::Service;
use super::arn::Resource;
use super::validate::required;
use crate::catalog::Tagged;
use crate::check::request::{accept, accept_member};
use crate::model::Result;
use crate::model::api::{TAGGED_ARN, TagResource, UntagResource};

impl Service {
    /// `TagResource`: puts tags on a store or a version of the account; a tag of the same key is
    /// replaced.
    pub fn tag_resource(&self, arn: &str, request: &TagResource) -> Result<()> {
        accept(request)?;
        let found = self.tagged_resource(arn)?;
        self.catalog.tag(&tagged(&found), required("tags", request.tags.as_ref())?)
    }

    /// `UntagResource`: takes tags off. They need not be there.
    pub fn untag_resource(&self, arn: &str, request: &UntagResource) -> Result<()> {
        accept(request)?;
        let found = self.tagged_resource(arn)?;
        self.catalog.untag(&tagged(&found), required("tagKeys", request.tag_keys.as_ref())?)
    }

    /// `ListTagsForResource`
    pub fn list_tags_for_resource(&self, arn: &str) -> Result<BTreeMap<String, String>> {
        let found = self.tagged_resource(arn)?;
        self.catalog.tags(&tagged(&found))
    }

    fn tagged_resource(&self, arn: &str) -> Result<Resource> {
        accept_member("resourceArn", &arn, &TAGGED_ARN)?;
        self.own_resource(arn)
    }
}

fn tagged(of: &Resource) -> Tagged<'_> {
    Tagged { account: &of.account, store: &of.store, version: of.version.as_deref() }
}
