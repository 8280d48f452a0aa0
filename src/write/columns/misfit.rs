//! Values that come for a column of another kind: a fault of the program, which may not lose them.

use std::fmt::Display;

use crate::model::{Error, Result};

/// The first column that was given a value of another kind than its own, if there is one.
///
/// The parser knows the kinds of the columns, so that this costs nothing but where it happens.
#[derive(Debug, Default)]
pub struct Misfit(Option<String>);

impl Misfit {
    /// Remembers a column.
    #[cold]
    pub fn note(&mut self, column: impl Display) {
        self.0.get_or_insert_with(|| column.to_string());
    }

    /// Remembers a column, and gives what takes its values in its place.
    #[cold]
    pub fn instead<'a, T>(&mut self, column: impl Display, stray: &'a mut T) -> &'a mut T {
        self.note(column);
        stray
    }

    /// An error where a value did not fit.
    pub fn check(&self) -> Result<()> {
        match &self.0 {
            None => Ok(()),
            Some(column) => {
                let message = "a value came for a column of another kind";
                Err(Error::internal(message).with("column", column).with_help(
                    "nothing was stored; this is a fault of annostore: please report it, with the \
                     header of the file",
                ))
            }
        }
    }
}
