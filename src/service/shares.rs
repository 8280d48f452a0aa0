//! The operations on shares.

use super::Service;
use super::arn::Resource;
use super::page::{List, Listed};
use super::validate::required;
use crate::catalog::{NewShare, Share, ShareFilter, ShareSide, ShareStatus, no_such_resource};
use crate::check::request::accept;
use crate::model::api::{self, CreateShare, ListShares};
use crate::model::{Account, Arn, Error, Name, Result};

impl Service {
    /// `CreateShare`: offers a store of the account, with all its versions, to another account.
    pub fn create_share(&self, request: &CreateShare) -> Result<Share> {
        accept(request)?;
        let arn = required("resourceArn", request.resource_arn.as_deref())?;
        let subscriber = request.principal_subscriber.as_deref();
        let subscriber = Account::new(required("principalSubscriber", subscriber)?)?;
        if subscriber == self.account {
            return Err(Error::invalid("principalSubscriber is the account that owns the store")
                .with_help("name the account that is to read it"));
        }
        let store = match self.own_resource(arn)? {
            Resource { store, version: None, .. } => store,
            Resource { version: Some(_), .. } => {
                return Err(Error::invalid("resourceArn is that of a version")
                    .with_help("give the ARN of its store: a share covers all versions"));
            }
        };
        let new = NewShare {
            owner: self.account.clone(),
            store: Name::new("store", &store).map_err(|_| no_such_resource())?,
            subscriber,
            name: request.share_name.clone(),
            quota: self.quotas.shares_per_store(),
        };
        self.catalog.create_share(&new)
    }

    /// `GetShare`: for its owner and its subscriber.
    pub fn get_share(&self, id: &str) -> Result<Share> {
        self.catalog.share(&self.account, id)
    }

    /// `ListShares`, newest first.
    pub fn list_shares(&self, request: &ListShares) -> Result<Listed<Share>> {
        accept(request)?;
        let side = request.resource_owner.as_deref().and_then(ShareSide::parse);
        let side = required("resourceOwner", side)?;
        let filter = request.filter.clone().unwrap_or_default();
        let status = filter.status.as_deref();
        let status: Option<Vec<_>> =
            status.map(|words| words.iter().filter_map(|it| ShareStatus::parse(it)).collect());
        let is_store = |it: &String| it == api::ShareFilter::STORES;
        let of_stores = filter.types.as_ref().is_none_or(|it| it.iter().any(is_store));
        let list = List {
            service: self,
            operation: "ListShares",
            filter: (side, &status, of_stores, &filter.resource_arns),
        };
        let (after, limit) = list.place(request.max_results, request.next_token.as_deref())?;
        // An ARN of something else is shared by nobody.
        let stores = match (&filter.resource_arns, of_stores) {
            (_, false) => Some(Vec::new()),
            (None, true) => None,
            (Some(arns), true) => Some(arns.iter().filter_map(|it| self.store_of(it)).collect()),
        };
        let filter = ShareFilter { side, stores, status: status.clone(), after, limit };
        list.page(self.catalog.shares(&self.account, &filter)?)
    }

    /// `AcceptShare`, as its subscriber.
    pub fn accept_share(&self, id: &str) -> Result<Share> {
        self.catalog.accept_share(&self.account, id)
    }

    /// `DeleteShare`: as its owner to revoke it, as its subscriber to leave it.
    pub fn delete_share(&self, id: &str) -> Result<Share> {
        self.catalog.delete_share(&self.account, id)
    }

    /// The ARN of the store that is shared.
    pub fn shared_arn(&self, share: &Share) -> Arn {
        Arn::store(&self.region, &share.owner, &share.store_name)
    }

    /// The store of any account that an ARN names.
    fn store_of(&self, arn: &str) -> Option<(Account, Name)> {
        let found = Resource::parse(arn).filter(|it| it.region == self.region)?;
        let name = Name::new("store", &found.store).ok()?;
        found.version.is_none().then_some((found.account, name))
    }
}
