//! Settings of a TSV store that are annostore's own: the API has none of them.

use std::fmt;

use super::{Error, ReadOptions, Result, excerpt};

/// Cells of a file that mean that a value is absent. The service knows the empty one alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NullMarks(Vec<String>);

impl NullMarks {
    /// Marks that a store has at most.
    const MOST: usize = 20;
    /// Characters that a mark has at most.
    const LONGEST: usize = 50;

    /// The marks of a list with commas, such as `.,NA`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut marks = Vec::new();
        for mark in text.split(',') {
            if mark.is_empty() {
                let message = format!("the null marks `{}` have an empty one", excerpt(text));
                return Err(Error::invalid(message)
                    .with_help("separate marks by commas, as in `.,NA`; an empty cell is null"));
            }
            if mark.chars().count() > Self::LONGEST || mark.chars().any(char::is_control) {
                let message = format!("`{}` is no null mark", excerpt(mark));
                let help = format!("a mark has 1 to {} printable characters", Self::LONGEST);
                return Err(Error::invalid(message).with_help(help));
            }
            if !marks.iter().any(|it| it == mark) {
                marks.push(mark.to_owned());
            }
        }
        if marks.len() > Self::MOST {
            let message = format!("there are {} null marks", marks.len());
            let help = format!("give at most {}", Self::MOST);
            return Err(Error::invalid(message).with_help(help));
        }
        Ok(Self(marks))
    }

    /// The marks that were kept of a list that was checked.
    pub fn of_checked(marks: Vec<String>) -> Self {
        Self(marks)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a cell is one of them.
    pub fn contains(&self, cell: &[u8]) -> bool {
        self.0.iter().any(|it| it.as_bytes() == cell)
    }

    /// Each of them.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for NullMarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

/// What a TSV store has of its own beside the options of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TsvSettings {
    /// Cells that are imported as null.
    pub null_marks: NullMarks,
    /// How files are read where an import does not say.
    pub read_options: Option<ReadOptions>,
}

impl TsvSettings {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.null_marks.is_empty() && self.read_options.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_a_list_with_commas() {
        let marks = NullMarks::parse(".,NA,.").unwrap();
        assert_eq!((marks.to_string().as_str(), marks.as_slice().len()), (".,NA", 2));
        assert!(marks.contains(b"NA") && !marks.contains(b"na") && !marks.contains(b""));
        for text in ["", ".,", "a,\t", &"x".repeat(51)] {
            let error = NullMarks::parse(text).unwrap_err();
            assert!(error.help().is_some(), "{text}");
        }
        let many: Vec<_> = (0..21).map(|it| it.to_string()).collect();
        assert!(NullMarks::parse(&many.join(",")).is_err());
    }
}
