//! The line in which the writers of all processes wait: whoever holds the lock on the folder
//! `locks` may write.
//!
//! The kernel wakes all who wait for one lock, and the first to come to a processor has it: where
//! processors are busy that takes longer than a turn, and is fair to nobody. So whoever waits has a
//! ticket, a locked file with a number, and waits for the ticket in front of it alone. Tickets only
//! say who asks next. One that a dead process left is free, and goes with whoever meets it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::home::{Home, find_lock, names_in, remove_file};
use super::lock::{open_line, open_waiters, patiently, retried, try_lock};
use crate::model::Result;

/// What the names of tickets begin with.
const TICKET: &str = "line.";

/// A place in the line, until it is dropped.
struct Ticket {
    path: PathBuf,
    /// Held, never read.
    _file: File,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let _ = remove_file(&self.path);
    }
}

/// Takes the lock of those who write, behind all who wait for it already.
pub(super) fn lock_in_turn(home: &Home) -> Result<File> {
    let (line, path) = open_line(home)?;
    let (door, door_path) = open_waiters(home)?;
    if try_lock(&door, &door_path)? && tickets(home)?.is_empty() && try_lock(&line, &path)? {
        return Ok(line);
    }
    let home = home.clone();
    patiently(&path, move || {
        retried(|| door.lock())?;
        let (ticket, before) = take_ticket(&home).map_err(io::Error::other)?;
        drop(door);
        if let Some(before) = before {
            wait_for(&before)?;
        }
        retried(|| line.lock())?;
        drop(ticket);
        Ok(line)
    })
}

/// Removes tickets of dead processes at the head of the line.
pub(super) fn forget_dead_tickets(home: &Home) -> Result<()> {
    for number in tickets(home)? {
        let path = ticket_path(home, number);
        let is_dead = find_lock(&path)?.map(|it| try_lock(&it, &path)).transpose()?;
        if is_dead == Some(false) {
            break;
        }
        remove_file(&path)?;
    }
    Ok(())
}

/// The last place in the line, and the ticket in front of it.
fn take_ticket(home: &Home) -> Result<(Ticket, Option<PathBuf>)> {
    let last = tickets(home)?.last().copied();
    let path = ticket_path(home, last.map_or(0, |it| it.saturating_add(1)));
    let file = home.open_lock(&path)?;
    // It is new, so nobody holds it.
    try_lock(&file, &path)?;
    Ok((Ticket { path, _file: file }, last.map(|it| ticket_path(home, it))))
}

/// Waits until nobody holds a ticket.
fn wait_for(path: &Path) -> io::Result<()> {
    let Some(file) = find_lock(path).map_err(io::Error::other)? else { return Ok(()) };
    retried(|| file.lock_shared())?;
    remove_file(path).map_err(io::Error::other)
}

/// The numbers of all tickets, in order.
fn tickets(home: &Home) -> Result<Vec<u64>> {
    let names = names_in(&home.locks())?;
    let mut numbers: Vec<u64> =
        names.iter().filter_map(|it| it.strip_prefix(TICKET)?.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

fn ticket_path(home: &Home, number: u64) -> PathBuf {
    home.locks().join(format!("{TICKET}{number}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;
    use std::{fs, thread};

    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path()).unwrap();
        fs::create_dir(home.locks()).unwrap();
        fs::create_dir(home.staging()).unwrap();
        (folder, home)
    }

    #[test]
    fn who_comes_first_is_first() {
        let (_folder, home) = home();
        let turn = lock_in_turn(&home).unwrap();
        let order = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for number in 0..20 {
                let (home, order) = (&home, &order);
                scope.spawn(move || {
                    let turn = lock_in_turn(home).unwrap();
                    order.lock().unwrap().push(number);
                    drop(turn);
                });
                while tickets(home).unwrap().len() <= number {
                    thread::sleep(Duration::from_millis(1));
                }
            }
            drop(turn);
        });
        assert_eq!(order.into_inner().unwrap(), (0..20).collect::<Vec<_>>());
        assert!(tickets(&home).unwrap().is_empty());
    }

    #[test]
    fn tickets_of_the_dead_are_passed_over_and_removed() {
        let (_folder, home) = home();
        for number in [3, 5] {
            fs::write(ticket_path(&home, number), "").unwrap();
        }
        drop(lock_in_turn(&home).unwrap());
        assert_eq!(tickets(&home).unwrap(), [3]);
        let alive = File::create(ticket_path(&home, 8)).unwrap();
        alive.lock().unwrap();
        fs::write(ticket_path(&home, 9), "").unwrap();
        forget_dead_tickets(&home).unwrap();
        assert_eq!(tickets(&home).unwrap(), [8, 9]);
    }
}
