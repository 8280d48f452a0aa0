//! Stores as GFF3, BED, TSV and CSV.

use super::bed::BedLines;
use super::gff::{self, GffLines};
use super::of_vcf::quoted;
use super::planned::{Asked, Planned};
use super::selection::{Selection, unknown};
use super::table::{TableLines, append_names};
use crate::emit::{CSV, Places};
use crate::merge::ContigOrder;
use crate::model::{AnnotationType, Error, HeaderKey, Result, StoreFormat};

/// A GFF store as GFF3.
pub fn of_gff_store(asked: &Asked<'_>) -> Result<Planned> {
    let known = gff::COLUMNS.into_iter().chain(gff::TAGS.into_iter().map(|it| it.0));
    let selection = Selection::of(asked.columns, known, [])?;
    let mut header = b"##gff-version 3\n".to_vec();
    for text in asked.headers()?.texts {
        for line in text.split(|it| matches!(it, b'\n' | b'\r')) {
            let is_kept = line.starts_with(b"##") || line.starts_with(b"#!");
            let is_ours = [&b"##gff-version"[..], b"##FASTA", b"###", b"##gtf-version"];
            let is_new = || !header.split(|it| *it == b'\n').any(|it| it == line);
            if is_kept && !is_ours.iter().any(|it| line.starts_with(it)) && is_new() {
                header.extend_from_slice(line);
                header.push(b'\n');
            }
        }
    }
    let columns = gff::COLUMNS.into_iter().chain(gff::TAGS.into_iter().map(|it| it.0));
    let wanted = gff::TAGS.map(|it| selection.has(it.0));
    Ok(Planned {
        columns: columns.map(quoted).collect(),
        header,
        lines: Box::new(GffLines { wanted }),
        order: ContigOrder::new([], asked.version.files()),
    })
}

/// A store whose rows have a place, as BED.
pub fn of_places(asked: &Asked<'_>) -> Result<Planned> {
    let version = asked.version;
    let Some(place) = version.coordinates() else {
        return Err(Error::invalid(format!("rows of {} have no position", version.name()))
            .with_help("write .tsv, .csv or .parquet"));
    };
    let bases = [&place.contig, &place.start, &place.end];
    let all = columns_of(asked)?;
    let others: Vec<String> = match (asked.columns, version.format()) {
        ([], StoreFormat::Vcf) => vec!["names".to_owned()],
        ([], StoreFormat::Gff) => {
            vec!["coalesce(\"name\", \"id\")".to_owned(), "score".to_owned(), "strand".to_owned()]
        }
        ([], StoreFormat::Tsv) => {
            let others = all.iter().filter(|it| !bases.contains(&&it.0));
            others.map(|it| it.1.clone()).collect()
        }
        (named, _) => selected(named, &all)?.into_iter().map(|it| it.1).collect(),
    };
    let mut columns: Vec<String> = bases.into_iter().map(|it| quoted(it)).collect();
    // The same expression may stand for two columns.
    columns.extend(others.iter().enumerate().map(|(at, it)| format!("{it} AS \"of bed {at}\"")));
    let others = (3..columns.len()).collect();
    Ok(Planned {
        columns,
        header: Vec::new(),
        lines: Box::new(BedLines { contig: 0, bases: [1, 2], others }),
        order: order_of(asked)?,
    })
}

/// Any store as TSV or CSV. A TSV store has its own columns and positions, as its files had them.
pub fn of_columns(asked: &Asked<'_>) -> Result<Planned> {
    let columns = chosen(asked, columns_of(asked)?)?;
    let separator = if *asked.target.form == CSV { b',' } else { b'\t' };
    let mut header = Vec::new();
    append_names(columns.iter().map(|it| it.0.as_str()), separator, &mut header);
    let one_based = asked.version.tsv_options().filter(|it| is_one_based(it.annotation_type));
    let place = |name: &String| columns.iter().position(|it| it.0 == *name);
    let names = asked.version.coordinates().filter(|_| separator == b'\t');
    let places = names.and_then(|it| {
        Some(Places::Columns {
            contig: place(&it.contig)?,
            start: place(&it.start)?,
            end: place(&it.end),
            zero_based: one_based.is_none(),
            skip: 1,
        })
    });
    let start = one_based.and_then(|it| {
        let of = |key| it.format_to_header.get(&key);
        of(HeaderKey::Pos).or_else(|| of(HeaderKey::Start)).and_then(place)
    });
    let lines = TableLines {
        columns: (0..columns.len()).collect(),
        one_based: start,
        separator,
        places: places.unwrap_or(Places::Unknown),
    };
    let columns = columns.into_iter().map(|(name, it)| format!("{it} AS {}", quoted(&name)));
    Ok(Planned {
        columns: columns.collect(),
        header,
        lines: Box::new(lines),
        order: order_of(asked)?,
    })
}

fn is_one_based(annotation_type: AnnotationType) -> bool {
    !matches!(
        annotation_type,
        AnnotationType::Generic
            | AnnotationType::ChrStartEndZeroBase
            | AnnotationType::ChrStartEndRefAltZeroBase
    )
}

/// The order of the contigs of headers, and of those of the files.
fn order_of(asked: &Asked<'_>) -> Result<ContigOrder> {
    let mut contigs = Vec::new();
    if asked.version.format() == StoreFormat::Vcf {
        for text in asked.headers()?.texts {
            contigs.extend(crate::emit::contigs(&text).into_iter().map(|it| it.0));
        }
    }
    Ok(ContigOrder::new(contigs, asked.version.files()))
}

/// A column: its name, and what it is in SQL.
type NamedColumn = (String, String);

/// The columns that a table has of a store, where none are named.
pub fn columns_of(asked: &Asked<'_>) -> Result<Vec<NamedColumn>> {
    let plain = |it: &str| (it.to_owned(), quoted(it));
    Ok(match asked.version.format() {
        StoreFormat::Tsv => {
            let options = asked.version.tsv_options();
            let schema = options.map(|it| it.schema.as_slice()).unwrap_or_default();
            schema.iter().map(|it| plain(&it.name)).collect()
        }
        StoreFormat::Gff => {
            let tags = gff::TAGS.iter().map(|it| plain(it.0));
            gff::COLUMNS.iter().map(|it| plain(it)).chain(tags).collect()
        }
        StoreFormat::Vcf => {
            let mut columns: Vec<_> = VCF_COLUMNS.iter().map(|it| plain(it)).collect();
            if !asked.texts("DISTINCT sampleid", "")?.is_empty() {
                columns.extend(super::of_vcf::SAMPLES.iter().map(|it| plain(it)));
            }
            for it in &asked.version.snapshot.version.info_columns {
                let is_taken = columns.iter().any(|(name, _)| *name == it.key);
                let name = format!("{}{}", if is_taken { "INFO_" } else { "" }, it.key);
                columns.push((name, format!("info.{}", quoted(&it.name))));
            }
            columns
        }
    })
}

const VCF_COLUMNS: [&str; 9] = [
    "contigname",
    "start",
    "end",
    "names",
    "referenceallele",
    "alternatealleles",
    "qual",
    "filters",
    "splitfrommultiallelic",
];

/// Of all columns those that go out: all where none are named, else those of place and alleles and
/// behind them those that are named.
pub fn chosen(asked: &Asked<'_>, all: Vec<NamedColumn>) -> Result<Vec<NamedColumn>> {
    if asked.columns.is_empty() {
        return Ok(all);
    }
    let owned = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
    let mut names: Vec<String> = match (asked.version.format(), asked.version.tsv_options()) {
        (StoreFormat::Vcf, _) => {
            owned(&["contigname", "start", "end", "referenceallele", "alternatealleles"])
        }
        (StoreFormat::Gff, _) => owned(&["seqid", "start", "end"]),
        (StoreFormat::Tsv, options) => {
            let of = |key| options?.format_to_header.get(&key).cloned();
            PLACE_AND_ALLELES.into_iter().filter_map(of).collect()
        }
    };
    for name in asked.columns {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    selected(&names, &all)
}

/// What headers of TSV stores have of place and alleles, in order.
const PLACE_AND_ALLELES: [HeaderKey; 6] = [
    HeaderKey::Chr,
    HeaderKey::Pos,
    HeaderKey::Start,
    HeaderKey::End,
    HeaderKey::Ref,
    HeaderKey::Alt,
];

/// The columns that are named; an error, with near names, for one that there is not.
fn selected(named: &[String], all: &[NamedColumn]) -> Result<Vec<NamedColumn>> {
    let find = |name: &String| {
        let found = all.iter().find(|it| it.0 == *name);
        let found = found.or_else(|| {
            let bare = name.strip_prefix("info.")?;
            all.iter().find(|it| it.1 == format!("info.{}", quoted(bare)))
        });
        let known = || all.iter().map(|it| it.0.as_str());
        found.cloned().ok_or_else(|| unknown("column", name, known()))
    };
    named.iter().map(find).collect()
}
