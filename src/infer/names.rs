//! What the name of a column says, whatever its spelling.

/// A name reduced to what spellings of it have in common: `chromStart`, `chrom_start` and `#Chrom
/// Start` are the same.
pub fn essence(header: &str) -> String {
    header.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
}

/// The words of a name, in lower case: `txStart`, `TX_START` and `tx.start` have the same two, and
/// `hg19chr` has two as well.
pub fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for it in header.chars() {
        let is_upper = before.is_ascii_lowercase() && it.is_ascii_uppercase();
        let is_letter = before.is_ascii_digit() && it.is_ascii_alphabetic();
        if !it.is_ascii_alphanumeric() || is_upper || is_letter {
            words.push(String::new());
        }
        if it.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(it.to_ascii_lowercase());
        }
        before = it;
    }
    words.retain(|it| !it.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_have_their_words_in_common() {
        for name in ["txStart", "TX_START", "tx.start", "#tx start"] {
            assert_eq!(words(name), ["tx", "start"], "{name}");
        }
        assert_eq!(words("Gene start (bp)"), ["gene", "start", "bp"]);
        assert_eq!(words("ReferenceAlleleVCF"), ["reference", "allele", "vcf"]);
        assert_eq!(words("GRCh38_chr"), ["grch38", "chr"]);
        assert_eq!(words("hg19chr"), ["hg19", "chr"]);
        assert_eq!(words("é"), [""; 0]);
    }
}
