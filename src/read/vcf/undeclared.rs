//! Keys that records use and the header does not define, and the lines that would define them.
//!
//! A key is defined only where nothing is guessed: as the specification defines it, if it is
//! reserved and every value in the file fits; as a flag, if it stands bare everywhere; else as
//! text. A key of which that cannot be said is left as it is.

use std::sync::Arc;

use super::super::chunk::{Chunks, Terminator};
use super::super::header_text::HeaderKeeper;
use super::super::lines::any_line_length;
use super::super::ordered::ordered;
use super::super::pipe::Pipe;
use super::super::source::Texts;
use super::declared::{Header, Number};
use super::header::HeaderReader;
use super::judge::allele;
use super::judge::counts::{self, Alternates};
use super::judge::reserved::{self, Reserved};
use super::judge::syntax::is_identifier;
use super::keys::{Evidence, FoundKeys};
use super::opening::{self, LineEnd};
use super::read_header;
use crate::diagnostic::{Effect, Findings};
use crate::model::{Result, ValueType};
use crate::read::number;

/// What a key is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// FILTER.
    Filter,
    /// INFO.
    Info,
    /// FORMAT.
    Format,
}

/// A definition that the header of a file lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Of what the key is.
    pub kind: KeyKind,
    /// The key.
    pub key: String,
    /// The line, without a line break.
    pub line: String,
}

/// What a first reading of a file shows.
#[derive(Debug)]
pub struct Survey {
    /// Its header.
    pub header: Header,
    /// The definitions that its records need beside: those of FILTER, of INFO, of FORMAT, and each
    /// in the order of the file.
    pub additions: Vec<Addition>,
}

/// Reads a file for what its records use and its header does not define.
pub fn survey(texts: Texts, pipe: &Pipe) -> Result<Survey> {
    let mut findings = Findings::keeping(0);
    let mut keeper = HeaderKeeper::keeping();
    let texts = opening::without_mark(texts, &mut findings, &mut keeper)?;
    let mut chunks = Chunks::ending_in(Terminator::Any, texts);
    let (header, ..) = read_header(&mut chunks, &mut findings, &mut keeper)?;
    let text = keeper.finish().and_then(|it| it.text());
    // A header that is too large to be kept is not added to.
    let Some(text) = text.filter(|_| header.readable) else {
        return Ok(Survey { header, additions: Vec::new() });
    };
    let header = Arc::new(header);
    let of_chunks = Arc::clone(&header);
    let found = ordered(&pipe.pool, pipe.window(), chunks, move |text| {
        Ok(Undeclared::of(&of_chunks, text.bytes()))
    });
    let mut all = Undeclared::default();
    for it in found {
        pipe.meter.check()?;
        all.append(it?);
    }
    let additions = harmless(&text, all.additions(header.minor()));
    Ok(Survey { header: (*header).clone(), additions })
}

/// The keys that some lines use and the header does not define.
#[derive(Default)]
struct Undeclared {
    filter: FoundKeys,
    info: FoundKeys,
    format: FoundKeys,
}

/// Columns up to FORMAT.
const FIXED: usize = 9;
/// The minor version that reserved AD.
const AD_SINCE: u32 = 3;

impl Undeclared {
    fn of(header: &Header, text: &[u8]) -> Self {
        let mut found = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (line, behind) = rest.split_at(any_line_length(rest));
            let (line, _) = LineEnd::of(line);
            if !line.is_empty() && line[0] != b'#' {
                found.record(header, line);
            }
            rest = behind;
        }
        found
    }

    fn append(&mut self, next: Self) {
        self.filter.append(next.filter);
        self.info.append(next.info);
        self.format.append(next.format);
    }

    /// Looks at a line, if it is a record that is stored.
    fn record(&mut self, header: &Header, line: &[u8]) {
        let tabs = memchr::memchr_iter(b'\t', line).count();
        let surplus = (tabs + 1).checked_sub(header.field_count);
        let length = surplus.and_then(|it| line.len().checked_sub(it));
        let Some((line, more)) = length.map(|it| line.split_at(it)) else { return };
        if !more.iter().all(|it| *it == b'\t') {
            return;
        }
        let mut fields = line.splitn(FIXED + 1, |it| *it == b'\t');
        let fields: [&[u8]; FIXED] = std::array::from_fn(|_| fields.next().unwrap_or_default());
        let [_, position, _, _, alternates, _, filters, info, format] = fields;
        // Of a record at a position below zero the values are read all the same.
        if number::integer(position).is_none_or(|it| it.1 != position.len()) {
            return;
        }
        self.filters(header, filters);
        self.entries(header, info, allele::count(alternates));
        if !header.samples.is_empty() {
            let before: usize = fields.iter().map(|it| it.len() + 1).sum();
            self.samples(header, format, line.get(before..).unwrap_or_default());
        }
    }

    fn filters(&mut self, header: &Header, text: &[u8]) {
        // Without any FILTER line nobody misses one.
        if header.filters.is_empty() || matches!(text, b"" | b"." | b"PASS") {
            return;
        }
        for it in text.split(|it| *it == b';') {
            let is_word = matches!(it, b"" | b"." | b"PASS" | b"0");
            if !is_word && !header.filters.iter().any(|known| known.as_bytes() == it) {
                self.filter.of(it);
            }
        }
    }

    fn entries(&mut self, header: &Header, text: &[u8], alternates: Alternates) {
        if text == b"." {
            return;
        }
        for entry in text.split(|it| *it == b';') {
            let end = memchr::memchr(b'=', entry);
            let key = &entry[..end.unwrap_or(entry.len())];
            if key.is_empty() || header.info_place(key).is_some() {
                continue;
            }
            let Some(evidence) = self.info.of(key) else { continue };
            let value = end.map(|it| &entry[it + 1..]).filter(|it| !it.is_empty());
            evidence.is_bare |= value.is_none();
            // An equals sign alone is neither a flag nor a value.
            evidence.has_value |= end.is_some();
            let reserved = value.and_then(|it| Some((it, reserved::info(key, header.minor())?)));
            if let Some((value, reserved)) = reserved {
                let expected = counts::expected_in_info(reserved.number, alternates.count);
                let is_counted = expected.is_none_or(|it| it == counts::count(value));
                let fits = counts::fits(value, type_of(reserved), false);
                // A record has an end, or names none.
                let is_misfit = if value == b"." { key == b"END" } else { !(is_counted && fits) };
                evidence.is_misfit |= is_misfit;
            }
        }
    }

    fn samples(&mut self, header: &Header, format: &[u8], samples: &[u8]) {
        let is = |key: &[u8]| header.format_definition(key).is_some();
        for (place, key) in format.split(|it| *it == b':').enumerate() {
            // The service's reader makes a column for PL where there is GL.
            if key.is_empty() || is(key) || key == b"PL" && is(b"GL") {
                continue;
            }
            // The service has a column for AD, also where the version does not reserve it.
            let minor = if key == b"AD" { AD_SINCE } else { 0 };
            let reserved = reserved::format(key, minor.max(header.minor()));
            let values = samples.split(|it| *it == b'\t');
            let values = values.filter_map(|it| it.split(|it| *it == b':').nth(place));
            for value in values.filter(|it| !matches!(*it, b"" | b".")) {
                let Some(evidence) = self.format.of(key) else { break };
                evidence.has_value = true;
                let fits = reserved.is_none_or(|it| {
                    let is_one = it.number == Number::Count(1);
                    counts::fits(value, type_of(it), false)
                        && (!is_one || counts::count(value) == 1)
                });
                evidence.is_misfit |= !fits;
            }
        }
    }

    /// The definitions of the keys of which it is known what they are.
    fn additions(&self, minor: u32) -> Vec<Addition> {
        let kinds = [
            (KeyKind::Filter, &self.filter),
            (KeyKind::Info, &self.info),
            (KeyKind::Format, &self.format),
        ];
        let all = kinds.into_iter().flat_map(|(kind, keys)| keys.all().map(move |it| (kind, it)));
        all.filter_map(|(kind, (key, evidence))| addition(kind, key, evidence, minor)).collect()
    }
}

/// The Type of a reserved key. That of MQ is left open; files have numbers there.
fn type_of(reserved: &Reserved) -> ValueType {
    reserved.value.unwrap_or(ValueType::Float)
}

/// What the definitions say of themselves.
const RESERVED: &str = "Reserved key, defined as the specification of VCF does";
const UNKNOWN: &str = "Not described in the file";

fn addition(kind: KeyKind, key: &[u8], evidence: Evidence, minor: u32) -> Option<Addition> {
    let key = std::str::from_utf8(key).ok().filter(|it| is_identifier(it.as_bytes()))?.to_owned();
    let line = |kind: &str, form: &str, what: &str| {
        format!("##{kind}=<ID={key},{form}Description=\"{what} (added by annostore fix)\">")
    };
    let typed = |kind: &str, number: Number, value: ValueType, what: &str| {
        line(kind, &format!("Number={number},Type={},", value.as_str()), what)
    };
    let (name, reserved) = match kind {
        KeyKind::Filter => {
            let line = line("FILTER", "", UNKNOWN);
            return Some(Addition { kind, key, line });
        }
        KeyKind::Info => ("INFO", reserved::info(key.as_bytes(), minor)),
        KeyKind::Format => ("FORMAT", reserved::format(key.as_bytes(), minor)),
    };
    let is_flag = evidence.is_bare && !evidence.has_value;
    let line = match reserved {
        Some(it) if is_flag == (type_of(it) == ValueType::Flag) && !evidence.is_misfit => {
            typed(name, it.number, type_of(it), RESERVED)
        }
        Some(_) => return None,
        None if evidence.is_misfit => return None,
        None if is_flag => typed(name, Number::Count(0), ValueType::Flag, UNKNOWN),
        // Text would lose that the key stands bare elsewhere.
        None if evidence.is_bare => return None,
        None => typed(name, Number::Any, ValueType::String, UNKNOWN),
    };
    let is_mixed = evidence.is_bare && evidence.has_value;
    (!is_mixed).then_some(Addition { kind, key, line })
}

/// The additions that do not make a header worse for the service: a FORMAT key may have the name of
/// a column.
fn harmless(header: &[u8], additions: Vec<Addition>) -> Vec<Addition> {
    let at = start_of_last_line(header);
    let before = harms(header, at, &[]);
    let (mut kept, mut stretches) = (Vec::new(), vec![additions]);
    while let Some(mut stretch) = stretches.pop() {
        let known = kept.len();
        kept.append(&mut stretch);
        if harms(header, at, &kept) <= before {
            continue;
        }
        // One of a few does harm: it is looked for in the halves.
        let mut first = kept.split_off(known);
        if first.len() > 1 {
            let second = first.split_off(first.len() / 2);
            stretches.extend([second, first]);
        }
    }
    kept
}

/// How many findings that the service would not accept a header has with additions at a place.
fn harms(header: &[u8], at: usize, additions: &[Addition]) -> u64 {
    let mut findings = Findings::keeping(0);
    let mut reader = HeaderReader::new(&mut findings);
    let (before, behind) = header.split_at(at);
    let mut lines = |mut rest: &[u8]| {
        while !rest.is_empty() {
            let (line, next) = rest.split_at(any_line_length(rest));
            reader.line(LineEnd::of(line).0);
            rest = next;
        }
    };
    lines(before.strip_prefix(opening::BYTE_ORDER_MARK).unwrap_or(before));
    for it in additions {
        lines(it.line.as_bytes());
    }
    lines(behind);
    reader.finish(b"");
    findings.count_where(|it| it.effect != Effect::Accepted)
}

/// Where the last line of some lines begins.
fn start_of_last_line(lines: &[u8]) -> usize {
    let (mut at, mut next) = (0, 0);
    while next < lines.len() {
        at = next;
        next += any_line_length(&lines[next..]);
    }
    at
}
