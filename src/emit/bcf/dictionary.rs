//! What a BCF file knows of its header: contigs, filters and keys by number.

use rustc_hash::FxHashMap;

use crate::emit::header::{definition, member, without_number};
use crate::model::{Error, Result};

/// The magic bytes, and the version 2.2.
const MAGIC: &[u8] = b"BCF\x02\x02";

/// The type of a key's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Flag,
    Integer,
    Float,
    Text,
}

/// What a header declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclaredKind {
    Contig,
    Filter,
    Info,
    Format,
}

impl DeclaredKind {
    /// As lines of a header spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contig => "contig",
            Self::Filter => "FILTER",
            Self::Info => "INFO",
            Self::Format => "FORMAT",
        }
    }

    /// A line that declares a name of which nothing is known: a key has one text, as with bcftools,
    /// but for END, of which VCF says what it is.
    pub fn line(self, name: &[u8]) -> String {
        let of_type = if name == b"END" { "Integer" } else { "String" };
        let (kind, name) = (self.as_str(), String::from_utf8_lossy(name));
        match self {
            Self::Contig => format!("##contig=<ID={name}>"),
            Self::Filter => format!("##FILTER=<ID={name},Description=\"{UNKNOWN}\">"),
            Self::Info | Self::Format => {
                format!("##{kind}=<ID={name},Number=1,Type={of_type},Description=\"{UNKNOWN}\">")
            }
        }
    }
}

const UNKNOWN: &str = "Not in the header";

/// The numbers of contigs, filters and keys, in the order of the header's lines.
#[derive(Debug)]
pub struct Dictionary {
    header: Vec<u8>,
    contigs: FxHashMap<Vec<u8>, i32>,
    strings: FxHashMap<Vec<u8>, i32>,
    info: FxHashMap<Vec<u8>, (i32, Type)>,
    format: FxHashMap<Vec<u8>, (i32, Type)>,
    /// Samples of each line.
    pub samples: usize,
    /// Whether the first allele of a genotype has a phase, also where it does not say so: from VCF
    /// 4.4 on.
    pub has_leading_phase: bool,
}

impl Dictionary {
    /// The dictionary of a VCF header.
    pub fn of(header: &[u8]) -> Result<Self> {
        let mut new = Self {
            header: Vec::with_capacity(header.len()),
            contigs: FxHashMap::default(),
            // Every dictionary begins with it, whether there is a line or not.
            strings: FxHashMap::from_iter([(b"PASS".to_vec(), 0)]),
            info: FxHashMap::default(),
            format: FxHashMap::default(),
            samples: 0,
            has_leading_phase: false,
        };
        for line in header.split(|it| *it == b'\n').filter(|it| !it.is_empty()) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = without_number(line);
            new.line(&line)?;
            new.header.extend_from_slice(&line);
            new.header.push(b'\n');
        }
        Ok(new)
    }

    fn line(&mut self, line: &[u8]) -> Result<()> {
        if line.starts_with(b"#CHROM") {
            let columns = line.split(|it| *it == b'\t').count();
            self.samples = columns.saturating_sub(9);
        } else if let Some(minor) = line.strip_prefix(b"##fileformat=VCFv4.") {
            let minor = std::str::from_utf8(minor).ok().and_then(|it| it.trim().parse().ok());
            self.has_leading_phase = minor.is_some_and(|it: u32| it >= 4);
        }
        let Some((kind, fields)) = definition(line) else { return Ok(()) };
        let Some(id) = member(fields, b"ID") else { return Ok(()) };
        let of_type = || match member(fields, b"Type") {
            Some(b"Flag") => Type::Flag,
            Some(b"Integer") => Type::Integer,
            Some(b"Float") => Type::Float,
            _ => Type::Text,
        };
        match kind {
            b"contig" => {
                let next = number(self.contigs.len())?;
                self.contigs.entry(id.to_vec()).or_insert(next);
            }
            b"FILTER" => drop(self.string(id)?),
            b"INFO" => {
                let of = (self.string(id)?, of_type());
                self.info.entry(id.to_vec()).or_insert(of);
            }
            b"FORMAT" => {
                let of = (self.string(id)?, of_type());
                self.format.entry(id.to_vec()).or_insert(of);
            }
            _ => {}
        }
        Ok(())
    }

    /// The number of a filter or key, which it gets by its first line.
    fn string(&mut self, id: &[u8]) -> Result<i32> {
        let next = number(self.strings.len())?;
        Ok(*self.strings.entry(id.to_vec()).or_insert(next))
    }

    /// What the file begins with, before compression.
    pub fn head(&self) -> Result<Vec<u8>> {
        let length = u32::try_from(self.header.len() + 1)
            .map_err(|_| Error::invalid("the header is too long for BCF"))?;
        Ok([MAGIC, &length.to_le_bytes(), &self.header, b"\0"].concat())
    }

    /// Whether the header declares a name.
    pub fn has(&self, kind: DeclaredKind, name: &[u8]) -> bool {
        match kind {
            DeclaredKind::Contig => self.contigs.contains_key(name),
            DeclaredKind::Filter => self.strings.contains_key(name),
            DeclaredKind::Info => self.info.contains_key(name),
            DeclaredKind::Format => self.format.contains_key(name),
        }
    }

    pub fn contig(&self, name: &[u8]) -> Result<i32> {
        // Readers end the line of such a contig too early, and have another name of it.
        if memchr::memchr2(b'<', b'>', name).is_some() {
            let name = String::from_utf8_lossy(name);
            let message = format!("a header of BCF cannot name contig `{}`", name.escape_debug());
            return Err(Error::invalid(message).with_help("write .vcf.gz"));
        }
        self.contigs.get(name).copied().ok_or_else(|| undeclared(DeclaredKind::Contig, name))
    }

    pub fn filter(&self, name: &[u8]) -> Result<i32> {
        self.strings.get(name).copied().ok_or_else(|| undeclared(DeclaredKind::Filter, name))
    }

    pub fn info(&self, key: &[u8]) -> Result<(i32, Type)> {
        self.info.get(key).copied().ok_or_else(|| undeclared(DeclaredKind::Info, key))
    }

    pub fn format(&self, key: &[u8]) -> Result<(i32, Type)> {
        self.format.get(key).copied().ok_or_else(|| undeclared(DeclaredKind::Format, key))
    }
}

fn number(count: usize) -> Result<i32> {
    i32::try_from(count).map_err(|_| Error::invalid("the header has too many lines for BCF"))
}

fn undeclared(kind: DeclaredKind, name: &[u8]) -> Error {
    let (what, shown) = (kind.as_str(), String::from_utf8_lossy(name));
    Error::invalid(format!("BCF needs a line of the header for {what} `{shown}`"))
        .with_help(format!("add `{}` to the header, or write .vcf.gz", kind.line(name)))
}
