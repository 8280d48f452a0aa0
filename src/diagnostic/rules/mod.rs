//! The rules. The folder of each has its page, and an example that fails and one that passes; a
//! build step makes this module of the pages.

use super::Rule;

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The rule with a code or a name, in any case.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|it| {
        it.code.eq_ignore_ascii_case(code_or_name) || it.name.eq_ignore_ascii_case(code_or_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Effect, Evidence, Policy, Severity, Specification, Subject};

    #[test]
    fn severity_follows_the_policy() {
        for rule in RULES {
            let fails = rule.effect != Effect::Accepted;
            let is_error = Policy::ALL.map(|it| rule.severity(it) == Severity::Error);
            let expected = match rule.specification {
                Specification::Forbids => [fails, true, true],
                Specification::Discourages => [fails, false, true],
                Specification::Allows => [fails, false, false],
                Specification::Silent => [fails; 3],
            };
            assert_eq!(is_error, expected, "{}", rule.code);
        }
    }

    #[test]
    fn each_effect_says_how_it_is_known() {
        for (code, evidence) in [
            ("VCF102", Evidence::PublishedImporter),
            ("GFF101", Evidence::PublishedImporter),
            ("FILE004", Evidence::PublishedImporter),
            ("REQ002", Evidence::Documentation),
            ("REQ008", Evidence::Documentation),
            ("TSV101", Evidence::Seen),
            ("TSV113", Evidence::Seen),
            ("GFF301", Evidence::Inferred),
            ("REQ010", Evidence::Inferred),
        ] {
            assert_eq!(find(code).map(Rule::evidence), Some(evidence), "{code}");
        }
        // Where nothing is known to look at it, the service is hardly said to harm it.
        let harmed = RULES.iter().filter(|it| it.evidence() == Evidence::Inferred);
        let harmed: Vec<_> = harmed.filter(|it| it.effect != Effect::Accepted).collect();
        assert_eq!(harmed.iter().map(|it| it.code).collect::<Vec<_>>(), ["GFF218"]);
    }

    #[test]
    fn only_tables_and_requests_have_no_specification() {
        for rule in RULES {
            let silent = rule.specification == Specification::Silent;
            let expected = [Subject::TsvFile, Subject::TsvRow, Subject::Request];
            assert_eq!(silent, expected.contains(&rule.subject), "{}", rule.code);
        }
    }

    #[test]
    fn rules_are_listed_by_subject_and_code() {
        assert!(RULES.is_sorted_by_key(|it| (it.subject, it.code)));
    }
}
