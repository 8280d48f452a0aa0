//! The elements of a field that separators divide.

use std::ops::Range;

use super::syntax::is_blank;

/// Elements up to which each is compared with each; beyond, they are sorted first.
const FEW: usize = 16;

/// The first element that is empty or has white space.
pub fn unsound(text: &[u8]) -> Option<Range<usize>> {
    elements(text, b';').find(|it| it.is_empty() || text[it.clone()].iter().copied().any(is_blank))
}

/// The first element that comes a second time, at its second place.
pub fn repeated(text: &[u8], separator: u8) -> Option<Range<usize>> {
    let count = memchr::memchr_iter(separator, text).count() + 1;
    if count <= FEW {
        let places = elements(text, separator).enumerate();
        return places
            .filter(|(index, it)| {
                elements(text, separator).take(*index).any(|other| text[other] == text[it.clone()])
            })
            .map(|it| it.1)
            .find(|it| !it.is_empty());
    }
    let mut places: Vec<Range<usize>> = elements(text, separator).collect();
    places.sort_by(|a, b| (&text[a.clone()], a.start).cmp(&(&text[b.clone()], b.start)));
    let twice = places.windows(2).filter(|it| text[it[0].clone()] == text[it[1].clone()]);
    twice.map(|it| it[1].clone()).filter(|it| !it.is_empty()).min_by_key(|it| it.start)
}

/// The places of the elements.
pub fn elements(text: &[u8], separator: u8) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    memchr::memchr_iter(separator, text).chain([text.len()]).map(move |end| {
        let place = start..end;
        start = end + 1;
        place
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_two_equal_elements_is_found_among_few_and_many() {
        assert_eq!(repeated(b"a;b;a", b';'), Some(4..5));
        assert_eq!(repeated(b"a;b;c", b';'), None);
        let many: Vec<String> = (0..40).map(|it| format!("x{it}")).collect();
        let text = many.join(";");
        assert_eq!(repeated(text.as_bytes(), b';'), None);
        let twice = format!("{text};x7");
        assert_eq!(repeated(twice.as_bytes(), b';'), Some(text.len() + 1..twice.len()));
    }
}
