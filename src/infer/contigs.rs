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

/// Whether a value is a whole place, as `chr1:100-200`, or a variant, as `chr1_100_A_G`,
/// `1-100-A-G` and `NC_000001.11:g.100A>G`.
pub fn is_place(value: &[u8]) -> bool {
    let Some(text) = std::str::from_utf8(value).ok().filter(|it| it.len() < 200) else {
        return false;
    };
    let has_digit = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
    if let Some((contig, rest)) = text.split_once(':') {
        let rest = rest.strip_prefix("g.").or_else(|| rest.strip_prefix("m.")).unwrap_or(rest);
        return is_contig(contig) && has_digit(rest);
    }
    let is_base = |it: u8| b"ACGTNacgtn*.".contains(&it);
    let are_bases = |it: &str| !it.is_empty() && it.bytes().all(is_base);
    ['_', '-'].into_iter().any(|between| {
        let mut parts = text.split(between);
        parts.next().is_some_and(is_contig)
            && parts.next().is_some_and(|it| it.parse::<u32>().is_ok())
            && (0..2).all(|_| parts.next().is_some_and(are_bases))
    })
}

/// Whether a value is a band of a chromosome, as `1p36.33` and `Xq28`.
pub fn is_band(value: &[u8]) -> bool {
    let is_contig = |it: &[u8]| std::str::from_utf8(it).is_ok_and(is_contig);
    let arm = value.iter().take(3).position(|it| matches!(it, b'p' | b'q'));
    arm.is_some_and(|at| {
        is_contig(&value[..at]) && value[at..].iter().all(|it| b"0123456789.-pqterc".contains(it))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_variants_may_stand_in_one_value() {
        for text in [
            "chr1:100",
            "X:5-9",
            "chr1_64764_C_T_b38",
            "1-100-A-G",
            "NC_000001.11:g.100A>G",
            "MT:m.5A>G",
        ] {
            assert!(is_place(text.as_bytes()), "{text}");
        }
        for text in ["1-2-2020", "chr1_gl000191_random", "HGNC:5", "1-100", "A-100-C-G", "12:x"] {
            assert!(!is_place(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn bands_are_no_contigs() {
        assert!(["1p36.33", "Xq28", "22q", "1p36-p34"].iter().all(|it| is_band(it.as_bytes())));
        assert!(
            !["1", "X", "chr1", "q28", "23p1", "1p36x", ""].iter().any(|it| is_band(it.as_bytes()))
        );
    }
}
