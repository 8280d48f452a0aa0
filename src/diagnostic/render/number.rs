//! Numbers for people.

use indicatif::HumanCount;

/// A number with separators between thousands, and its noun.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number with separators between thousands.
pub fn grouped(count: u64) -> String {
    HumanCount(count).to_string()
}
