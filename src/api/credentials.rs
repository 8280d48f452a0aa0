//! The file of those who may call: an AWS credentials file whose profiles also say which account
//! they are.
//!
//! ```text
//! [lab]
//! aws_access_key_id = AKIAIOSFODNN7EXAMPLE
//! aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
//! aws_account_id = 111122223333
//! ```

use std::collections::HashMap;
use std::fmt;

use crate::model::{Account, Error, Result};

/// Bytes that a secret has, as those of AWS do: what verifies signatures takes no others.
const SECRET: usize = 40;

/// Access keys with their secrets and accounts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    by_key: HashMap<String, Credential>,
}

/// What belongs to an access key.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// What it signs with.
    pub secret: String,
    /// Whose it is.
    pub account: Account,
}

/// Without the secrets.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("keys", &self.by_key.len()).finish_non_exhaustive()
    }
}

impl Credentials {
    /// Reads the text of such a file.
    pub fn parse(text: &str) -> Result<Self> {
        let mut this = Self::default();
        for (name, profile) in profiles(text)? {
            let member = |key: &str| {
                profile.get(key).filter(|it| !it.is_empty()).cloned().ok_or_else(|| {
                    let message = format!("profile `{}` has no {key}", name.escape_debug());
                    Error::invalid(message).with_help(
                        "give each profile aws_access_key_id, aws_secret_access_key and \
                         aws_account_id",
                    )
                })
            };
            let secret = member("aws_secret_access_key")?;
            if secret.len() != SECRET {
                return Err(Error::invalid(format!(
                    "the secret of profile `{}` has {} characters, but has to have {SECRET}, as \
                     those of AWS have",
                    name.escape_debug(),
                    secret.len()
                )));
            }
            let account = Account::new(&member("aws_account_id")?)?;
            let key = member("aws_access_key_id")?;
            if this.by_key.insert(key, Credential { secret, account }).is_some() {
                return Err(Error::invalid(format!(
                    "profile `{}` has the access key of another profile",
                    name.escape_debug()
                )));
            }
        }
        if this.by_key.is_empty() {
            return Err(Error::invalid("the file has no profile"));
        }
        Ok(this)
    }

    /// How many access keys there are.
    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// What belongs to an access key, if it is known.
    pub fn find(&self, key: &str) -> Option<&Credential> {
        self.by_key.get(key)
    }
}

type Profile = (String, HashMap<String, String>);

fn profiles(text: &str) -> Result<Vec<Profile>> {
    let mut profiles: Vec<Profile> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        // The line itself stays out of the message: it may be a secret.
        let wrong = |what: &str| Error::invalid(format!("line {} {what}", index + 1));
        if let Some(name) = line.strip_prefix('[') {
            let name = name.strip_suffix(']').ok_or_else(|| wrong("has no `]` at its end"))?;
            profiles.push((name.trim().to_owned(), HashMap::new()));
            continue;
        }
        let (key, value) = line.split_once('=').ok_or_else(|| wrong("is no `key = value`"))?;
        let (_, profile) =
            profiles.last_mut().ok_or_else(|| wrong("stands before the first [profile]"))?;
        profile.insert(key.trim().to_owned(), value.trim().to_owned());
    }
    Ok(profiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET_LINE: &str = "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfi=YEXAMPLEKEY";
    const LAB: &str = "# ours\n[lab]\naws_access_key_id = AKIA1\n\
        aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfi=YEXAMPLEKEY\n\
        aws_account_id = 111122223333\n";

    #[test]
    fn profiles_are_read_as_aws_reads_them() {
        let credentials = Credentials::parse(LAB).unwrap();
        let found = credentials.find("AKIA1").unwrap();
        assert_eq!(found.account.as_str(), "111122223333");
        assert_eq!(found.secret, "wJalrXUtnFEMI/K7MDENG/bPxRfi=YEXAMPLEKEY");
        assert!(credentials.find("AKIA2").is_none());
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        let other = LAB.replace("[lab]", "[other]");
        for (text, says) in [
            ("", "no profile"),
            ("a = b", "line 1"),
            (&LAB.replace("aws_account_id", "account"), "aws_account_id"),
            (&LAB.replace("111122223333", "1"), "account"),
            (&LAB.replace("wJalr", "wJalrx"), "has 41 characters"),
            (&LAB.replace("wJalr", ""), "has 35 characters"),
            (&LAB.replace(SECRET_LINE, "hunter2"), "line 4"),
            (&format!("{LAB}{other}"), "other"),
        ] {
            let error = Credentials::parse(text).unwrap_err().to_string();
            assert!(error.contains(says) && !error.contains("hunter2"), "{error}");
        }
    }
}
