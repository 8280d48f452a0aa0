//! What the name of a column says, whatever its spelling.

/// A name reduced to what spellings of it have in common: `chromStart`, `chrom_start` and `#Chrom
/// Start` are the same.
pub fn essence(header: &str) -> String {
    header.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
}
