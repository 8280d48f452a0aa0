//! What a misspelt word was meant to be.

/// Characters of a word that is compared with others.
const COMPARED: usize = 64;

/// Words that are told at most.
const TOLD: usize = 3;

/// The words that a misspelt one may stand for, the nearest first, not more than three: those that
/// differ in a third of its characters at most, and those that it is a part of.
///
/// ```
/// use annostore::model::near;
///
/// assert_eq!(near("slect", ["select", "ignore"]), ["select"]);
/// ```
pub fn near<'a>(misspelt: &str, words: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let length = misspelt.chars().count();
    if length > COMPARED {
        return Vec::new();
    }
    let misspelt = misspelt.to_lowercase();
    let allowed = (length / 3).max(1);
    let distance = |word: &str| {
        let word = word.to_lowercase();
        let is_part = length > TOLD && word.contains(&misspelt);
        let distance = strsim::damerau_levenshtein(&misspelt, &word);
        if is_part { distance.min(allowed) } else { distance }
    };
    let mut near: Vec<_> = words.into_iter().map(|it| (distance(it), it)).collect();
    near.retain(|it| it.0 <= allowed);
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(TOLD).map(|it| it.1).collect()
}

/// A question for whoever misspelt a word, where there are words that are near.
pub fn did_you_mean<'a>(
    misspelt: &str,
    words: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    match near(misspelt, words)[..] {
        [] => None,
        [one] => Some(format!("did you mean `{one}`?")),
        [ref first @ .., last] => {
            Some(format!("did you mean `{}` or `{last}`?", first.join("`, `")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_words_come_first() {
        let words = ["fail-on", "baseline", "undeclared-info-key", "select"];
        assert_eq!(near("basline", words), ["baseline"]);
        assert_eq!(near("undeclared", words), ["undeclared-info-key"]);
        assert_eq!(near("SELECT", words), ["select"]);
        assert!(near("x", words).is_empty() && near(&"x".repeat(1000), words).is_empty());
        let asked = did_you_mean("VCF10", ["VCF101", "VCF102", "GFF1"]);
        assert_eq!(asked.as_deref(), Some("did you mean `VCF101` or `VCF102`?"));
    }
}
