//! Names, accounts and ARNs that are valid once built.

use std::fmt;
use std::ops::RangeInclusive;

use super::{Error, Result};

/// The name of a store or a version: `[a-z][a-z0-9_]{2,254}`. Safe as an SQL identifier; never
/// used as a file name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// How many characters a name has.
    pub const LENGTH: RangeInclusive<usize> = 3..=255;

    /// A valid name, or an error that calls it by the API member's name (`name`, `versionName`,
    /// `destinationName`).
    pub fn new(member: &'static str, text: &str) -> Result<Self> {
        let mut bytes = text.bytes();
        let valid = Self::LENGTH.contains(&text.len())
            && bytes.next().is_some_and(|it| it.is_ascii_lowercase())
            && bytes.all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        if valid {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::invalid(format!("{member} is `{}`", text.escape_debug())).with_help(
            "use 3 to 255 lower-case letters, digits and underscores, beginning with a letter",
        ))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The 12 digits of an AWS account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(String);

impl Account {
    /// The account that the terminal acts as unless told otherwise.
    pub const DEFAULT: &'static str = "000000000000";

    /// A valid account, or an error.
    pub fn new(text: &str) -> Result<Self> {
        if text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::invalid(format!("account is `{}`", text.escape_debug()))
            .with_help("give the 12 digits of an account, for example 000000000000"))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An ARN that this crate makes: of a store or of one of its versions. ARNs go by name, as in the
/// service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn(String);

impl Arn {
    /// `arn:aws:omics:<region>:<account>:annotationStore/<store>`
    pub fn store(region: &str, account: &Account, store: &Name) -> Self {
        Self(format!("arn:aws:omics:{region}:{account}:annotationStore/{store}"))
    }

    /// `arn:aws:omics:<region>:<account>:annotationStore/<store>/version/<version>`
    pub fn version(region: &str, account: &Account, store: &Name, version: &Name) -> Self {
        Self(format!("arn:aws:omics:{region}:{account}:annotationStore/{store}/version/{version}"))
    }

    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_pattern_of_the_api() {
        for good in ["abc", "a_1", &"a".repeat(255)] {
            assert!(Name::new("name", good).is_ok(), "{good}");
        }
        let long = "a".repeat(256);
        for bad in ["ab", "Abc", "1bc", "_bc", "a-c", "a c", "", "äbc", &long, "../x"] {
            assert!(Name::new("name", bad).is_err(), "{bad}");
        }
    }
}
