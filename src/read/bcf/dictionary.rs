//! What the numbers in records stand for: contigs, and the keys of FILTER, INFO and FORMAT.

use rustc_hash::FxHashMap;

use super::damage::Damage;
use crate::model::Result;
use crate::read::lines::without_break;

/// Numbers that a header may leave out, beyond as many as it has lines.
const MAX_GAPS: usize = 1 << 20;
/// The columns from CHROM to FORMAT.
const COLUMNS_BEFORE_SAMPLES: usize = 9;

/// The most bytes of a usual name.
pub const MAX_USUAL_NAME: usize = 80;

/// What a number stands for.
#[derive(Debug)]
pub struct Name {
    /// Its text, without tabs and line breaks.
    pub text: Box<[u8]>,
    /// Whether INFO declares it as a Flag, which has no value.
    pub is_flag: bool,
    /// The column of INFO where its values go, once that is known.
    pub column: Option<usize>,
    /// `;KEY=`, with zeros behind it, and how long it is; none where that is longer.
    entry: Option<([u8; 16], usize)>,
}

impl Name {
    fn new(text: &[u8]) -> Self {
        let length = text.len() + 2;
        let mut entry = [0; 16];
        let fits = length <= entry.len();
        if fits {
            entry[0] = b';';
            entry[1..length - 1].copy_from_slice(text);
            entry[length - 1] = b'=';
        }
        let entry = fits.then_some((entry, length));
        Self { text: text.into(), is_flag: false, column: None, entry }
    }

    /// Appends `;KEY=`. As many bytes as an entry may have are cheaper to append than as many as
    /// it has.
    #[inline]
    pub fn push_entry(&self, out: &mut Vec<u8>) {
        if let Some((entry, length)) = &self.entry {
            out.extend_from_slice(entry);
            out.truncate(out.len() - (entry.len() - length));
        } else {
            out.push(b';');
            out.extend_from_slice(&self.text);
            out.push(b'=');
        }
    }
}

/// Names by their numbers.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<Option<Name>>,
    numbers: FxHashMap<Box<[u8]>, usize>,
}

impl Names {
    /// What a number stands for.
    #[inline]
    pub fn get(&self, number: i32) -> Option<&Name> {
        self.names.get(usize::try_from(number).ok()?)?.as_ref()
    }

    /// All names, in the order of their numbers; none where a number stands for nothing.
    pub fn all(&self) -> impl Iterator<Item = Option<&Name>> {
        self.names.iter().map(Option::as_ref)
    }

    /// All names, to say more of them.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Name> {
        self.names.iter_mut().flatten()
    }

    /// What a number stands for among the keys of FILTER, INFO and FORMAT.
    #[inline]
    pub fn key(&self, number: i32) -> Result<&Name, Damage> {
        self.get(number).ok_or(Damage("a record has a key that its header has not"))
    }

    /// Adds a name under the number that is given for it, else under the next one, unless it has
    /// one already.
    fn add(&mut self, name: &[u8], number: Option<usize>, most: usize) -> Result<(), Damage> {
        if name.contains(&b'\t') || self.numbers.contains_key(name) {
            return Ok(());
        }
        let number = number.unwrap_or(self.names.len());
        if number >= most {
            return Err(Damage("IDX of a line of its header is too high"));
        }
        if self.names.len() <= number {
            self.names.resize_with(number + 1, || None);
        }
        self.names[number] = Some(Name::new(name));
        self.numbers.insert(name.into(), number);
        Ok(())
    }

    fn mark_flag(&mut self, name: &[u8]) {
        if let Some(number) = self.numbers.get(name)
            && let Some(Some(name)) = self.names.get_mut(*number)
        {
            name.is_flag = true;
        }
    }
}

/// What a header says of the numbers in records.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// Contigs.
    pub contigs: Names,
    /// Keys of FILTER, INFO and FORMAT, which share their numbers.
    pub keys: Names,
    /// How many samples there are.
    pub samples: usize,
    /// Whether a genotype may begin with the phase of its first allele: from VCF 4.4 on.
    pub has_leading_phase: bool,
}

impl Dictionary {
    /// Reads it off the text of a header.
    pub fn of_header(text: &[u8]) -> Result<Self> {
        let mut dictionary = Self::default();
        let lines = || text.split_inclusive(|it| *it == b'\n').map(without_break);
        let most = lines().count() + MAX_GAPS;
        // PASS has the first number wherever it is declared, if it is.
        dictionary.keys.add(b"PASS", Some(0), most).map_err(Damage::error)?;
        for line in lines() {
            dictionary.line(line, most).map_err(Damage::error)?;
        }
        Ok(dictionary)
    }

    /// Whether no name is long or has a carriage return, which ends lines in the parser of VCF.
    pub fn has_usual_names(&self) -> bool {
        let is_usual = |it: &Name| {
            it.text.len() <= MAX_USUAL_NAME && memchr::memchr(b'\r', &it.text).is_none()
        };
        self.contigs.all().chain(self.keys.all()).flatten().all(is_usual)
    }

    fn line(&mut self, line: &[u8], most: usize) -> Result<(), Damage> {
        if let Some(version) = line.strip_prefix(b"##fileformat=VCFv4.") {
            let minor = std::str::from_utf8(version).ok().and_then(|it| it.trim().parse().ok());
            self.has_leading_phase = minor.is_some_and(|it: u32| it >= 4);
        } else if let Some(fields) = line.strip_prefix(b"##contig=<") {
            let definition = Definition::of(fields);
            definition.add_to(&mut self.contigs, most)?;
        } else if let Some(fields) = line.strip_prefix(b"##INFO=<") {
            let definition = Definition::of(fields);
            definition.add_to(&mut self.keys, most)?;
            if definition.is_flag {
                self.keys.mark_flag(definition.id.unwrap_or_default());
            }
        } else if let Some(fields) =
            [&b"##FILTER=<"[..], b"##FORMAT=<"].iter().find_map(|it| line.strip_prefix(*it))
        {
            Definition::of(fields).add_to(&mut self.keys, most)?;
        } else if line.starts_with(b"#CHROM") {
            let columns = memchr::memchr_iter(b'\t', line).count() + 1;
            self.samples = columns.saturating_sub(COLUMNS_BEFORE_SAMPLES);
        }
        Ok(())
    }
}

/// What counts of a line of the header.
#[derive(Default)]
struct Definition<'a> {
    id: Option<&'a [u8]>,
    number: Option<usize>,
    is_flag: bool,
}

impl<'a> Definition<'a> {
    /// Reads `ID=DP,Type=Integer,Description="a, b",IDX=3>`.
    fn of(mut fields: &'a [u8]) -> Self {
        let mut definition = Self::default();
        while !fields.is_empty() {
            let (field, rest) = fields.split_at(field_length(fields));
            if let Some(id) = field.strip_prefix(b"ID=") {
                definition.id = definition.id.or(Some(id));
            } else if let Some(number) = field.strip_prefix(b"IDX=") {
                definition.number = std::str::from_utf8(number).ok().and_then(|it| it.parse().ok());
            } else if field == b"Type=Flag" {
                definition.is_flag = true;
            }
            fields = rest.get(1..).unwrap_or_default();
        }
        definition
    }

    fn add_to(&self, names: &mut Names, most: usize) -> Result<(), Damage> {
        self.id.map_or(Ok(()), |id| names.add(id, self.number, most))
    }
}

/// Where a field ends: at a comma or bracket outside of quotes.
fn field_length(fields: &[u8]) -> usize {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let end = fields.iter().position(|it| {
        match it {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_quoted,
            b'"' => is_quoted = !is_quoted,
            b',' | b'>' => return !is_quoted,
            _ => {}
        }
        false
    });
    end.unwrap_or(fields.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &Name) -> &str {
        str::from_utf8(&name.text).unwrap()
    }

    fn names(names: &Names) -> Vec<&str> {
        names.names.iter().map(|it| it.as_ref().map_or("", text)).collect()
    }

    #[test]
    fn names_are_numbered_as_they_come() {
        let header = b"##fileformat=VCFv4.2\n##FILTER=<ID=q,Description=\"a, IDX=7>\">\n\
            ##INFO=<ID=DP,Number=0,Type=Flag,Description=\"x\\\",ID=y\">\n##contig=<ID=1>\r\n\
            ##FORMAT=<ID=DP>\n##FORMAT=<ID=GT>\n##FILTER=<ID=PASS>\n##contig=<ID=2,length=5>\n\
            #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\n";
        let dictionary = Dictionary::of_header(header).unwrap();
        assert_eq!(names(&dictionary.keys), ["PASS", "q", "DP", "GT"]);
        assert_eq!(names(&dictionary.contigs), ["1", "2"]);
        assert!(dictionary.keys.get(2).unwrap().is_flag);
        assert_eq!((dictionary.samples, dictionary.has_leading_phase), (2, false));
    }

    #[test]
    fn a_number_that_is_given_is_taken() {
        let header = b"##fileformat=VCFv4.5\n##INFO=<ID=A,IDX=3>\n##INFO=<ID=B,IDX=1>\n\
            ##INFO=<ID=C>\n##contig=<ID=x,IDX=2>\n##contig=<ID=a\tb,IDX=0>\n";
        let dictionary = Dictionary::of_header(header).unwrap();
        assert_eq!(names(&dictionary.keys), ["PASS", "B", "", "A", "C"]);
        assert_eq!(names(&dictionary.contigs), ["", "", "x"]);
        assert!(dictionary.keys.get(2).is_none() && dictionary.keys.get(-1).is_none());
        assert!(dictionary.has_leading_phase);
        assert!(Dictionary::of_header(b"##INFO=<ID=A,IDX=4000000000>\n").is_err());
    }
}
