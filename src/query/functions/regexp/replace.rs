//! Matches replaced by a text that may name their groups, as Java writes it.

use datafusion::common::{Result, exec_datafusion_err, exec_err};
use regex::Regex;

use super::search::Search;
use crate::query::bounds;

/// A text with every match replaced. A replacement that cannot be used is no fault where nothing
/// matches.
pub fn replaced(regex: &Regex, text: &str, replacement: &str) -> Result<String> {
    let mut search = Search::of(regex, text);
    let (mut out, mut end, mut pieces) = (String::new(), 0, None);
    while let Some(found) = search.captures() {
        let pieces = match &pieces {
            Some(pieces) => pieces,
            None => pieces.insert(pieces_of(regex, replacement)?),
        };
        let Some(whole) = found.get(0) else { continue };
        out.push_str(&text[end..whole.start()]);
        end = whole.end();
        for piece in pieces {
            out.push_str(match piece {
                TextOrGroup::Text(text) => text,
                TextOrGroup::Group(group) => found.get(*group).map_or("", |it| it.as_str()),
            });
            bounds::check("regexp_replace", out.len().saturating_sub(text.len()) as u128)?;
        }
    }
    out.push_str(&text[end..]);
    Ok(out)
}

#[derive(Debug, PartialEq, Eq)]
enum TextOrGroup {
    Text(String),
    Group(usize),
}

/// What a replacement is made of: `$12` is group 1 and a 2 where there is no group 12.
fn pieces_of(regex: &Regex, replacement: &str) -> Result<Vec<TextOrGroup>> {
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut rest = replacement.chars();
    while let Some(it) = rest.next() {
        match it {
            '\\' => match rest.next() {
                Some(escaped) => text.push(escaped),
                None => return exec_err!("the replacement `{replacement}` ends with a \\"),
            },
            '$' => {
                pieces.push(TextOrGroup::Text(std::mem::take(&mut text)));
                let (group, behind) = group(regex, rest.as_str())?;
                pieces.push(TextOrGroup::Group(group));
                rest = behind.chars();
            }
            other => text.push(other),
        }
    }
    pieces.push(TextOrGroup::Text(text));
    Ok(pieces)
}

/// The group that is named behind a `$`, and what follows.
fn group<'a>(regex: &Regex, text: &'a str) -> Result<(usize, &'a str)> {
    if let Some((name, rest)) = text.strip_prefix('{').and_then(|it| it.split_once('}')) {
        let group = regex.capture_names().position(|it| it == Some(name));
        let none = || exec_datafusion_err!("the pattern `{regex}` has no group `{name}`");
        return Ok((group.ok_or_else(none)?, rest));
    }
    let groups = regex.captures_len();
    let (mut group, mut length) = (0, 0);
    for digit in text.chars().map_while(|it| it.to_digit(10)) {
        let longer = group * 10 + digit as usize;
        if length > 0 && longer >= groups {
            break;
        }
        (group, length) = (longer, length + 1);
    }
    match length {
        0 => exec_err!("a `$` of a replacement names no group: write \\$ for the sign"),
        _ if group >= groups => exec_err!("the pattern `{regex}` has no group {group}"),
        _ => Ok((group, &text[length..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_as_long_as_there_are_some() {
        let regex = Regex::new("(?<all>(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k))").unwrap();
        for (replacement, group, rest) in
            [("$1x", 1, "x"), ("$12", 12, ""), ("$123", 12, "3"), ("${all}$", 1, "$")]
        {
            assert_eq!(super::group(&regex, &replacement[1..]).unwrap(), (group, rest));
        }
    }
}
