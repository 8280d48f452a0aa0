//! Other names of the same contig, as assemblies of the human genome have them.

use crate::model::Reference;

/// The name under which the reference probably has a contig that it does not have under this one.
pub fn likely_alias(name: &[u8], reference: &dyn Reference) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    candidates(name).into_iter().find(|it| reference.contig(it.as_bytes()).is_some())
}

fn candidates(name: &str) -> Vec<String> {
    let bare =
        name.get(..3).filter(|it| it.eq_ignore_ascii_case("chr")).map_or(name, |_| &name[3..]);
    let bare = match accession(name) {
        Some(number @ 1..=22) => number.to_string(),
        Some(23) => "X".to_owned(),
        Some(24) => "Y".to_owned(),
        Some(12_920) => "MT".to_owned(),
        _ => bare.to_ascii_uppercase(),
    };
    let mut names = Vec::new();
    for bare in if matches!(bare.as_str(), "M" | "MT") { vec!["M", "MT"] } else { vec![&bare[..]] }
    {
        names.extend(["chr", "", "Chr", "CHR"].map(|prefix| format!("{prefix}{bare}")));
    }
    let number = match bare.as_str() {
        "X" => Some(23),
        "Y" => Some(24),
        "M" | "MT" => Some(12_920),
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
