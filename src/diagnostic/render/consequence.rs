//! What becomes of what a rule finds, in words.

use crate::diagnostic::{Effect, Outcome, Rule};

/// What the service and annostore do, how that is known of the service, and where more stands.
pub fn consequence(rule: &Rule, outcome: Outcome) -> String {
    let (service, sure) = (service(rule), rule.evidence().told());
    format!("{service}, {sure}; {} (`annostore rule {}`)", own(rule, outcome), rule.code)
}

/// What the service does.
pub fn service(rule: &Rule) -> &'static str {
    match rule.effect {
        Effect::RefusesRequest => "the service refuses the request",
        Effect::FailsJob => "the service fails the job",
        Effect::DropsRow => "the service drops the row without a word",
        Effect::LosesValue => "the service loses or changes the value without a word",
        Effect::Accepted => "the service takes it",
    }
}

/// What annostore does.
fn own(rule: &Rule, outcome: Outcome) -> &'static str {
    match (rule.effect, outcome) {
        (Effect::RefusesRequest, Outcome::Rejected) => "annostore refuses it, too",
        (Effect::RefusesRequest, _) => "annostore takes it",
        (_, Outcome::Stored) => "annostore stores it",
        (_, Outcome::StoredChanged) => "annostore stores it changed",
        (_, Outcome::Rejected) => "annostore rejects it",
    }
}
