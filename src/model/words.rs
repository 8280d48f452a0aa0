//! Enumerations whose values are words of the API.

/// Declares an enumeration with the word of each of its values, in the order of the API. The words
/// stand here alone: limits, messages and the catalog take them from the type.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $value,)* }

        impl $name {
            /// The words of all values, in the order of the API.
            pub const WORDS: &'static [&'static str] = &[$($word),*];
            /// All values, in the order of the API.
            pub const ALL: [Self; Self::WORDS.len()] = [$(Self::$value),*];

            /// The API's word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word,)* }
            }

            /// The value of that word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|it| it.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use words;
