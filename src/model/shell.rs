//! Names of files in commands that are shown to be pasted.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The name of a file as a word of a command that a shell takes: quoted where it has to be, and
/// with `./` before a dash, which would begin an option. Control characters are escaped as
/// `$'...'` has them, which all but the oldest shells know.
///
/// ```
/// use annostore::model::shell_word;
///
/// assert_eq!(shell_word("a/b-1.vcf.gz"), "a/b-1.vcf.gz");
/// assert_eq!(shell_word("my file's.vcf"), r"'my file'\''s.vcf'");
/// ```
pub fn shell_word(file: &str) -> Cow<'_, str> {
    let is_option = file.len() > 1 && file.starts_with('-');
    if !is_option && !file.is_empty() && file.chars().all(is_plain) {
        return Cow::Borrowed(file);
    }
    let file = if is_option { format!("./{file}") } else { file.to_owned() };
    Cow::Owned(if file.chars().any(char::is_control) {
        escaped(&file)
    } else if !file.is_empty() && file.chars().all(is_plain) {
        file
    } else {
        format!("'{}'", file.replace('\'', r"'\''"))
    })
}

/// Whether a character means nothing but itself to a shell, wherever it stands.
fn is_plain(it: char) -> bool {
    it.is_alphanumeric() || "-_./:,+@%=".contains(it)
}

/// The text in `$'...'`.
fn escaped(text: &str) -> String {
    let mut word = String::from("$'");
    for it in text.chars() {
        match it {
            '\'' | '\\' => word.extend(['\\', it]),
            // Writing to a string does not fail.
            _ if it.is_control() => {
                it.to_string().bytes().for_each(|it| _ = write!(word, "\\{it:03o}"));
            }
            _ => word.push(it),
        }
    }
    word + "'"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_name_back() {
        let names = [
            "plain.vcf",
            "s3://bucket/key",
            "a b",
            "it's",
            "",
            "-",
            "-x.vcf",
            "- x",
            "$HOME",
            "a;b",
            "a\\b",
            "*.vcf",
            "~",
            "#a",
            "!x",
            "new\nline",
            "tab\there's \\ \u{85}",
            "ä ö",
        ];
        for name in names {
            let command = format!("printf %s {}", shell_word(name));
            // A shell of Debian's has no `$'...'`.
            let said = std::process::Command::new("bash").args(["-c", &command]).output();
            let Ok(said) = said else { continue };
            let said = String::from_utf8(said.stdout).unwrap();
            assert_eq!(said.strip_prefix("./").unwrap_or(&said), name, "{command}");
        }
        assert_eq!(shell_word("-"), "-");
        assert_eq!(shell_word("-x"), "./-x");
    }
}
