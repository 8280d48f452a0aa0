//! The names that one contig has in several styles, as assemblies of the human genome have them.

use std::borrow::Cow;

/// The plain name of a contig, as Ensembl and ClinVar write it: `1` of `chr1`, `NC_000001.11` and
/// `NC_000001.10`, `MT` of `chrM`, `M` and `NC_012920.1`, `KI270706.1` of `chr1_KI270706v1_random`.
/// What has no other style stays as it is.
pub fn plain_name(name: &str) -> Cow<'_, str> {
    if let Some(number) = accession(name) {
        return match number {
            1..=22 => Cow::Owned(number.to_string()),
            23 => Cow::Borrowed("X"),
            24 => Cow::Borrowed("Y"),
            MITOCHONDRION => Cow::Borrowed("MT"),
            _ => Cow::Borrowed(name),
        };
    }
    let prefix = name.get(..3).filter(|it| it.eq_ignore_ascii_case("chr"));
    let bare = prefix.map_or(name, |_| &name[3..]);
    match bare {
        "" => Cow::Borrowed(name),
        "M" | "m" | "MT" | "mt" | "Mt" => Cow::Borrowed("MT"),
        "x" => Cow::Borrowed("X"),
        "y" => Cow::Borrowed("Y"),
        _ => match bare.split('_').nth(1).filter(|_| prefix.is_some()).and_then(scaffold) {
            Some(scaffold) => Cow::Owned(scaffold),
            None => Cow::Borrowed(bare),
        },
    }
}

/// Its number in `RefSeq`.
const MITOCHONDRION: u32 = 12_920;

/// The names that a contig may have elsewhere.
pub fn other_names(name: &str) -> Vec<String> {
    let plain = plain_name(name).to_ascii_uppercase();
    let spellings = if plain == "MT" { vec!["M", "MT"] } else { vec![&plain[..]] };
    let prefixed = |it: &str| ["chr", "", "Chr", "CHR"].map(|prefix| format!("{prefix}{it}"));
    let mut names: Vec<String> = spellings.into_iter().flat_map(prefixed).collect();
    let number = match plain.as_str() {
        "X" => Some(23),
        "Y" => Some(24),
        "MT" => Some(MITOCHONDRION),
        other => other.parse().ok().filter(|it| (1..=22).contains(it)),
    };
    if let Some(number) = number {
        // Versions of the accessions in GRCh37, GRCh38 and T2T-CHM13 differ.
        names.extend((1..=14).map(|version| format!("NC_{number:06}.{version}")));
    }
    names
}

/// The number of a chromosome in `RefSeq`, such as 1 of `NC_000001.11`.
fn accession(name: &str) -> Option<u32> {
    let (number, version) = name.strip_prefix("NC_")?.split_once('.')?;
    version.parse::<u32>().ok()?;
    number.parse().ok()
}

/// `KI270706.1` of `KI270706v1` (UCSC, hg38), `GL000220.1` of `gl000220` (UCSC, hg19).
fn scaffold(part: &str) -> Option<String> {
    let (accession, version) = part.split_once('v').unwrap_or((part, "1"));
    let is = |text: &str, of: fn(&u8) -> bool| text.bytes().all(|it| of(&it));
    let (letters, digits) = accession.split_at_checked(2)?;
    let is_one = is(letters, u8::is_ascii_alphabetic)
        && digits.len() >= 6
        && is(digits, u8::is_ascii_digit)
        && !version.is_empty()
        && is(version, u8::is_ascii_digit);
    is_one.then(|| format!("{}.{version}", accession.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_styles_have_one_plain_name() {
        for (plain, names) in [
            ("1", &["1", "chr1", "Chr1", "CHR1", "NC_000001.10", "NC_000001.11"][..]),
            ("22", &["22", "chr22", "NC_000022.11"]),
            ("X", &["X", "x", "chrX", "chrx", "NC_000023.10"]),
            ("Y", &["Y", "chrY", "NC_000024.9"]),
            ("MT", &["M", "MT", "chrM", "chrMT", "chrMt", "NC_012920.1"]),
            ("KI270706.1", &["KI270706.1", "chr1_KI270706v1_random"]),
            ("GL000220.1", &["GL000220.1", "chrUn_GL000220v1", "chrUn_gl000220"]),
            ("2L", &["2L", "chr2L"]),
        ] {
            for name in names {
                assert_eq!(plain_name(name), plain, "{name}");
            }
        }
    }

    #[test]
    fn what_has_no_other_style_stays() {
        for name in
            ["", "chr", "HLA-A*01:01", "NC_045512.2", "scaffold_12", "NC_x.1", "é", "1_GL000220v1"]
        {
            assert_eq!(plain_name(name), name);
        }
    }
}
