//! A catalog in memory, as it was at one moment: for homes that can only be read.
//!
//! SQLite reads a catalog with a write-ahead log where it may write beside it, to keep writers off
//! what it reads. Where it may not, the catalog is copied: its file, and what the log adds to it.
//! The copy is that of one moment, since a writer changes the file only by what stands in the log,
//! and the log only by adding to it, unless it begins it anew, which its first bytes tell.

use std::fs;
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::failure::io_error;
use super::home::Home;
use crate::model::{Error, ErrorKind, Result};

/// What a path keeps of itself in a URI.
const IN_PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// How often a copy is tried while somebody begins the log anew, and the time between.
const TRIES: u32 = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// Bytes of the log's head, of that of each page in it, and where in both the salt stands.
const LOG_HEAD: usize = 32;
const FRAME_HEAD: usize = 24;

/// The catalog of a home as it is now, in memory.
pub(super) fn load(home: &Home) -> Result<Connection> {
    let pages = copy(home)?;
    let mut connection = Connection::open_in_memory()?;
    if !pages.is_empty() {
        connection.deserialize_read_exact("main", pages.as_slice(), pages.len(), false)?;
    }
    Ok(connection)
}

/// The catalog's file, opened without locks, and without what its log adds.
///
/// SQLite has to be the one that opens and closes the file: its locks are those of the process, and
/// whoever closes the file behind its back takes them from every connection of the process.
pub(super) fn open_file(home: &Home) -> rusqlite::Result<Connection> {
    let connection = open_unlocked(&home.catalog())?;
    // Another process may be bringing its log to the file: the first page then counts pages that
    // are not there yet, which this keeps from being taken for damage.
    connection.pragma_update(None, "writable_schema", true)?;
    Ok(connection)
}

/// A catalog's file, opened without locks; nothing appears beside it, whatever its journal mode.
pub(super) fn open_unlocked(path: &Path) -> rusqlite::Result<Connection> {
    let path = percent_encode(path.as_os_str().as_encoded_bytes(), &IN_PATH);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("file:{path}?mode=ro&immutable=1"), flags)
}

/// Whether the log holds something, so that the file alone does not tell what the catalog is.
pub(super) fn has_log(home: &Home) -> Result<bool> {
    Ok(!log(home)?.is_empty())
}

/// All pages of the catalog.
fn copy(home: &Home) -> Result<Vec<u8>> {
    for _ in 0..TRIES {
        if let Some(pages) = try_copy(home)? {
            return Ok(pages);
        }
        sleep(BETWEEN_TRIES);
    }
    Err(Error::new(ErrorKind::Storage, "other processes change the catalog without a pause")
        .with("catalog", home.catalog().display())
        .with_help("try again later"))
}

/// None where the catalog changed meanwhile in a way that the copy may not show whole.
fn try_copy(home: &Home) -> Result<Option<Vec<u8>>> {
    let journal = home.path().join("catalog.db-journal");
    if fs::metadata(&journal).is_ok_and(|it| it.len() > 0) {
        // Of a catalog without a log: half a change may stand in the file.
        return Ok(None);
    }
    let before = head(&log(home)?);
    let mut pages = file(home)?;
    let log_now = log(home)?;
    let unchanged = if log_now.is_empty() { file(home)? == pages } else { true };
    if !unchanged || head(&log_now) != before || head(&log(home)?) != before {
        return Ok(None);
    }
    apply(&mut pages, &log_now);
    if let Some(versions) = pages.get_mut(18..20) {
        // In memory there is no log.
        versions.fill(1);
    }
    Ok(Some(pages))
}

/// The pages in the catalog's file.
fn file(home: &Home) -> Result<Vec<u8>> {
    let path = home.catalog();
    let found = fs::metadata(&path).map_err(|error| io_error(error, "read the catalog", &path))?;
    if found.len() == 0 {
        return Ok(Vec::new());
    }
    let mut connection = open_file(home)?;
    Ok(connection.serialize("main")?.to_vec())
}

/// The bytes of the log; none where there is no log.
fn log(home: &Home) -> Result<Vec<u8>> {
    let path = home.log();
    // A pipe in its place would never end.
    let read = || {
        let is_file = fs::metadata(&path)?.is_file();
        if is_file { fs::read(&path) } else { Err(io::ErrorKind::InvalidData.into()) }
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        outcome => outcome.map_err(|error| io_error(error, "read the catalog's log", &path)),
    }
}

fn head(log: &[u8]) -> Vec<u8> {
    log.get(..LOG_HEAD).unwrap_or_default().to_vec()
}

/// Puts the pages of a log, up to its last whole transaction, in the place of those of the file.
/// The form is that of <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.
fn apply(pages: &mut Vec<u8>, log: &[u8]) {
    let Some((head, frames)) = log.split_at_checked(LOG_HEAD) else { return };
    let size = number(head, 8) as usize;
    let Some(mut sums) = Sums::of_log(head) else { return };
    if !(512..=65536).contains(&size) || !size.is_power_of_two() {
        return;
    }
    // A log says how large the catalog is; more than both hold it cannot be.
    let most = pages.len() + frames.len();
    let mut transaction = Vec::new();
    for frame in frames.chunks_exact(FRAME_HEAD + size) {
        let (place, page) = frame.split_at(FRAME_HEAD);
        sums.add(&place[..8]);
        sums.add(page);
        // What stands behind belongs to an earlier log, or was never written whole.
        if place[8..16] != head[16..24] || sums.sums != (number(place, 16), number(place, 20)) {
            return;
        }
        transaction.push((number(place, 0) as usize, page));
        let length = (number(place, 4) as usize).saturating_mul(size);
        if length > most {
            return;
        }
        if length > 0 {
            pages.resize(length, 0);
            for (number, page) in transaction.drain(..) {
                let start = number.saturating_sub(1).saturating_mul(size);
                if let Some(place) = pages.get_mut(start..start.saturating_add(size)) {
                    place.copy_from_slice(page);
                }
            }
        }
    }
}

/// The number at a place of a head, which is there.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().copied().map(u32::from_be_bytes).unwrap_or_default()
}

/// The running checksums of a log.
struct Sums {
    sums: (u32, u32),
    /// How the log's writer read numbers.
    read: fn([u8; 4]) -> u32,
}

impl Sums {
    /// Those behind the head; none where that is damaged.
    fn of_log(head: &[u8]) -> Option<Self> {
        let read = match number(head, 0) {
            0x377f_0682 => u32::from_le_bytes,
            0x377f_0683 => u32::from_be_bytes,
            _ => return None,
        };
        let mut sums = Self { sums: (0, 0), read };
        sums.add(&head[..24]);
        (sums.sums == (number(head, 24), number(head, 28))).then_some(sums)
    }

    fn add(&mut self, bytes: &[u8]) {
        let (mut first, mut second) = self.sums;
        for &[a, b, c, d, e, f, g, h] in bytes.as_chunks::<8>().0 {
            first = first.wrapping_add((self.read)([a, b, c, d])).wrapping_add(second);
            second = second.wrapping_add((self.read)([e, f, g, h])).wrapping_add(first);
        }
        self.sums = (first, second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A catalog with rows in its file, and more of them in its log, one transaction each.
    fn home() -> (tempfile::TempDir, Home, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path()).unwrap();
        let writer = Connection::open(home.catalog()).unwrap();
        writer.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        writer.execute_batch("PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a, b)").unwrap();
        for number in 0..20 {
            if number == 10 {
                writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
            }
            let text = "x".repeat(3000);
            writer.execute("INSERT INTO t VALUES (?1, ?2)", (number, text)).unwrap();
        }
        (folder, home, writer)
    }

    fn rows(catalog: &Connection) -> i64 {
        let check: String =
            catalog.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
        catalog.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn what_the_log_adds_is_there() {
        let (_folder, home, writer) = home();
        assert_eq!(rows(&load(&home).unwrap()), 20);
        writer.execute("DELETE FROM t WHERE a < 15", []).unwrap();
        assert_eq!(rows(&load(&home).unwrap()), 5);
        drop(writer);
        assert!(!home.log().exists());
        assert_eq!(rows(&load(&home).unwrap()), 5);
    }

    #[test]
    fn a_log_that_is_cut_or_damaged_ends_at_a_whole_transaction() {
        let (_folder, home, writer) = home();
        let (base, log) = (file(&home).unwrap(), log(&home).unwrap());
        drop(writer);
        let rows_with = |log: &[u8]| {
            let mut pages = base.clone();
            apply(&mut pages, log);
            pages[18..20].fill(1);
            let mut catalog = Connection::open_in_memory().unwrap();
            let length = pages.len();
            catalog.deserialize_read_exact("main", pages.as_slice(), length, false).unwrap();
            rows(&catalog)
        };
        assert_eq!(rows_with(&log), 20);
        let mut seen = std::collections::BTreeSet::new();
        for cut in (0..log.len()).step_by(997) {
            seen.insert(rows_with(&log[..cut]));
            let mut flipped = log.clone();
            flipped[cut] ^= 4;
            seen.insert(rows_with(&flipped));
        }
        assert_eq!(seen, (10..20).collect());
    }

    #[test]
    fn a_copy_beside_a_writer_is_that_of_one_moment() {
        let (_folder, home, writer) = home();
        std::thread::scope(|scope| {
            let writer = scope.spawn(move || {
                for round in 0..300 {
                    refill(&writer, round).unwrap();
                    if round % 7 == 0 {
                        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
                        writer.query_row(sql, [], |_| Ok(())).unwrap();
                    }
                }
            });
            let mut copies = 0;
            while !writer.is_finished() || copies == 0 {
                assert!([10, 20].contains(&rows(&load(&home).unwrap())));
                copies += 1;
            }
        });
    }

    /// Ten rows in the place of those there are, in one transaction.
    fn refill(writer: &Connection, round: i64) -> rusqlite::Result<()> {
        writer.execute_batch("BEGIN; DELETE FROM t")?;
        for number in 0..10 {
            let sql = "INSERT INTO t VALUES (?1, hex(randomblob(900)))";
            writer.execute(sql, [round + number])?;
        }
        writer.execute_batch("COMMIT")
    }
}
