//! The characters of names, by the grammars of the specification.

use crate::diagnostic::Rule;

/// Letters, digits and `.`, `_`, `-`, `+`, and not punctuation alone.
pub fn is_identifier(text: &[u8]) -> bool {
    let allowed = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-' | b'+');
    text.iter().all(allowed) && text.iter().any(u8::is_ascii_alphanumeric)
}

/// A key of INFO or FORMAT since VCF 4.3: `^[A-Za-z_][0-9A-Za-z_.]*$`.
pub fn is_key(text: &[u8]) -> bool {
    let first = |it: &u8| it.is_ascii_alphabetic() || *it == b'_';
    text.first().is_some_and(first) && text.iter().copied().all(is_key_character)
}

/// Letters, digits, underscores and dots.
pub fn is_key_character(it: u8) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.')
}

/// White space, control characters, or what is no single word in a table of tabs.
pub fn is_blank(it: u8) -> bool {
    it.is_ascii_whitespace() || it.is_ascii_control()
}

/// What is to be said of a value in which another header begins: its file follows one that does not
/// end in a newline.
pub fn glued_header(value: &[u8]) -> &'static str {
    if memchr::memmem::find(value, b"##fileformat=").is_some() {
        "; a second header begins here: the first file does not end in a newline"
    } else {
        ""
    }
}

/// The types that a symbolic allele `<TYPE:SUBTYPE>` begins with.
const STRUCTURAL_TYPES: [&[u8]; 6] = [b"DEL", b"INS", b"DUP", b"INV", b"CNV", b"BND"];

/// Whether a type of structural variant exists in a version; BND ended with VCF 4.3.
pub fn is_structural_type(text: &[u8], minor: u32) -> bool {
    let known = if minor >= 4 { &STRUCTURAL_TYPES[..5] } else { &STRUCTURAL_TYPES[..] };
    known.contains(&text)
}

/// Whether the ID of a symbolic allele with a colon begins with a type that its version does not
/// have.
pub fn has_unknown_type(id: &[u8], minor: u32) -> bool {
    let colon = id.iter().position(|it| *it == b':');
    colon.is_some_and(|at| !is_structural_type(&id[..at], minor))
}

/// `scheme://authority...`, where the authority begins with a letter or is an IPv4 address.
pub fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let parts: Vec<&str> = host.split('.').collect();
    let is_address = parts.len() == 4
        && parts.iter().all(|part| {
            (1..=3).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit())
        });
    let begins_with_letter = authority.starts_with(|it: char| it.is_ascii_alphabetic());
    // A path on this machine has an empty authority.
    let is_file = scheme == "file" && authority.is_empty() && rest.len() > 1;
    scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && (begins_with_letter || is_address || is_file)
}

/// What is wrong with the name of a contig, in the header or without its angle brackets in CHROM.
/// `*` and `=` may stand inside since later drafts of VCF 4.3, but programs differ.
pub fn contig_fault(
    name: &[u8],
    minor: u32,
    invalid: &'static Rule,
    unusual: &'static Rule,
) -> Option<&'static Rule> {
    let forbidden = |it: &u8| {
        is_blank(*it) || matches!(it, b',' | b'<' | b'>') || minor >= 3 && matches!(it, b'[' | b']')
    };
    let strange = |it: &u8| minor >= 3 && matches!(it, b'*' | b'=');
    if name.is_empty() || name.iter().any(forbidden) {
        return Some(invalid);
    }
    let odd_start = if minor >= 3 { name[0] == b'#' } else { !name[0].is_ascii_alphanumeric() };
    (odd_start || name.iter().any(strange)).then_some(unusual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        for (key, expected) in
            [("AC", true), ("_a.1", true), ("1000G", false), ("a-b", false), ("", false)]
        {
            assert_eq!(is_key(key.as_bytes()), expected, "{key}");
        }
    }

    #[test]
    fn urls() {
        for (url, expected) in [
            ("ftp://user@host:8080/path?a=b#c", true),
            ("http://10.0.0.1/x", true),
            ("file:///seq/ref.fa", true),
            ("ftp://8080:8080/x", false),
            ("host/x", false),
            ("", false),
        ] {
            assert_eq!(is_url(url), expected, "{url}");
        }
    }

    #[test]
    fn types_of_structural_variants() {
        assert!(!has_unknown_type(b"DEL:ME", 2) && !has_unknown_type(b"custom", 2));
        assert!(!has_unknown_type(b"BND:x", 3) && has_unknown_type(b"BND:x", 4));
    }
}
