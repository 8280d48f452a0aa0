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
    /// Those that a descriptor has room for, by their numbers.
    const BY_NUMBER: [Option<Self>; 16] = {
        let mut kinds = [None; 16];
        kinds[0] = Some(Self::Missing);
        kinds[1] = Some(Self::Int8);
        kinds[2] = Some(Self::Int16);
        kinds[3] = Some(Self::Int32);
        kinds[5] = Some(Self::Float);
        kinds[7] = Some(Self::Text);
        kinds
    };

    /// Bytes of an element.
    #[inline]
    fn width(self) -> usize {
        /// In the order of the kinds: to look it up is no branch.
        const WIDTHS: [usize; 6] = [0, 1, 2, 4, 4, 1];
        WIDTHS[self as usize]
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

impl<T> Element<T> {
    #[inline]
    fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::End => None,
        }
    }
}

/// Bytes that are read from front to back.
#[derive(Clone, Copy)]
pub struct Bytes<'a>(pub &'a [u8]);

const SHORT: Damage = Damage("a record ends inside its values");
const UNKNOWN_TYPE: Damage = Damage("a value of a record has a type that BCF does not know");
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
        let kind = TypedKind::BY_NUMBER[usize::from(byte & 15)].ok_or(UNKNOWN_TYPE)?;
        let count = match byte >> 4 {
            15 => self.long_count()?,
            count => usize::from(count),
        };
        Ok((kind, count))
    }

    /// How many elements follow, where a descriptor has no room for it.
    #[inline(never)]
    fn long_count(&mut self) -> Result<usize, Damage> {
        usize::try_from(self.integer()?).map_err(|_| NO_INTEGER)
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

impl<'a> Typed<'a> {
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

    /// Hands each float on, with its place, up to the end of the list.
    #[inline]
    pub fn floats(
        self,
        mut each: impl FnMut(usize, Option<f32>) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        match self.kind {
            TypedKind::Float => elements(self.bytes, float, &mut each),
            _ => Err(Damage("a float of a record is none")),
        }
    }

    /// How many integers there are; none where they are no integers.
    #[inline]
    pub fn count_integers(self) -> Option<usize> {
        let mut count = 0;
        self.integers(|at, _| {
            count = at + 1;
            Ok(())
        })
        .ok()?;
        Some(count)
    }

    /// How many floats there are; none where they are no floats.
    #[inline]
    pub fn count_floats(self) -> Option<usize> {
        let mut count = 0;
        self.floats(|at, _| {
            count = at + 1;
            Ok(())
        })
        .ok()?;
        Some(count)
    }

    /// The integer, where it is the only one and is not missing.
    #[inline]
    pub fn one_integer(self) -> Option<i32> {
        let element = match (self.kind, self.bytes) {
            (TypedKind::Int8, [it]) => int8([*it]),
            (TypedKind::Int16, [low, high]) => int16([*low, *high]),
            (TypedKind::Int32, bytes) => int32(bytes.try_into().ok()?),
            _ => return None,
        };
        element.value()
    }

    /// The float, where it is the only one and is not missing.
    #[inline]
    pub fn one_float(self) -> Option<f32> {
        let bytes = self.bytes.try_into().ok().filter(|_| self.kind == TypedKind::Float)?;
        float(bytes).value()
    }

    /// The text up to where it is filled up, if it is one.
    #[inline]
    pub fn text(self) -> Option<&'a [u8]> {
        (self.kind == TypedKind::Text).then(|| filled(self.bytes))
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
            TypedKind::Float => self.floats(|at, value| {
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
