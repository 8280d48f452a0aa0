//! Lines of a VCF header: what BCF, and who puts headers together, asks of them.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

/// The kind of a line `##kind=<fields>`, and its fields; none of another line.
pub fn definition(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_prefix(b"##")?;
    let equals = memchr::memchr(b'=', line)?;
    let fields = line[equals + 1..].strip_prefix(b"<")?;
    Some((&line[..equals], fields.strip_suffix(b">").unwrap_or(fields)))
}

/// Each `key=value` of the fields of a line, whose quoted values may have commas.
fn members(fields: &[u8]) -> Vec<&[u8]> {
    let (mut members, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in fields.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                members.push(&fields[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    members.push(&fields[start..]);
    members
}

/// The value of a key among the fields of a line.
pub fn member<'a>(fields: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    members(fields).into_iter().find_map(|it| it.strip_prefix(key)?.strip_prefix(b"="))
}

/// A line without the number that a BCF file gave it.
pub fn without_number(line: &[u8]) -> Cow<'_, [u8]> {
    let numbered = memchr::memmem::find(line, b",IDX=").is_some();
    let Some((kind, fields)) = definition(line).filter(|_| numbered) else { return line.into() };
    let kept: Vec<_> = members(fields).into_iter().filter(|it| !it.starts_with(b"IDX=")).collect();
    [b"##", kind, b"=<", &kept.join(&b','), b">"].concat().into()
}

/// The contigs that a header lists, each once, with the lengths that it gives.
pub fn contigs(header: &[u8]) -> Vec<(String, Option<u64>)> {
    let mut seen = FxHashSet::default();
    let mut contigs = Vec::new();
    for line in header.split(|it| *it == b'\n') {
        if let Some((b"contig", fields)) = definition(line.strip_suffix(b"\r").unwrap_or(line))
            && let Some(id) = member(fields, b"ID")
            && seen.insert(id)
        {
            let length = member(fields, b"length").and_then(|it| std::str::from_utf8(it).ok());
            let length = length.and_then(|it| it.parse().ok());
            contigs.push((String::from_utf8_lossy(id).into_owned(), length));
        }
    }
    contigs
}
