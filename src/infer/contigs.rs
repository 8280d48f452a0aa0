//! How contigs, and places within them, are spelt.

/// Whether a text begins as names of contigs do in many files, and in few other columns.
pub fn is_prefixed(text: &str) -> bool {
    let prefix = text.get(..3);
    prefix.is_some_and(|it| it.eq_ignore_ascii_case("chr") || it == "NC_") && text.len() > 3
}

/// Whether a text is the name of a contig of the human genome, in any style.
pub fn is_contig(text: &str) -> bool {
    let is_number = || text.parse::<u8>().is_ok_and(|it| (1..=22).contains(&it));
    is_prefixed(text) && !text.contains(' ')
        || matches!(text, "X" | "Y" | "M" | "MT")
        || is_number() && !text.starts_with(['0', '+'])
}

/// Whether a value is a whole place, as `chr1:100-200`.
pub fn is_place(value: &[u8]) -> bool {
    let Some(text) = std::str::from_utf8(value).ok().filter(|it| it.len() < 64) else {
        return false;
    };
    let Some((contig, rest)) = text.split_once(':') else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    is_contig(contig) && digits > 0
}
