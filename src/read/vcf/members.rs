//! The members of a structured header line: `ID=x,Number=1,Description="a, \"b\""`.

/// A `name=value` of a structured header line.
pub struct Member<'a> {
    /// What stands before the `=`.
    pub name: &'a str,
    /// Without quotes and escapes.
    pub value: String,
    /// Whether the value stands within double quotes.
    pub quoted: bool,
    /// Where the value begins, in bytes after the `<`.
    at: usize,
    /// How long it is in the file.
    length: usize,
}

impl Member<'_> {
    /// Where the value stands in its line, if the text after the `<` begins at `base`.
    pub fn range(&self, base: usize) -> std::ops::Range<usize> {
        base + self.at..base + self.at + self.length
    }
}

/// Where and why the members cannot be read.
pub struct MemberFault {
    /// In bytes after the `<`.
    pub at: usize,
    /// What is wrong.
    pub what: &'static str,
}

/// Splits `ID=x,Description="a, \"b\""`.
pub fn members(text: &str) -> Result<Vec<Member<'_>>, MemberFault> {
    let mut members = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(equals) = rest.find('=') else {
            return Err(MemberFault { at, what: "a member has to be `name=value`" });
        };
        let name = rest[..equals].trim_start();
        if name.is_empty() {
            return Err(MemberFault { at, what: "a member has no name" });
        }
        if name.contains(',') {
            return Err(MemberFault { at, what: "a member has to be `name=value`" });
        }
        let start = at + equals + 1;
        let is_quoted = text[start..].starts_with('"');
        let (value, length) = if is_quoted {
            quoted(&text[start..])
                .ok_or(MemberFault { at: start, what: "the closing quote is missing" })?
        } else {
            let length = unquoted_length(&text[start..]);
            (text[start..start + length].to_owned(), length)
        };
        members.push(Member { name, value, quoted: is_quoted, at: start, length });
        at = start + length;
        if at < text.len() {
            if !text[at..].starts_with(',') {
                return Err(MemberFault {
                    at,
                    what: "a comma is missing after a closing quote, \
                           or a quote inside lacks its backslash",
                });
            }
            at += 1;
        }
    }
    Ok(members)
}

/// How long a value without quotes is: to the next comma, but for a list in square brackets.
fn unquoted_length(text: &str) -> usize {
    let closed = text.starts_with('[').then(|| text.find(']')).flatten();
    let from = closed.map_or(0, |it| it + 1);
    text[from..].find(',').map_or(text.len(), |it| from + it)
}

/// The text of a quoted value and its length with quotes; none where the closing quote is missing.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut escaped = false;
    for (at, it) in text.char_indices().skip(1) {
        match it {
            _ if escaped => {
                if it != '"' && it != '\\' {
                    value.push('\\');
                }
                value.push(it);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((value, at + 1)),
            _ => value.push(it),
        }
    }
    None
}
