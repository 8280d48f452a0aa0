//! Records of BCF. Of those without samples, nearly all have nothing to be said of them: their INFO
//! goes to the sink as it is coded, and is no text in between. Any other is read as the line that
//! it stands for, so that all findings are made by one parser, of one text.

use std::ops::Range;

use super::super::bcf::{CodedRecord, CodedRecords, InfoEntries, InfoEntry, Typed, as_decimal};
use super::annotation::AnnotationValues;
use super::by_column::ByColumn;
use super::file::{Chunk, VcfFile};
use super::gate::Gate;
use super::judge::allele;
use super::judge::counts::{self, Alternates};
use super::judge::info::InfoValues;
use super::percent;
use super::record::{FixedFields, RecordParser};
use super::sink::{Elements, Fixed, Sink};
use super::values::texts;
use crate::diagnostic::Keep;
use crate::model::{HalfOpen, OneBased, Result, ValueType};
use crate::read::lines::without_break;
use crate::read::report::LineReport;
use crate::read::{Admission, Parsed};

/// Takes INFO of one record after the other, as it is coded.
struct CodedInfo<'r> {
    file: &'r VcfFile,
    plans: ByColumn<CodedPlan>,
    record: u64,
    /// What the record under way has, with the columns.
    values: Vec<(usize, CodedValue<'r>)>,
    /// Those that are annotations, source by source.
    annotations: [Option<&'r [u8]>; 2],
    /// Whether a percent sign may begin a code.
    has_codes: bool,
}

/// A column, as coded values need it.
struct CodedPlan {
    kind: ValueType,
    is_list: bool,
    /// Whether its values have to be fractions.
    is_fraction: bool,
    /// The source of annotations that its values are.
    annotation: Option<usize>,
    /// What is to be checked of values; none where their text is to be looked at.
    values: Option<InfoValues>,
    /// The record that had it last.
    last_record: u64,
}

/// A value that fits its column.
enum CodedValue<'r> {
    Integer(i32),
    /// A list of one, as nearly all are.
    OneInteger(i32),
    Integers(Typed<'r>),
    Float(f32),
    OneFloat(f32),
    Floats(Typed<'r>),
    Text(&'r [u8]),
    Texts(&'r [u8]),
    Flag,
}

impl CodedPlan {
    fn new(file: &VcfFile, index: usize) -> Self {
        let (definition, (kind, is_list)) = (&file.header.info[index], file.form(index));
        let annotation = file.annotations.info_columns().iter().position(|it| *it == Some(index));
        let is_text_needed = index >= file.stored
            || definition.key == "END"
            || annotation.is_some() && kind != ValueType::String;
        let values = InfoValues::of(definition, file.header.minor());
        let is_fraction = values.is_plain_fraction();
        let is_sound = !is_text_needed && (is_fraction || values.is_plain());
        Self {
            kind,
            is_list,
            is_fraction,
            annotation,
            values: is_sound.then_some(values),
            last_record: 0,
        }
    }

    /// The value of an entry and of how many it consists; none where it does not fit, or is one to
    /// look at.
    #[inline]
    fn value<'r>(&self, entry: &InfoEntry<'r>, has_codes: bool) -> Option<(CodedValue<'r>, usize)> {
        let value = entry.value;
        if self.is_fraction && !is_fraction(value) {
            return None;
        }
        match (self.kind, self.is_list) {
            (ValueType::Integer, false) => Some((CodedValue::Integer(value.one_integer()?), 1)),
            (ValueType::Float, false) => Some((CodedValue::Float(value.one_float()?), 1)),
            (ValueType::Integer, true) => match value.one_integer() {
                Some(it) => Some((CodedValue::OneInteger(it), 1)),
                None => Some((CodedValue::Integers(value), value.count_integers()?)),
            },
            (ValueType::Float, true) => match value.one_float() {
                Some(it) => Some((CodedValue::OneFloat(it), 1)),
                None => Some((CodedValue::Floats(value), value.count_floats()?)),
            },
            (ValueType::String, is_list) => {
                let text = value.text().filter(|it| is_usual(it, has_codes))?;
                let value = if is_list { CodedValue::Texts(text) } else { CodedValue::Text(text) };
                Some((value, counts::count(text)))
            }
            (ValueType::Flag, _) => None,
        }
    }
}

/// Whether each float of a list is missing or a fraction.
fn is_fraction(value: Typed<'_>) -> bool {
    let mut is_fraction = true;
    let looked = value.floats(|_, it| {
        is_fraction &= it.is_none_or(|it| (0.0..=1.0).contains(&it));
        Ok(())
    });
    looked.is_ok() && is_fraction
}

/// Whether a text is itself in a line, and nothing is to be said of its characters.
fn is_usual(text: &[u8], has_codes: bool) -> bool {
    let unusual = if has_codes { b'%' } else { b';' };
    let is_unusual = |it: &&u8| !it.is_ascii_graphic() || **it == b';' || **it == unusual;
    // All are looked at, several at a time: annotations are long.
    !text.is_empty() && text != b"." && text.iter().filter(is_unusual).count() == 0
}

impl<'r> CodedInfo<'r> {
    fn new(file: &'r VcfFile) -> Self {
        let plans = ByColumn::new(file.header.info.len());
        let has_codes = percent::may_have_codes(file.header.minor());
        Self { file, plans, record: 0, values: Vec::new(), annotations: [None; 2], has_codes }
    }

    /// Takes the entries of a record with so many ALT alleles; none where something is to be said
    /// of one of them, or may be.
    #[inline]
    fn take(&mut self, mut entries: InfoEntries<'r>, alternates: usize) -> Option<()> {
        self.record += 1;
        self.values.clear();
        self.annotations = [None; 2];
        for entry in entries.by_ref() {
            let entry = entry.ok()?;
            let column = entry.key.column?;
            let place = self.plans.place(column, || CodedPlan::new(self.file, column))?;
            let plan = self.plans.met.get_mut(place)?;
            let values = plan.values.as_ref()?;
            // A key that comes twice is told.
            if std::mem::replace(&mut plan.last_record, self.record) == self.record {
                return None;
            }
            let value = if entry.is_bare() {
                (plan.kind == ValueType::Flag).then_some(CodedValue::Flag)
            } else {
                let sound = |it: &(_, usize)| it.1 > 0 && values.has_sound_count(it.1, alternates);
                plan.value(&entry, self.has_codes).filter(sound).map(|it| it.0)
            };
            let value = value?;
            if let (Some(source), CodedValue::Text(it) | CodedValue::Texts(it)) =
                (plan.annotation, &value)
            {
                self.annotations[source] = Some(*it);
            }
            self.values.push((column, value));
        }
        entries.is_done().then_some(())
    }

    /// Gives what was taken last to the sink.
    #[inline]
    fn put<S: Sink>(&self, sink: &mut S) {
        for (column, value) in &self.values {
            let column = *column;
            match *value {
                CodedValue::Integer(it) => sink.integer(column, it.into()),
                CodedValue::Float(it) => sink.float(column, as_decimal(it)),
                CodedValue::Text(it) => sink.text(column, it),
                CodedValue::Flag => sink.flag(column),
                CodedValue::OneInteger(it) => {
                    let list = sink.integers(column);
                    list.push(Some(it.into()));
                    list.finish();
                }
                CodedValue::OneFloat(it) => {
                    let list = sink.floats(column);
                    list.push(Some(as_decimal(it)));
                    list.finish();
                }
                CodedValue::Integers(it) => {
                    let list = sink.integers(column);
                    // Its elements were counted, which fails where they are no integers.
                    let _ = it.integers(|_, it| {
                        list.push(it.map(i64::from));
                        Ok(())
                    });
                    list.finish();
                }
                CodedValue::Floats(it) => {
                    let list = sink.floats(column);
                    let _ = it.floats(|_, it| {
                        list.push(it.map(as_decimal));
                        Ok(())
                    });
                    list.finish();
                }
                CodedValue::Texts(it) => _ = texts(it, sink.texts(column)),
            }
        }
    }
}

impl<S: Sink, G: Gate> RecordParser<'_, S, G> {
    /// Parses the records of a chunk.
    pub fn parse_coded(
        mut self,
        records: &CodedRecords,
    ) -> Result<Parsed<Chunk<G::Output, S::Output>>> {
        let may_be_sites = G::IS_OPEN && self.has_own_samples && self.file.header.readable;
        let mut info = CodedInfo::new(self.file);
        let mut line = Vec::new();
        for record in records.iter() {
            line.clear();
            if !may_be_sites || self.site(&record, &mut line, &mut info).is_none() {
                line.clear();
                record.push_line(&mut line)?;
                self.lines(&line);
            }
        }
        self.finish()
    }

    /// Gives a record to the sink of which nothing is to be said; none, and it is not given, where
    /// something is, or may be.
    fn site<'r>(
        &mut self,
        record: &CodedRecord<'r>,
        line: &mut Vec<u8>,
        info: &mut CodedInfo<'r>,
    ) -> Option<()> {
        let entries = record.push_site(line)?;
        if !line.is_ascii() {
            return None;
        }
        let fields = self.split(line).ok()?;
        let [contig, _, ids, reference, alternates, _, filters, _] = fields.clone();
        let Alternates { count, structural, .. } = allele::count(&line[alternates.clone()]);
        if structural {
            return None;
        }
        info.take(entries, count)?;
        let (position, quality) = self.sound(line, &fields)?;
        self.report.line_number += 1;
        self.fates.add(Admission::AsIs, self.report.line_number, line);
        let alleles = [&line[reference.clone()], &line[alternates.clone()]];
        self.sites.add(self.report.line_number, &line[contig.clone()], position.0, alleles);
        let ignores_filters = self.file.options.ignore_filter_field;
        let text = |range: Range<usize>| &line[range];
        self.sink.record(&Fixed {
            contig: text(contig),
            ids: text(ids),
            reference: alleles[0],
            alternates: alleles[1],
            quality,
            filters: if ignores_filters { b"." } else { text(filters) },
            is_split: false,
        });
        info.put(&mut self.sink);
        if info.annotations != [None; 2] {
            self.annotations(record, &info.annotations, alleles[1], position);
        }
        self.sink.end_record(HalfOpen::from_length(position, alleles[0].len()));
        Some(())
    }

    /// Takes the annotations of a record apart. What is to be said of them is said of its line.
    fn annotations(
        &mut self,
        record: &CodedRecord<'_>,
        annotations: &[Option<&[u8]>; 2],
        alternates: &[u8],
        position: OneBased,
    ) {
        let mut muted = LineReport::keeping(Keep::default());
        for (source, text) in annotations.iter().enumerate() {
            let Some(text) = text else { continue };
            let mut values = AnnotationValues::default();
            values[source] = Some(0..text.len());
            let read = &self.file.annotations;
            read.read(&mut self.sink, &mut muted, text, (values, false), alternates);
        }
        let mut line = Vec::new();
        if !muted.findings.tallies().is_empty() && record.push_line(&mut line).is_ok() {
            let line = without_break(&line);
            if let Ok(fields) = self.split(line) {
                self.examine(line, &fields, position);
            }
        }
    }

    /// Position and quality of a record where nothing is to be said of its fixed fields.
    fn sound(&mut self, line: &[u8], fields: &FixedFields) -> Option<(OneBased, Option<f64>)> {
        let muted = LineReport::keeping(Keep::default());
        let report = std::mem::replace(&mut self.report, muted);
        let position = self.position(line, fields[1].clone()).ok();
        self.check_fixed(line, fields);
        let quality = self.quality(line, fields[5].clone());
        let muted = std::mem::replace(&mut self.report, report);
        let is_sound = muted.findings.tallies().is_empty();
        position.filter(|_| is_sound).map(|it| (it, quality))
    }
}

#[cfg(test)]
mod tests {
    use super::super::joined::Unparsed;
    use super::super::{Open, Reader, VcfReading};
    use super::*;
    use crate::read::Pipe;
    use crate::read::recognize::Content;
    use crate::read::source::Source;

    const HEADER: &str = "##fileformat=VCFv4.2\n\
        ##INFO=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n\
        ##INFO=<ID=DB,Number=0,Type=Flag,Description=\"d\">\n##contig=<ID=1>\n\
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    const DP: [u8; 4] = [0x11, 1, 0x11, 9];
    const DB: [u8; 3] = [0x11, 2, 0];

    fn record(entries: &[&[u8]], alternate: u8) -> Vec<u8> {
        let mut shared = [0, 9, 1, 0x7f80_0001].map(i32::to_le_bytes).concat();
        shared.extend([u8::try_from(entries.len()).unwrap(), 0, 2, 0, 0, 0, 0, 0]);
        shared.extend([0x07, 0x17, b'A', 0x17, alternate, 0]);
        shared.extend(entries.concat());
        [&u32::try_from(shared.len()).unwrap().to_le_bytes()[..], &[0; 4], &shared].concat()
    }

    /// Which of the records behind the first are no text on their way.
    fn are_sites(records: &[Vec<u8>]) -> Vec<bool> {
        let length = u32::try_from(HEADER.len()).unwrap().to_le_bytes();
        let bytes = [b"BCF\x02\x02", &length[..], HEADER.as_bytes(), &records.concat()].concat();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, bytes).unwrap();
        let pipe = Pipe::new(Some(1), 1 << 20).unwrap();
        let path = file.path().to_str().unwrap();
        let source = Source::open_with(path, &pipe.meter, Content::Variants).unwrap();
        let reader = Reader::open(source, &pipe, &VcfReading::default(), 9).unwrap();
        let parsed = reader.parse(|file, piece, keep| {
            let mut parser = RecordParser::new(file, keep, Open, super::super::Nothing);
            let (mut sites, mut line) = (Vec::new(), Vec::new());
            if let Unparsed::Coded(records) = &piece.records {
                let mut info = CodedInfo::new(file);
                for record in records.iter() {
                    line.clear();
                    sites.push(parser.site(&record, &mut line, &mut info).is_some());
                }
            }
            parser.finish().map(|it| it.map(|_| sites))
        });
        parsed.flat_map(|it| it.unwrap().output).collect()
    }

    #[test]
    fn a_record_of_which_nothing_is_to_be_said_is_no_text() {
        let plain = record(&[&DP, &DB], b'T');
        let others = [
            record(&[], b'T'),
            record(&[&DP], b'Q'),
            record(&[&DP, &DP], b'T'),
            record(&[&[0x11, 1, 0x11, 0x80]], b'T'),
            record(&[&[0x11, 1, 0]], b'T'),
            record(&[&[0x11, 2, 0x17, b'x']], b'T'),
            record(&[&[0x11, 1, 0x15, 0, 0, 0, 0]], b'T'),
        ];
        let records = [&[plain.clone(), plain.clone()], &others[..], &[plain]].concat();
        let expected = [true, true, false, false, false, false, false, false, true];
        assert_eq!(are_sites(&records), expected);
    }
}
