//! REF and ALT.

/// Whether an allele, or each of those that commas separate, has a usual form.
pub fn is_usual(text: &[u8], is_reference: bool) -> bool {
    is_bases(text) || !is_reference && text.split(|it| *it == b',').all(is_usual_alternate)
}

/// Whether a text is a word for an absent value, though it has no other letters than bases do.
pub fn is_mark(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"na") || text.eq_ignore_ascii_case(b"nan")
}

/// How many bases REF has; none where it is no sequence of bases, certain or not.
pub fn length(text: &[u8]) -> Option<i64> {
    const AMBIGUOUS: &[u8] = b"URYSWKMBDHVurywskmbdhv";
    let is_sequence =
        || !text.is_empty() && text.iter().all(|it| is_base(*it) || AMBIGUOUS.contains(it));
    (is_bases(text) || is_sequence() && !is_mark(text))
        .then(|| i64::try_from(text.len()).unwrap_or(i64::MAX))
}

fn is_bases(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|it| is_base(*it)) && !is_mark(text)
}

fn is_base(it: u8) -> bool {
    matches!(it, b'A' | b'C' | b'G' | b'T' | b'N' | b'a' | b'c' | b'g' | b't' | b'n')
}

/// Bases, a deletion that spans the place, or a symbol.
fn is_usual_alternate(text: &[u8]) -> bool {
    is_bases(text) || text == b"*" || text.starts_with(b"<") && text.ends_with(b">")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_absent_values_are_no_alleles() {
        for text in ["na", "NA", "NaN", "-", ".", "0", ""] {
            assert!(
                !is_usual(text.as_bytes(), true) && !is_usual(text.as_bytes(), false),
                "{text}"
            );
            assert_eq!(length(text.as_bytes()), None, "{text}");
        }
        assert!(is_usual(b"N", true) && is_usual(b"AN", true) && !is_usual(b"A,NA", false));
        assert_eq!((length(b"NAN"), length(b"RAn"), length(b"ACgt")), (None, Some(3), Some(4)));
    }
}
