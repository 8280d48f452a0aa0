//! What tells findings apart from run to run, wherever their lines move.

use std::collections::HashMap;

use md5::{Digest as _, Md5};

use crate::diagnostic::Finding;

/// Gives each finding of a run a fingerprint of its own: of file, rule, value and message, and of
/// how many like it came before. Lines are left out, so that a line above it changes none.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<[u8; 16], u32>,
}

impl Fingerprints {
    /// That of the next finding, as 32 hexadecimal digits.
    pub fn next(&mut self, file: &str, finding: &Finding) -> String {
        let parts = [file, finding.rule.code, &finding.value, &finding.message];
        self.of(&parts.join("\0"))
    }

    /// That of the next text.
    pub fn of(&mut self, text: &str) -> String {
        let digest: [u8; 16] = Md5::digest(text).into();
        let before = self.seen.entry(digest).or_default();
        let own: [u8; 16] =
            if *before == 0 { digest } else { Md5::digest(format!("{text}\0{before}")).into() };
        *before += 1;
        format!("{:032x}", u128::from_be_bytes(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_findings_differ_by_their_number() {
        let mut own = Fingerprints::default();
        let made = ["a", "b", "a", "a"].map(|it| own.of(it));
        let again = Fingerprints::default().of("b");
        assert_eq!(made[1], again);
        assert!(made.iter().all(|it| it.len() == 32));
        assert!(made[0] != made[2] && made[2] != made[3] && made[0] != made[3]);
    }
}
