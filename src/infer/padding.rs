//! Columns that are lined up by blanks, as `PLINK` writes them, which no separator can say.

use super::quoting;
use crate::model::Result;

/// Ways in which blanks separate columns, each with what makes tabs of them.
const WAYS: [(usize, &str); 2] =
    [(1, r"sed -E 's/^ +//; s/ +$//; s/ +/\t/g'"), (2, r"sed -E 's/^ +//; s/ +$//; s/ {2,}/\t/g'")];
/// Lines that are looked at.
const LOOKED_AT: usize = 1000;

/// A text with tabs instead.
pub struct Squeezed {
    /// The text.
    pub text: String,
    /// The command that makes the same of the file.
    pub command: &'static str,
}

/// The text with a tab between columns, where they are lined up by blanks and nothing else
/// separates them.
pub fn squeezed(text: &str) -> Result<Option<Squeezed>> {
    let is_row = |it: &&str| !it.trim().is_empty() && !it.starts_with('#');
    let lines: Vec<&str> = text.lines().filter(is_row).take(LOOKED_AT).collect();
    let is_padded = |it: &&&str| it.starts_with(' ') || it.trim().contains("  ");
    let padded = lines.iter().filter(is_padded).count();
    if lines.len() < 2 || 2 * padded < lines.len() || lines.iter().any(|it| it.contains('\t')) {
        return Ok(None);
    }
    let tried = quoting::best(&lines)?;
    if tried.columns > 1 && !quoting::WEAK.contains(&tried.sep) {
        return Ok(None);
    }
    let Some((least, command)) = WAYS.into_iter().find(|(least, _)| is_even(&lines, *least)) else {
        return Ok(None);
    };
    let text = text.split('\n').map(|it| columns(it, least).join("\t"));
    Ok(Some(Squeezed { text: text.collect::<Vec<_>>().join("\n"), command }))
}

/// Whether nearly all lines have the same number of columns, and several.
fn is_even(lines: &[&str], least: usize) -> bool {
    let mut counts: Vec<usize> = lines.iter().map(|it| columns(it, least).len()).collect();
    counts.sort_unstable();
    let usual = counts[counts.len() / 2];
    let others = counts.iter().filter(|it| **it != usual).count();
    usual > 1 && 20 * others <= counts.len()
}

/// What so many blanks or more separate.
fn columns(line: &str, least: usize) -> Vec<&str> {
    let gap = &"  "[..least];
    line.trim_matches([' ', '\r'])
        .split(gap)
        .map(|it| it.trim_matches(' '))
        .filter(|it| !it.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        squeezed(text).unwrap().map(|it| it.text)
    }

    #[test]
    fn blanks_that_line_columns_up_are_one_tab() {
        let text = " CHR  BP   P \n   1  752566  0.1\n  23   5    NA\n";
        assert_eq!(of(text).unwrap(), "CHR\tBP\tP\n1\t752566\t0.1\n23\t5\tNA\n");
        let text = "name          size\nHomo sapiens  3000\nMus musculus  2700\n";
        assert_eq!(of(text).unwrap(), "name\tsize\nHomo sapiens\t3000\nMus musculus\t2700\n");
    }

    #[test]
    fn other_blanks_stay() {
        for text in
            ["id n\na 1\nb 2\n", "a,b\n  1,  2\n  3,  4\n", "some  text\nmore of it\n", "a\n"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
