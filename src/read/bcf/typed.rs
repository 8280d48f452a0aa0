//! Typed values: a descriptor of type and count, and the elements (BCF 2.2, section 6.3.3).

use super::damage::Damage;
use super::number::{push_float, push_integer};

/// The type of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedKind {
    /// No value.
    Missing,
    /// Integers of 8 bits.
    Int8,
    /// Integers of 16 bits.
    Int16,
    /// Integers of 32 bits.
    Int32,
    /// Floats of 32 bits.
    Float,
    /// Bytes of a text.
    Text,
}

impl TypedKind {
    /// Bytes of an element.
    fn width(self) -> usize {
        match self {
            Self::Missing => 0,
            Self::Int8 | Self::Text => 1,
            Self::Int16 => 2,
            Self::Int32 | Self::Float => 4,
        }
    }
}

/// Elements of one type.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// Their type.
    pub kind: TypedKind,
    /// Their bytes, of which there are as many as they need.
    pub bytes: &'a [u8],
}

/// What an element of a list is.
pub enum Element<T> {
    /// The list ended before it.
    End,
    /// It is missing.
    Missing,
    /// A value.
    Value(T),
}

/// Bytes that are read from front to back.
#[derive(Clone, Copy)]
pub struct Bytes<'a>(pub &'a [u8]);

const SHORT: Damage = Damage("a record ends inside its values");
const NO_INTEGER: Damage = Damage("a number of a record is none");

impl<'a> Bytes<'a> {
    /// The next bytes.
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Damage> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next bytes, of which there are `N`.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(SHORT)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// A descriptor: the type, and how many elements of it follow.
    #[inline]
    pub fn descriptor(&mut self) -> Result<(TypedKind, usize), Damage> {
        let [byte] = self.array()?;
        let kind = match byte & 15 {
            0 => TypedKind::Missing,
            1 => TypedKind::Int8,
            2 => TypedKind::Int16,
            3 => TypedKind::Int32,
            5 => TypedKind::Float,
            7 => TypedKind::Text,
            _ => return Err(Damage("a value of a record has a type that BCF does not know")),
        };
        let count = match byte >> 4 {
            // More than a descriptor has room for.
            15 => usize::try_from(self.integer()?).map_err(|_| NO_INTEGER)?,
            count => usize::from(count),
        };
        Ok((kind, count))
    }

    /// Elements with their descriptor.
    #[inline]
    pub fn typed(&mut self) -> Result<Typed<'a>, Damage> {
        let (kind, count) = self.descriptor()?;
        Ok(Typed { kind, bytes: self.elements(kind, count)? })
    }

    /// The bytes of so many elements.
    #[inline]
    pub fn elements(&mut self, kind: TypedKind, count: usize) -> Result<&'a [u8], Damage> {
        self.take(count.checked_mul(kind.width()).ok_or(SHORT)?)
    }

    /// One integer with its descriptor.
    #[inline]
    pub fn integer(&mut self) -> Result<i32, Damage> {
        let [descriptor] = self.array()?;
        Ok(match descriptor {
            0x11 => i32::from(self.array::<1>()?[0].cast_signed()),
            0x12 => i32::from(i16::from_le_bytes(self.array()?)),
            0x13 => i32::from_le_bytes(self.array()?),
            _ => return Err(NO_INTEGER),
        })
    }

    /// A text with its descriptor, up to where it is filled up.
    #[inline]
    pub fn text(&mut self) -> Result<&'a [u8], Damage> {
        let value = self.typed()?;
        match value.kind {
            TypedKind::Text => Ok(filled(value.bytes)),
            TypedKind::Missing => Ok(b""),
            _ => Err(Damage("a text of a record is none")),
        }
    }
}

/// A text up to the NUL with which it is filled up.
#[inline]
fn filled(bytes: &[u8]) -> &[u8] {
    &bytes[..memchr::memchr(0, bytes).unwrap_or(bytes.len())]
}

fn int8([byte]: [u8; 1]) -> Element<i32> {
    match byte.cast_signed() {
        i8::MIN => Element::Missing,
        -127 => Element::End,
        value => Element::Value(value.into()),
    }
}

fn int16(bytes: [u8; 2]) -> Element<i32> {
    match i16::from_le_bytes(bytes) {
        i16::MIN => Element::Missing,
        -32_767 => Element::End,
        value => Element::Value(value.into()),
    }
}

fn int32(bytes: [u8; 4]) -> Element<i32> {
    match i32::from_le_bytes(bytes) {
        i32::MIN => Element::Missing,
        -2_147_483_647 => Element::End,
        value => Element::Value(value),
    }
}

/// A float, where two values that are no numbers have a meaning.
#[inline]
pub fn float(bytes: [u8; 4]) -> Element<f32> {
    match u32::from_le_bytes(bytes) {
        0x7f80_0001 => Element::Missing,
        0x7f80_0002 => Element::End,
        bits => Element::Value(f32::from_bits(bits)),
    }
}

/// Appends a text, or a dot for an empty one.
#[inline]
pub fn push_text(out: &mut Vec<u8>, text: &[u8]) -> Result<(), Damage> {
    if text.is_empty() || text == [7] {
        out.push(b'.');
    } else if memchr::memchr3(b'\t', b'\n', b'\r', text).is_some() {
        return Err(Damage("a text of a record has a tab or a line break in it"));
    } else {
        out.extend_from_slice(text);
    }
    Ok(())
}

impl Typed<'_> {
    /// Hands each integer on, with its place, up to the end of the list.
    #[inline]
    pub fn integers(
        self,
        mut each: impl FnMut(usize, Option<i32>) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        match self.kind {
            TypedKind::Int8 => elements(self.bytes, int8, &mut each),
            TypedKind::Int16 => elements(self.bytes, int16, &mut each),
            TypedKind::Int32 => elements(self.bytes, int32, &mut each),
            TypedKind::Missing => Ok(()),
            TypedKind::Float | TypedKind::Text => Err(NO_INTEGER),
        }
    }

    /// Appends the elements with commas between them, or a dot where there are none. The line may
    /// have so many bytes.
    pub fn push(self, out: &mut Vec<u8>, limit: usize) -> Result<(), Damage> {
        let before = out.len();
        let begin = |out: &mut Vec<u8>, at: usize| {
            if at > 0 {
                out.push(b',');
            }
            within(out, limit)
        };
        match self.kind {
            TypedKind::Text => return push_text(out, filled(self.bytes)),
            TypedKind::Float => elements(self.bytes, float, &mut |at, value| {
                begin(out, at)?;
                push_or_dot(out, value, push_float);
                Ok(())
            })?,
            _ => self.integers(|at, value| {
                begin(out, at)?;
                push_or_dot(out, value, |out, it| push_integer(out, it.into()));
                Ok(())
            })?,
        }
        if out.len() == before {
            out.push(b'.');
        }
        Ok(())
    }
}

#[inline]
fn push_or_dot<T>(out: &mut Vec<u8>, value: Option<T>, push: impl Fn(&mut Vec<u8>, T)) {
    match value {
        Some(value) => push(out, value),
        None => out.push(b'.'),
    }
}

#[inline]
fn elements<const N: usize, T>(
    bytes: &[u8],
    element: impl Fn([u8; N]) -> Element<T>,
    each: &mut impl FnMut(usize, Option<T>) -> Result<(), Damage>,
) -> Result<(), Damage> {
    for (at, bytes) in bytes.as_chunks::<N>().0.iter().enumerate() {
        match element(*bytes) {
            Element::End => break,
            Element::Missing => each(at, None)?,
            Element::Value(value) => each(at, Some(value))?,
        }
    }
    Ok(())
}

/// An error where a line has more bytes than it may.
#[inline]
pub fn within(out: &[u8], limit: usize) -> Result<(), Damage> {
    if out.len() > limit {
        return Err(Damage("a record stands for a line that is far longer than itself"));
    }
    Ok(())
}
