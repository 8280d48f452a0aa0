//! Holds a request that is to be carried out against its shape: the first fault refuses it.

use serde::Serialize;

use super::judge::{Fault, Judge};
use super::parse;
use crate::diagnostic::rules::request::NOT_ONE_UNION_MEMBER;
use crate::model::shape::{Shape, Shaped};
use crate::model::{Error, Result};

/// Refuses a request with the first of its faults.
pub fn accept<R: Shaped>(request: &R) -> Result<()> {
    judge(request, "", Judge::new(R::NAME, &R::SHAPE))
}

/// Refuses a request of the terminal, whose sources may be paths, with the first of its faults.
pub fn accept_local<R: Shaped>(request: &R) -> Result<()> {
    judge(request, "", Judge { takes_paths: true, ..Judge::new(R::NAME, &R::SHAPE) })
}

/// Refuses the value of a single member.
pub fn accept_member(member: &'static str, value: &impl Serialize, shape: &Shape) -> Result<()> {
    judge(value, member, Judge::new(member, shape))
}

fn judge(value: &impl Serialize, path: &str, mut judge: Judge) -> Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|error| Error::internal("cannot write JSON").with_source(error))?;
    let json = parse(&text).map_err(refusal)?;
    judge.value(&json, judge.root, path);
    let first = judge.faults.into_iter().min_by_key(|it| it.range.start);
    first.map_or(Ok(()), |it| Err(refusal(it)))
}

/// The message says what has to be there, but where a member is not there or its form is not told.
fn refusal(fault: Fault) -> Error {
    match (fault.missing, fault.form) {
        (Some(member), _) => {
            let error = Error::invalid(format!("{member} is missing"));
            match member.rsplit_once('.') {
                Some((union, _)) if *fault.rule == NOT_ONE_UNION_MEMBER => {
                    error.with_help(format!("give {member}, or leave {union} out"))
                }
                _ => error.with_help(format!("give {member}")),
            }
        }
        (None, Some(form)) => Error::invalid(fault.message).with_help(format!("give {form}")),
        (None, None) => Error::invalid(fault.message),
    }
}
