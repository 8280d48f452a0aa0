//! The header of exported VCF: those of the version's files, put together.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use crate::emit::{definition, member};
use crate::model::{InfoColumn, ValueType};
use crate::read::vcf::declared_in;

/// The minor version of VCF 4 of files whose headers say none.
const USUAL_MINOR: u32 = 3;

/// Lines of headers, of which each definition comes once: as the first header has it.
#[derive(Debug, Default)]
pub struct VcfHeader {
    minor: Option<u32>,
    lines: Vec<String>,
    seen: HashSet<String>,
    /// The samples, in the order in which headers name them.
    pub samples: Vec<String>,
    /// The first sample that a header names twice.
    pub repeated: Option<String>,
    /// How FORMAT keys are spelled, by the key in lower case.
    pub spelled: HashMap<String, String>,
    /// The FORMAT keys, in lower case, that have one text.
    pub single: HashSet<String>,
    /// The keys whose values are floats, whatever a header says.
    floats: HashSet<String>,
}

impl VcfHeader {
    /// A header for a version with these columns of INFO.
    pub fn new(columns: &[InfoColumn]) -> Self {
        let floats = columns.iter().filter(|it| it.value == ValueType::Float);
        Self { floats: floats.map(|it| it.key.clone()).collect(), ..Self::default() }
    }

    /// Adds what the header of a file has more.
    pub fn add(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            if let Some(version) = line.strip_prefix("##fileformat=") {
                let minor = version.trim().rsplit('.').next().and_then(|it| it.parse().ok());
                self.minor = self.minor.max(minor);
            } else if line.starts_with("##") {
                self.line(line);
            }
        }
        // Those that an import has read: a tab at the end of the line names none.
        let samples = declared_in(text.as_bytes()).samples;
        let mut own = HashSet::new();
        let repeated = samples.iter().find(|it| !own.insert(it.as_str())).cloned();
        self.repeated = self.repeated.take().or(repeated);
        self.add_samples(samples);
    }

    fn line(&mut self, line: &str) {
        let defined = definition(line.as_bytes()).and_then(|(kind, fields)| {
            let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
            Some((text(kind), text(member(fields, b"ID")?)))
        });
        let Some((kind, id)) = defined else {
            if self.seen.insert(line.to_owned()) {
                self.lines.push(line.to_owned());
            }
            return;
        };
        if !self.seen.insert(name_of(&kind, &id)) {
            return;
        }
        if kind == "FORMAT" {
            let is = |key: &[u8], value: &[u8]| of_line(line, key) == Some(value);
            if is(b"Number", b"1") && (is(b"Type", b"String") || is(b"Type", b"Character")) {
                self.single.insert(id.to_lowercase());
            }
            self.spelled.entry(id.to_lowercase()).or_insert_with(|| id.clone());
        }
        // A version whose files differ keeps whole numbers as floats.
        let is_float = kind == "INFO" && self.floats.contains(&id);
        let line =
            if is_float { line.replacen("Type=Integer", "Type=Float", 1) } else { line.to_owned() };
        self.lines.push(line);
    }

    /// Whether values have percent codes, as since VCF 4.3.
    pub fn has_codes(&self) -> bool {
        self.minor.unwrap_or(USUAL_MINOR) >= 3
    }

    /// Declares what no header has: `kind` is that of the line.
    pub fn declare<'a>(&mut self, kind: &str, ids: impl IntoIterator<Item = &'a str>) {
        for id in ids {
            if self.seen.insert(name_of(kind, id)) {
                self.lines.push(match kind {
                    "contig" => format!("##contig=<ID={id}>"),
                    "FILTER" => format!("##FILTER=<ID={id},Description=\"\">"),
                    _ => format!("##{kind}=<ID={id},Number=.,Type=String,Description=\"\">"),
                });
            }
        }
    }

    /// Declares keys of INFO that no header has, with the types of their columns.
    pub fn declare_columns(&mut self, columns: &[InfoColumn]) {
        for InfoColumn { key, value, list, .. } in columns {
            if self.seen.insert(name_of("INFO", key)) {
                let number = match (value, list) {
                    (ValueType::Flag, _) => "0",
                    (_, true) => ".",
                    (_, false) => "1",
                };
                self.lines.push(format!(
                    "##INFO=<ID={key},Number={number},Type={},Description=\"\">",
                    value.as_str()
                ));
            }
        }
    }

    /// Declares the FORMAT keys that have a column, as VCF 4.3 does.
    pub fn declare_usual_formats(&mut self) {
        for (id, number, kind) in [
            ("GT", "1", "String"),
            ("AD", "R", "Integer"),
            ("DP", "1", "Integer"),
            ("GL", "G", "Float"),
            ("GQ", "1", "Integer"),
            ("PL", "G", "Integer"),
            ("PS", "1", "Integer"),
            ("SPL", ".", "Integer"),
        ] {
            if self.seen.insert(name_of("FORMAT", id)) {
                let line =
                    format!("##FORMAT=<ID={id},Number={number},Type={kind},Description=\"\">");
                self.lines.push(line);
            }
        }
    }

    /// Declares a key of INFO.
    pub fn define(&mut self, id: &str, number: &str, kind: &str, description: &str) {
        if self.seen.insert(name_of("INFO", id)) {
            let description = description.replace('\\', "\\\\").replace('"', "\\\"");
            self.lines.push(format!(
                "##INFO=<ID={id},Number={number},Type={kind},Description=\"{description}\">"
            ));
        }
    }

    /// Leaves out the lines of INFO keys that do not go out.
    pub fn keep_info(&mut self, keeps: impl Fn(&str) -> bool) {
        self.lines.retain(|line| {
            let Some((b"INFO", fields)) = definition(line.as_bytes()) else { return true };
            member(fields, b"ID").is_none_or(|it| keeps(&String::from_utf8_lossy(it)))
        });
    }

    /// Adds samples that no header names.
    pub fn add_samples(&mut self, samples: Vec<String>) {
        for sample in samples {
            if self.seen.insert(name_of("sample", &sample)) {
                self.samples.push(sample);
            }
        }
    }

    /// The contigs that are declared, in order.
    pub fn contigs(&self) -> Vec<String> {
        let id = |line: &String| {
            let (kind, fields) = definition(line.as_bytes())?;
            let id = member(fields, b"ID").filter(|_| kind == b"contig")?;
            Some(String::from_utf8_lossy(id).into_owned())
        };
        self.lines.iter().filter_map(id).collect()
    }

    /// The text, with the line of columns; without the samples unless they are written.
    pub fn text(&self, with_samples: bool) -> Vec<u8> {
        let mut text = format!("##fileformat=VCFv4.{}\n", self.minor.unwrap_or(USUAL_MINOR));
        for line in &self.lines {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{line}");
        }
        text += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
        if with_samples && !self.samples.is_empty() {
            text += "\tFORMAT\t";
            text += &self.samples.join("\t");
        }
        (text + "\n").into_bytes()
    }
}

/// The value of a key in a line of definition.
fn of_line<'a>(line: &'a str, key: &[u8]) -> Option<&'a [u8]> {
    member(definition(line.as_bytes())?.1, key)
}

fn name_of(kind: &str, id: &str) -> String {
    format!("{kind}\t{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_put_together_and_each_definition_is_the_first() {
        let float = InfoColumn {
            key: "AF".to_owned(),
            name: "af".to_owned(),
            value: ValueType::Float,
            list: true,
            field_id: 1,
        };
        let mut header = VcfHeader::new(&[float]);
        header.add(
            b"##fileformat=VCFv4.1\r\n##source=x\r\n##INFO=<ID=AF,Number=A,Type=Integer>\r\n\
              ##FORMAT=<ID=gQ2,Number=1,Type=String>\r\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\t\
              INFO\tFORMAT\ta\tb\r\n",
        );
        assert_eq!(header.repeated, None);
        header.add(
            b"##fileformat=VCFv4.2\n##source=x\n##INFO=<ID=AF,Number=A,Type=Float>\n\
              ##contig=<ID=2>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tb\tc\tb\n",
        );
        assert_eq!(header.repeated.as_deref(), Some("b"));
        header.declare("contig", ["1", "2"]);
        header.declare("FILTER", ["q10"]);
        assert!(!header.has_codes());
        assert_eq!(header.contigs(), ["2", "1"]);
        assert_eq!(header.spelled["gq2"], "gQ2");
        let text = String::from_utf8(header.text(true)).unwrap();
        let expected = "##fileformat=VCFv4.2\n##source=x\n##INFO=<ID=AF,Number=A,Type=Float>\n\
            ##FORMAT=<ID=gQ2,Number=1,Type=String>\n##contig=<ID=2>\n##contig=<ID=1>\n\
            ##FILTER=<ID=q10,Description=\"\">\n\
            #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\tc\n";
        assert_eq!(text, expected);
    }
}
