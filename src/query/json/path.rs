//! Paths of `json_extract`: `$.a[0]["b c"]`.

use super::value::Json;

/// Names and indices, from the whole value inwards.
#[derive(Debug, PartialEq)]
pub struct Path(Vec<String>);

impl Path {
    /// The path that a text is; none where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        let is_plain = |it: char| it == '_' || it.is_alphanumeric();
        while !rest.is_empty() {
            let step;
            if let Some(behind) = rest.strip_prefix('.') {
                let end = behind.find(|it: char| it != ':' && !is_plain(it));
                (step, rest) = behind.split_at(end.unwrap_or(behind.len()));
                if step.is_empty() {
                    return None;
                }
                steps.push(step.to_owned());
            } else if let Some(behind) = rest.strip_prefix("[\"") {
                let (name, behind) = quoted(behind)?;
                rest = behind.strip_prefix(']')?;
                steps.push(name);
            } else {
                let behind = rest.strip_prefix('[')?;
                (step, rest) = behind.split_once(']')?;
                if step.is_empty() || !step.chars().all(is_plain) {
                    return None;
                }
                steps.push(step.to_owned());
            }
        }
        Some(Self(steps))
    }

    /// What the path leads to.
    pub fn find<'a>(&self, value: &'a Json) -> Option<&'a Json> {
        self.0.iter().try_fold(value, |value, step| match value {
            Json::Array(values) => values.get(step.parse::<usize>().ok()?),
            object => object.member(step),
        })
    }
}

/// The text up to the closing quote, and what follows it; a backslash escapes both.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (mut name, mut is_escaped) = (String::new(), false);
    for (at, character) in text.char_indices() {
        match character {
            '"' | '\\' if is_escaped => {
                name.push(character);
                is_escaped = false;
            }
            _ if is_escaped => return None,
            '\\' => is_escaped = true,
            '"' => return Some((name, &text[at + 1..])),
            other => name.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_names_and_indices() {
        for (text, steps) in [
            ("$", Some(vec![])),
            ("$.a.b_1", Some(vec!["a", "b_1"])),
            ("$[0].a:b", Some(vec!["0", "a:b"])),
            (r#"$["a b"]["c\"d"]"#, Some(vec!["a b", "c\"d"])),
            ("$[x]", Some(vec!["x"])),
            ("a", None),
            ("$.", None),
            ("$.a b", None),
            ("$.a[*]", None),
            ("$[", None),
            (r#"$["a]"#, None),
            ("", None),
        ] {
            let steps = steps.map(|it| Path(it.into_iter().map(str::to_owned).collect()));
            assert_eq!(Path::parse(text), steps, "{text}");
        }
    }
}
