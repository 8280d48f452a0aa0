//! REF and ALT.

/// Whether an allele, or each of those that commas separate, has a usual form.
pub fn is_usual(text: &[u8], is_reference: bool) -> bool {
    is_bases(text) || !is_reference && text.split(|it| *it == b',').all(is_usual_alternate)
}

fn is_bases(text: &[u8]) -> bool {
    let is_base =
        |it: &u8| matches!(it, b'A' | b'C' | b'G' | b'T' | b'N' | b'a' | b'c' | b'g' | b't' | b'n');
    !text.is_empty() && text.iter().all(is_base)
}

/// Bases, a deletion that spans the place, or a symbol.
fn is_usual_alternate(text: &[u8]) -> bool {
    is_bases(text) || text == b"*" || text.starts_with(b"<") && text.ends_with(b">")
}
