//! A VCF store, and a TSV store with alleles, as VCF.

use std::collections::{BTreeSet, HashSet};

use super::header::VcfHeader;
use super::planned::{Asked, Planned};
use super::samples::{COLUMNS, SampleColumns};
use super::selection::Selection;
use super::values::ColumnValues;
use super::vcf::{InfoSource, VcfLines};
use super::wide::INTEGERS;
use crate::emit::BCF;
use crate::merge::{ContigOrder, ask};
use crate::model::{ColumnType, HeaderKey, InfoColumn, Result, TsvStoreOptions};

/// The columns before INFO.
const FIXED: [&str; 7] =
    ["contigname", "start", "names", "referenceallele", "alternatealleles", "qual", "filters"];
/// Those of them that may be left out.
const OPTIONAL: [&str; 3] = ["names", "qual", "filters"];

/// A VCF store.
pub fn of_vcf_store(asked: &Asked<'_>) -> Result<Planned> {
    let version = &asked.version.snapshot.version;
    let columns = &version.info_columns;
    let mut header = VcfHeader::new(columns);
    let headers = asked.headers()?;
    headers.texts.iter().for_each(|it| header.add(it));
    if !headers.is_whole {
        header.add_samples(asked.texts("DISTINCT sampleid", "")?);
    }
    let selection = selection(asked, columns)?;
    let has_samples = !header.samples.is_empty();
    let with_samples = has_samples && SAMPLES.iter().any(|it| selection.has(it));
    if with_samples && asked.wanted.condition.is_some() {
        let there = asked.texts("DISTINCT sampleid", "")?;
        header.samples.retain(|it| there.contains(it));
    }
    let order = complete(asked, &mut header, &selection)?;
    let mut planned = Select::default();
    for it in FIXED {
        planned.add(it);
    }
    let optional = |name: &str| selection.has(name).then(|| place(name));
    let mut lines = VcfLines {
        contig: place("contigname"),
        start: place("start"),
        names: optional("names"),
        reference: place("referenceallele"),
        alternates: place("alternatealleles"),
        quality: optional("qual"),
        filters: optional("filters"),
        codes: header.has_codes(),
        ..VcfLines::default()
    };
    let fields: Vec<(usize, String)> = columns
        .iter()
        .enumerate()
        .filter(|(_, it)| selection.has_key(&it.key))
        .map(|(index, it)| (index, it.key.clone()))
        .collect();
    if !fields.is_empty() {
        lines.info.push(InfoSource::Fields(planned.add("info"), fields));
    }
    let lists = columns.iter().filter(|it| it.list).map(|it| it.key.clone()).collect();
    lines.info.push(InfoSource::Texts(planned.add("info_other"), selection.keys(), lists));
    if has_samples {
        // Rows of one record follow each other.
        lines.record =
            Some(["importjobid", "\"$record\"", "start"].map(|it| planned.add(it)).into());
        lines.samples = with_samples.then(|| samples(&mut planned, &header));
    }
    if !selection.is_all() {
        header.keep_info(|key| selection.has_key(key));
    }
    Ok(Planned {
        columns: planned.columns,
        header: header.text(with_samples),
        lines: Box::new(lines),
        order,
    })
}

/// Which of the columns go out.
fn selection(asked: &Asked<'_>, columns: &[InfoColumn]) -> Result<Selection> {
    let always = ["contigname", "start", "end", "referenceallele", "alternatealleles"];
    let known = always.into_iter().chain(OPTIONAL).chain(SAMPLES);
    let other_keys = asked.version.files().flat_map(|it| it.other_keys.iter().flatten());
    let keys = columns.iter().map(|it| (it.key.as_str(), it.name.as_str()));
    let keys = keys.chain(other_keys.map(|it| (it.as_str(), it.as_str())));
    Selection::of(asked.columns, known, keys)
}

/// The columns of samples.
pub const SAMPLES: [&str; 11] = [
    "sampleid",
    "phased",
    "calls",
    "alleledepths",
    "depth",
    "genotypelikelihoods",
    "conditionalquality",
    "phredlikelihoods",
    "ps",
    "spl",
    "information",
];

/// Declares what rows have and no header does, as far as a reader would miss it.
fn complete(
    asked: &Asked<'_>,
    header: &mut VcfHeader,
    selection: &Selection,
) -> Result<ContigOrder> {
    header.declare_columns(&asked.version.snapshot.version.info_columns);
    let order = ContigOrder::new(header.contigs(), asked.version.files());
    let covered = asked.version.files().flat_map(|it| &it.bounds);
    let covered: BTreeSet<&str> = covered.map(|it| it.contig.as_str()).collect();
    let missing = order.names().iter().map(String::as_str).filter(|it| covered.contains(it));
    header.declare("contig", missing);
    if selection.has("filters") {
        let filters = asked.texts("DISTINCT f", "CROSS JOIN UNNEST(filters) AS u(f)")?;
        let filters = filters.iter().map(String::as_str);
        // VCF 4 knows it.
        header.declare("FILTER", filters.filter(|it| *it != "PASS"));
    }
    if *asked.target.form == BCF {
        let keys = asked.texts("DISTINCT k", "CROSS JOIN UNNEST(map_keys(info_other)) AS u(k)")?;
        header.declare("INFO", keys.iter().map(String::as_str));
        if !header.samples.is_empty() {
            let joined = "CROSS JOIN UNNEST(map_keys(information)) AS u(k)";
            let keys = asked.texts("DISTINCT k", joined)?;
            let spelled = keys.iter().map(|it| match it.as_str() {
                "genotype_filters" => "FT".to_owned(),
                key => header.spelled.get(key).cloned().unwrap_or_else(|| key.to_uppercase()),
            });
            let spelled: Vec<String> = spelled.collect();
            header.declare("FORMAT", spelled.iter().map(String::as_str));
            header.declare_usual_formats();
        }
    }
    Ok(order)
}

fn samples(planned: &mut Select, header: &VcfHeader) -> SampleColumns {
    let names = header.samples.clone();
    SampleColumns {
        id: planned.add("sampleid"),
        genotype: ["phased", "calls"].map(|it| planned.add(it)),
        columns: COLUMNS.map(|it| planned.add(it.1)),
        information: planned.add("information"),
        places: names.iter().enumerate().map(|(place, it)| (it.clone(), place)).collect(),
        names,
        repeated: header.repeated.clone(),
        spelled: header.spelled.clone(),
        single: header.single.clone(),
    }
}

/// Columns to be asked for, each once.
#[derive(Default)]
struct Select {
    columns: Vec<String>,
}

impl Select {
    /// The place of a column among them.
    fn add(&mut self, column: &str) -> usize {
        let found = self.columns.iter().position(|it| it == column);
        found.unwrap_or_else(|| {
            self.columns.push(column.to_owned());
            self.columns.len() - 1
        })
    }
}

fn place(name: &str) -> usize {
    FIXED.iter().position(|it| *it == name).unwrap_or_default()
}

/// A TSV store with alleles: columns that are neither place nor allele become keys of INFO.
pub fn of_tsv_store(asked: &Asked<'_>, options: &TsvStoreOptions) -> Result<Planned> {
    let role = |key: HeaderKey| options.format_to_header.get(&key).map(String::as_str);
    let start = role(HeaderKey::Pos).or_else(|| role(HeaderKey::Start));
    let roles = [role(HeaderKey::Chr), start, role(HeaderKey::Ref), role(HeaderKey::Alt)];
    let roles: Vec<&str> = roles.into_iter().flatten().collect();
    let names = options.schema.iter().map(|it| it.name.as_str());
    let selection = Selection::of(asked.columns, names, [])?;
    let mut header = VcfHeader::new(&[]);
    let order = ContigOrder::new([], asked.version.files());
    header.declare("contig", order.names().iter().map(String::as_str));
    let mut lines = VcfLines {
        contig: 0,
        start: 1,
        reference: 2,
        alternates: 3,
        codes: true,
        judges_alleles: true,
        ..VcfLines::default()
    };
    let wide = wide_columns(asked, options, &selection)?;
    let mut columns: Vec<String> = roles.iter().map(|it| quoted(it)).collect();
    let mut taken = HashSet::new();
    for column in &options.schema {
        let is_end = role(HeaderKey::End) == Some(&column.name);
        if roles.contains(&column.name.as_str()) || is_end || !selection.has(&column.name) {
            continue;
        }
        let key = key_of(&column.name, &mut taken);
        let is_wide = wide.contains(&column.name);
        let (number, kind) = match column.data_type {
            ColumnType::Long if is_wide => ("1", "String"),
            ColumnType::Int | ColumnType::Long => ("1", "Integer"),
            ColumnType::Float | ColumnType::Double => ("1", "Float"),
            ColumnType::Boolean => ("0", "Flag"),
            ColumnType::String => ("1", "String"),
        };
        header.define(&key, number, kind, &format!("column {}", column.name));
        lines.info.push(InfoSource::Column(columns.len(), key));
        let name = quoted(&column.name);
        columns.push(if is_wide { format!("CAST({name} AS varchar) AS {name}") } else { name });
    }
    Ok(Planned { columns, header: header.text(false), lines: Box::new(lines), order })
}

/// The columns of type LONG with values that VCF's Integer has no bits for.
fn wide_columns(
    asked: &Asked<'_>,
    options: &TsvStoreOptions,
    selection: &Selection,
) -> Result<HashSet<String>> {
    let longs = options.schema.iter().filter(|it| it.data_type == ColumnType::Long);
    let longs: Vec<&String> = longs.map(|it| &it.name).filter(|it| selection.has(it)).collect();
    if longs.is_empty() {
        return Ok(HashSet::new());
    }
    let (least, most) = INTEGERS.into_inner();
    let is_wide = |(at, name): (usize, &&String)| {
        let name = quoted(name);
        format!("coalesce(bool_or({name} < {least} OR {name} > {most}), false) AS wide_{at}")
    };
    let is_wide: Vec<String> = longs.iter().enumerate().map(is_wide).collect();
    let found = ask(asked.version, asked.wanted, asked.options, (&is_wide.join(", "), ""))?;
    let is_true = |at: usize| found.iter().any(|it| ColumnValues::new(it.column(at)).is_true(0));
    let wide = longs.into_iter().enumerate().filter(|(at, _)| is_true(*at));
    Ok(wide.map(|(_, name)| name.clone()).collect())
}

/// A name as a key of INFO may be: letters, digits, `_` and `.`, the first no digit; and none that
/// was taken.
pub fn key_of(name: &str, taken: &mut HashSet<String>) -> String {
    let sound = |it: char| if it.is_ascii_alphanumeric() || it == '.' { it } else { '_' };
    let mut key: String = name.chars().map(sound).collect();
    if !key.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') {
        key.insert(0, '_');
    }
    while !taken.insert(key.clone()) {
        key.push('_');
    }
    key
}

/// A name in SQL.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
