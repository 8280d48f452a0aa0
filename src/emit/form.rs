//! What a form of a file is.

use super::places::Places;

/// A form of a file of lines.
#[derive(Debug)]
pub struct LineForm {
    /// Its name, which is also what names of its files end in.
    pub name: &'static str,
    /// What names of its files may end in besides.
    pub endings: &'static [&'static str],
    /// Whether the name may end in `.gz` behind that, for BGZF.
    pub takes_gz: bool,
    /// Where a line says what it covers.
    pub places: Places,
}

impl PartialEq for LineForm {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
