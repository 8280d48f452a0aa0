//! How stores and versions begin and end with all that hangs on them: versions, jobs, shares and
//! data files. Each of these knows itself only; this file knows them all.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use tracing::warn;

use super::ending::end_jobs_of;
use super::removal::{purge_in_turn, remove_files_of, remove_reports_of};
use super::resource::Store;
use super::rows::collect;
use super::share::end_shares_of;
use super::store::{self, NewStore};
use super::version::{self, NewVersion};
use super::{Catalog, header, locked, now};
use crate::model::{Account, Error, ErrorKind, Result};

impl Catalog {
    /// Makes a store with its first version, ACTIVE at once. [`ErrorKind::Conflict`] where the
    /// account has one of that name.
    pub fn create_store(&self, new: &NewStore) -> Result<Store> {
        self.create_store_within(new, None)
    }

    /// Makes a store, as [`Catalog::create_store`] does, for an account that may have `quota` of
    /// them: [`ErrorKind::QuotaExceeded`] where it has as many already.
    pub fn create_store_within(&self, new: &NewStore, quota: Option<u32>) -> Result<Store> {
        self.write(|connection| {
            store::check_quota(connection, &new.account, quota)?;
            let id = store::insert(connection, new)?;
            let first = NewVersion {
                name: new.version.clone(),
                description: String::new(),
                options: new.options.clone(),
                tags: BTreeMap::new(),
            };
            version::insert(connection, &id, &id, &first)?;
            store::load_own(connection, &new.account, new.name.as_str())
        })
    }

    /// Deletes a store with its versions, tags and data, and what its jobs reported.
    ///
    /// Without `force` it is refused ([`ErrorKind::Conflict`]) while the store has more than one
    /// version, is shared, or an import runs into it; with `force` the shares end and such an
    /// import fails.
    pub fn delete_store(&self, account: &Account, name: &str, force: bool) -> Result<()> {
        self.check_bucket_is_ours()?;
        let home = &self.inner.home;
        self.write(|connection| {
            // Where that fails, the list stays.
            let _ = purge_in_turn(connection, home);
            let store = store::load_own(connection, account, name)?;
            if store.version_count > 1 && !force {
                return Err(several_versions(&store));
            }
            for version in versions_of(connection, &store)? {
                end_jobs_of(connection, home, &version, force, "the store was deleted")?;
                remove_files_of(connection, home, &store.id, &version)?;
            }
            remove_reports_of(connection, home, "store_id", &store.id)?;
            end_shares_of(connection, &store.id, force)
                .map_err(|error| error.with("store", name))?;
            connection.execute("DELETE FROM stores WHERE id = ?1", [&store.id])?;
            header::forget_unused(connection)
        })?;
        self.follow_deletion();
        Ok(())
    }

    /// Deletes a version with its tags and data, and what its jobs reported.
    ///
    /// Refused ([`ErrorKind::Conflict`]) for the only version of a store, and without `force`
    /// while an import runs into it; with `force` that import fails.
    pub fn delete_version(
        &self,
        account: &Account,
        store: &str,
        name: &str,
        force: bool,
    ) -> Result<()> {
        self.check_bucket_is_ours()?;
        let home = &self.inner.home;
        self.write(|connection| {
            // Where that fails, the list stays.
            let _ = purge_in_turn(connection, home);
            let store = store::load_own(connection, account, store)?;
            let version = version::load(connection, &store, name)?;
            if store.version_count == 1 {
                return Err(Error::new(ErrorKind::Conflict, "it is the only version of the store")
                    .with("store", &store.name)
                    .with("version", name)
                    .with_help("delete the store instead, or make another version first"));
            }
            end_jobs_of(connection, home, &version.id, force, "the version was deleted")?;
            remove_files_of(connection, home, &store.id, &version.id)?;
            remove_reports_of(connection, home, "version_id", &version.id)?;
            connection.execute("DELETE FROM versions WHERE id = ?1", [&version.id])?;
            connection.execute(
                "UPDATE stores SET updated = max(updated, ?2) WHERE id = ?1",
                params![store.id, now().as_microsecond()],
            )?;
            header::forget_unused(connection)
        })?;
        self.follow_deletion();
        Ok(())
    }

    /// Has the copy of the catalog in a bucket know of a deletion, and removes what nobody reads
    /// any more. Where either fails, the next import or deletion does it.
    fn follow_deletion(&self) {
        if let Err(error) = self.copy_to_bucket() {
            warn!(%error, "the copy of the catalog in the bucket does not know of a deletion yet");
            *locked(&self.inner.behind) = Some(error);
        }
        self.purge_quietly();
    }

    /// Why the copy of the catalog in a bucket does not know of the last deletion, if so. The next
    /// import or deletion tells it.
    pub fn take_copy_failure(&self) -> Option<Error> {
        locked(&self.inner.behind).take()
    }
}

fn versions_of(connection: &Connection, store: &Store) -> Result<Vec<String>> {
    let sql = "SELECT id FROM versions WHERE store_id = ?1";
    collect(connection, sql, &[&store.id], |row| Ok(row.get(0)?))
}

fn several_versions(store: &Store) -> Error {
    let message = format!("the store has {} versions", store.version_count);
    Error::new(ErrorKind::Conflict, message).with("store", &store.name).with_help(
        "delete its versions but one first, or delete it with `force` (on the terminal: --force)",
    )
}
