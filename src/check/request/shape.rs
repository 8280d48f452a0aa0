//! What a member of the API may be.

use std::ops::RangeInclusive;

/// The type of a member, with its limits.
pub enum Shape {
    /// Text of so many characters, in a form.
    Text(RangeInclusive<usize>, Form),
    /// One of these words.
    Word(&'static [&'static str]),
    /// True or false.
    Boolean,
    /// An object with these members.
    Structure(&'static [Member]),
    /// An object with exactly one of these members.
    Union(&'static [Member]),
    /// An array of so many items.
    List(&'static Shape, RangeInclusive<usize>),
    /// An object of so many entries with any names.
    Map(&'static Shape, &'static Shape, RangeInclusive<usize>),
}

/// The form of a text.
pub enum Form {
    /// Any.
    Any,
    /// One that passes a test, and how to say it.
    Of(fn(&str) -> bool, &'static str),
    /// An address in S3, which has a rule of its own.
    Source,
}

/// A member of an object.
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub shape: &'static Shape,
    /// Whether the object cannot do without it.
    pub is_required: bool,
}

/// A member that may be left out.
pub const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, is_required: false }
}

/// A member that may not.
pub const fn required(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, is_required: true }
}

impl Shape {
    /// The members of an object; none where any are allowed.
    pub fn members(&self) -> &'static [Member] {
        match self {
            Self::Structure(members) | Self::Union(members) => members,
            _ => &[],
        }
    }

    /// What JSON calls it, for people.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text(..) | Self::Word(_) => "a string",
            Self::Boolean => "true or false",
            Self::List(..) => "an array",
            Self::Structure(_) | Self::Union(_) | Self::Map(..) => "an object",
        }
    }
}
