//! Values of INFO and of samples, on their way to a sink.

use super::percent;
use super::sink::Elements;

/// One number that ends with its entry.
pub fn scalar<T>(rest: &[u8], number: impl Fn(&[u8]) -> Option<(T, usize)>) -> Option<(T, usize)> {
    number(rest).filter(|(_, length)| matches!(rest.get(*length), None | Some(b';')))
}

/// Numbers and `.`, separated by commas, up to the end of the entry; the bytes they took, and how
/// many there are.
pub fn list<T>(
    rest: &[u8],
    elements: &mut impl Elements<T>,
    number: impl Fn(&[u8]) -> Option<(T, usize)>,
) -> Option<(usize, usize)> {
    let mut at = 0;
    let mut count = 1;
    loop {
        let here = rest.get(at..).unwrap_or_default();
        if here.first() == Some(&b'.') && matches!(here.get(1), None | Some(b',' | b';')) {
            elements.push(None);
            at += 1;
        } else if let Some((value, length)) = number(here) {
            elements.push(Some(value));
            at += length;
        } else {
            elements.abandon();
            return None;
        }
        match rest.get(at) {
            None | Some(b';') => {
                elements.finish();
                return Some((at, count));
            }
            Some(b',') => {
                at += 1;
                count += 1;
            }
            Some(_) => {
                elements.abandon();
                return None;
            }
        }
    }
}

/// Texts separated by commas; `.` is a missing one. How many there are.
pub fn texts(value: &[u8], elements: &mut impl for<'a> Elements<&'a [u8]>) -> usize {
    let mut count = 0;
    for element in value.split(|it| *it == b',') {
        elements.push((element != b".").then_some(element));
        count += 1;
    }
    elements.finish();
    count
}

/// The same of texts with percent codes.
pub fn decoded_texts(value: &[u8], elements: &mut impl for<'a> Elements<&'a [u8]>) -> usize {
    let mut count = 0;
    for element in value.split(|it| *it == b',') {
        let text = percent::decoded(element);
        elements.push((element != b".").then_some(&text));
        count += 1;
    }
    elements.finish();
    count
}
