//! What the automaton reads one by one: bytes, or characters.

/// A unit of the text: a byte where all special characters are ASCII, else a character.
pub trait Unit: Copy + Eq {
    /// The unit of an ASCII character.
    fn ascii(byte: u8) -> Self;
    /// The unit of a special character.
    fn of(it: char) -> Self;
    /// Whether it is at most U+0020.
    fn is_blank(self) -> bool;
    /// Appends it as UTF-8.
    fn push_to(self, text: &mut Vec<u8>);
}

impl Unit for u8 {
    fn ascii(byte: u8) -> Self {
        byte
    }

    fn of(it: char) -> Self {
        u8::try_from(it).unwrap_or(u8::MAX)
    }

    fn is_blank(self) -> bool {
        self <= b' '
    }

    fn push_to(self, text: &mut Vec<u8>) {
        text.push(self);
    }
}

impl Unit for char {
    fn ascii(byte: u8) -> Self {
        Self::from(byte)
    }

    fn of(it: char) -> Self {
        it
    }

    fn is_blank(self) -> bool {
        self <= ' '
    }

    fn push_to(self, text: &mut Vec<u8>) {
        text.extend_from_slice(self.encode_utf8(&mut [0; 4]).as_bytes());
    }
}
