//! The operations on shares.

use super::arn::Resource;
use super::page::{List, Listed};
use super::request::{CreateShare, ListShares, PageOf};
use super::{Service, validate};
use crate::catalog::{NewShare, Share, ShareFilter, ShareSide, ShareStatus, no_such_resource};
use crate::model::{Account, Arn, Error, Name, Result};

/// The kinds of resources that the API shares; stores of annotations are the only ones here.
const TYPES: [&str; 3] = ["VARIANT_STORE", "ANNOTATION_STORE", "WORKFLOW"];

impl Service {
    /// `CreateShare`: offers a store of the account, with all its versions, to another account.
    pub fn create_share(&self, request: &CreateShare) -> Result<Share> {
        let arn = validate::required("resourceArn", request.resource_arn.as_deref())?;
        let subscriber =
            validate::required("principalSubscriber", request.principal_subscriber.as_deref())?;
        let subscriber = Account::new(subscriber).map_err(|_| {
            validate::wrong("principalSubscriber", subscriber, "the 12 digits of an account")
        })?;
        if subscriber == self.account {
            return Err(Error::invalid("principalSubscriber is the account that owns the store")
                .with_help("name the account that is to read it"));
        }
        if let Some(name) = &request.share_name {
            validate::share_name(name)?;
        }
        let store = match self.own_resource("resourceArn", arn)? {
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
        let owner = validate::required("resourceOwner", request.resource_owner.as_deref())?;
        let side = |it: &str| match it {
            "SELF" => Some(ShareSide::Owner),
            "OTHER" => Some(ShareSide::Subscriber),
            _ => None,
        };
        let side = validate::one_of("resourceOwner", owner, side, &["SELF", "OTHER"])?;
        let status = statuses(request.status.as_deref())?;
        let of_stores = of_stores(request.types.as_deref())?;
        validate::size("filter.resourceArns", request.resource_arns.as_deref(), 10)?;
        let list = List {
            service: self,
            operation: "ListShares",
            filter: (side, &status, of_stores, &request.resource_arns),
        };
        // The API sets no limit on `maxResults` here, unlike for the other lists.
        let max_results = request.page.max_results.map(|it| it.min(100));
        let (after, limit) = list.place(&PageOf { max_results, ..request.page.clone() })?;
        // An ARN of something else is shared by nobody.
        let stores = match (&request.resource_arns, of_stores) {
            (_, false) => Some(Vec::new()),
            (None, true) => None,
            (Some(arns), true) => Some(arns.iter().filter_map(|it| self.store_of(it)).collect()),
        };
        list.page(self.catalog.shares(
            &self.account,
            &ShareFilter { side, stores, status: status.clone(), after, limit },
        )?)
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

fn statuses(given: Option<&[String]>) -> Result<Option<Vec<ShareStatus>>> {
    validate::size("filter.status", given, 10)?;
    let all = ShareStatus::ALL.map(ShareStatus::as_str);
    let status = |(index, it): (usize, &String)| {
        validate::one_of(&format!("filter.status[{index}]"), it, ShareStatus::parse, &all)
    };
    given.map(|it| it.iter().enumerate().map(status).collect()).transpose()
}

/// Whether shares of annotation stores are among the types that are asked for.
fn of_stores(types: Option<&[String]>) -> Result<bool> {
    validate::size("filter.type", types, 10)?;
    let Some(types) = types else { return Ok(true) };
    for (index, it) in types.iter().enumerate() {
        let known = |it: &str| TYPES.contains(&it).then_some(());
        validate::one_of(&format!("filter.type[{index}]"), it, known, &TYPES)?;
    }
    Ok(types.iter().any(|it| it == "ANNOTATION_STORE"))
}
