//! What a member of the API may be.

use std::ops::RangeInclusive;

use serde::Serialize;

/// The type of a member, with its limits. Lengths count characters.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Text of so many characters, in a form.
    Text(RangeInclusive<usize>, Form),
    /// One of these words.
    Word(&'static [&'static str]),
    /// True or false.
    Boolean,
    /// A whole number within bounds.
    Number(RangeInclusive<i64>),
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
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any.
    Any,
    /// One that passes a test, and how to say it.
    Of(fn(&str) -> bool, &'static str),
    /// An address in S3, for which a path may stand at the terminal.
    Source,
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub shape: &'static Shape,
    /// Whether the object cannot do without it.
    pub is_required: bool,
}

/// An object of the API that has a type here.
pub trait Shaped: Serialize {
    /// What to call it; the operation where it is a request.
    const NAME: &'static str;
    /// What it may be.
    const SHAPE: Shape;
}

/// A member that may be left out.
pub(super) const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, is_required: false }
}

/// A member that may not be left out.
pub(super) const fn required(name: &'static str, shape: &'static Shape) -> Member {
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
            Self::Number(_) => "a number",
            Self::List(..) => "an array",
            Self::Structure(_) | Self::Union(_) | Self::Map(..) => "an object",
        }
    }
}

/// Declares an object of the API, a structure or a union: its members with their names, types and
/// limits. This is the only place that a member stands in.
macro_rules! object {
    (
        $(#[$meta:meta])*
        $kind:ident $object:ident {
            $(
                $(#[$attribute:meta])*
                $need:ident $member:literal $field:ident: $type:ty = $shape:expr;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $object {
            $(
                $(#[$attribute])*
                #[serde(rename = $member, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }

        impl $object {
            /// This one, with the members of another where it has none.
            #[must_use]
            pub fn over(self, other: Self) -> Self {
                Self { $($field: self.$field.or(other.$field),)* }
            }
        }

        impl $crate::model::shape::Shaped for $object {
            const NAME: &'static str = stringify!($object);
            const SHAPE: $crate::model::shape::Shape =
                $crate::model::shape::Shape::$kind(&[
                    $($crate::model::shape::$need($member, &$shape)),*
                ]);
        }
    };
}

pub(super) use object;
