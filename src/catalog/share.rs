//! Shares in the catalog: what lets another account read a store.
//!
//! A share goes from PENDING over ACTIVATING to ACTIVE, and from any of them over DELETING to
//! DELETED. The states between last no longer than the transaction that passes through them. A
//! share is bound to its store's id: a new store of the same name is not shared by it.

use rusqlite::{Connection, Row, params};

use super::json::Json;
use super::resource::{Share, ShareStatus};
use super::rows::{self, collect, first, page};
use super::store::load_own;
use super::{Catalog, Page, new_id, now};
pub use crate::model::ShareSide;
use crate::model::{Account, Error, ErrorKind, Name, Result};

/// A share to be made.
#[derive(Clone, Debug)]
pub struct NewShare {
    /// Who owns the store.
    pub owner: Account,
    /// The store.
    pub store: Name,
    /// Who is offered it.
    pub subscriber: Account,
    /// What to call the share.
    pub name: Option<String>,
    /// Live shares that the store may have, if that is limited.
    pub quota: Option<u32>,
}

/// Which shares to list.
#[derive(Clone, Debug)]
pub struct ShareFilter {
    /// On which side of them the account is.
    pub side: ShareSide,
    /// Only those of these stores, by owner and name.
    pub stores: Option<Vec<(Account, Name)>>,
    /// Only those in one of these states.
    pub status: Option<Vec<ShareStatus>>,
    /// Only those after this place: [`Page::next`] of the page before.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

impl Catalog {
    /// Offers a store to another account, PENDING until that accepts.
    ///
    /// [`ErrorKind::NotFound`] where the owner has no such store, [`ErrorKind::Conflict`] where
    /// that account has it on offer already, [`ErrorKind::QuotaExceeded`] where the store has as
    /// many shares as it may.
    pub fn create_share(&self, new: &NewShare) -> Result<Share> {
        self.write(|connection| {
            let store = load_own(connection, &new.owner, new.store.as_str())?;
            let live = live_subscribers(connection, &store.id)?;
            if live.iter().any(|it| it == new.subscriber.as_str()) {
                let message = "the store is shared with this account already";
                return Err(Error::new(ErrorKind::Conflict, message)
                    .with("store", &store.name)
                    .with("subscriber", &new.subscriber)
                    .with_help("use that share, or delete it first"));
            }
            if new.quota.is_some_and(|it| live.len() >= it as usize) {
                return Err(Error::new(
                    ErrorKind::QuotaExceeded,
                    format!("the store has {} shares, which is all it may have", live.len()),
                )
                .with("store", &store.name)
                .with_help("delete a share that is not needed any more"));
            }
            let id = new_id();
            connection.execute(
                "INSERT INTO shares
                    (id, name, store_id, store_name, owner, subscriber, status, created, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
                params![
                    id,
                    new.name,
                    store.id,
                    store.name.as_str(),
                    new.owner.as_str(),
                    new.subscriber.as_str(),
                    ShareStatus::Pending.as_str(),
                    now().as_microsecond()
                ],
            )?;
            load(connection, &new.owner, &id)
        })
    }

    /// A share that the account has given or was offered. [`ErrorKind::NotFound`] for all others.
    pub fn share(&self, account: &Account, id: &str) -> Result<Share> {
        self.read(|connection| load(connection, account, id))
    }

    /// The shares that an account has given or was offered, newest first.
    pub fn shares(&self, account: &Account, filter: &ShareFilter) -> Result<Page<Share>> {
        let side = match filter.side {
            ShareSide::Owner => "owner",
            ShareSide::Subscriber => "subscriber",
        };
        let sql = format!(
            "SELECT * FROM shares WHERE {side} = ?1 AND seq < ?2
             AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3)))
             AND (?4 IS NULL OR owner || '/' || store_name IN (SELECT value FROM json_each(?4)))
             ORDER BY seq DESC LIMIT ?5"
        );
        let status = filter
            .status
            .as_deref()
            .map(|all| Json(all.iter().map(|status| status.as_str()).collect::<Vec<_>>()));
        let stores = filter.stores.as_deref().map(|all| {
            Json(all.iter().map(|(owner, name)| format!("{owner}/{name}")).collect::<Vec<_>>())
        });
        let after = filter.after.unwrap_or(i64::MAX);
        let limit = i64::from(filter.limit) + 1;
        self.read(|connection| {
            let values = params![account.as_str(), after, status, stores, limit];
            page(connection, &sql, values, filter.limit, from_row)
        })
    }

    /// Accepts a share as its subscriber: from then on the store can be read.
    ///
    /// [`ErrorKind::AccessDenied`] for the owner, [`ErrorKind::Conflict`] where the share is not
    /// PENDING.
    pub fn accept_share(&self, account: &Account, id: &str) -> Result<Share> {
        self.write(|connection| {
            let share = load(connection, account, id)?;
            if share.subscriber != *account {
                return Err(Error::new(
                    ErrorKind::AccessDenied,
                    "only its subscriber accepts a share",
                )
                .with("share", id)
                .with("subscriber", &share.subscriber));
            }
            if share.status != ShareStatus::Pending {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    format!(
                        "the share is {}, and only a PENDING one can be accepted",
                        share.status.as_str()
                    ),
                )
                .with("share", id));
            }
            set_status(connection, &share.id, ShareStatus::Active, "")?;
            load(connection, account, id)
        })
    }

    /// Ends a share, as its owner or its subscriber: the next read of the store is refused. A share
    /// that has ended stays so.
    pub fn delete_share(&self, account: &Account, id: &str) -> Result<Share> {
        self.write(|connection| {
            let share = load(connection, account, id)?;
            if share.status != ShareStatus::Deleted {
                set_status(connection, &share.id, ShareStatus::Deleted, "")?;
            }
            load(connection, account, id)
        })
    }
}

/// Sees to it that nobody shares a store that is about to go: with `force` the shares end, else it
/// is refused.
pub(super) fn end_shares_of(connection: &Connection, store: &str, force: bool) -> Result<()> {
    let live = live_subscribers(connection, store)?;
    if live.is_empty() {
        return Ok(());
    }
    if !force {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("the store is shared with {}", live.join(", ")),
        )
        .with_help(
            "delete its shares first, or delete it with `force` (on the terminal: --force)",
        ));
    }
    connection.execute(
        "UPDATE shares SET status = 'DELETED', status_message = 'the store was deleted',
            updated = max(updated, ?2)
         WHERE store_id = ?1 AND status <> 'DELETED'",
        params![store, now().as_microsecond()],
    )?;
    Ok(())
}

/// The accounts that a store is offered to or shared with.
fn live_subscribers(connection: &Connection, store: &str) -> Result<Vec<String>> {
    let sql = "SELECT subscriber FROM shares
        WHERE store_id = ?1 AND status IN ('PENDING', 'ACTIVATING', 'ACTIVE') ORDER BY seq";
    collect(connection, sql, &[&store], |row| Ok(row.get(0)?))
}

fn set_status(connection: &Connection, id: &str, status: ShareStatus, message: &str) -> Result<()> {
    connection.execute(
        "UPDATE shares SET status = ?2, status_message = ?3, updated = max(updated, ?4)
         WHERE id = ?1",
        params![id, status.as_str(), message, now().as_microsecond()],
    )?;
    Ok(())
}

fn load(connection: &Connection, account: &Account, id: &str) -> Result<Share> {
    let sql = "SELECT * FROM shares WHERE id = ?2 AND ?1 IN (owner, subscriber)";
    first(connection, sql, params![account.as_str(), id], from_row)?.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "there is no such share")
            .with("share", id.escape_debug())
            .with_help("`annostore share list` shows the shares of the account")
    })
}

fn from_row(row: &Row<'_>) -> Result<Share> {
    Ok(Share {
        id: row.get("id")?,
        name: row.get("name")?,
        store_id: row.get("store_id")?,
        store_name: rows::name(row, "store_name")?,
        owner: Account::new(&row.get::<_, String>("owner")?)?,
        subscriber: Account::new(&row.get::<_, String>("subscriber")?)?,
        status: rows::word(row, "status", ShareStatus::parse)?,
        status_message: row.get("status_message")?,
        created: rows::time(row, "created")?,
        updated: rows::time(row, "updated")?,
    })
}
