//! noodles-vcf against our reading of VCF: the fixed fields, INFO by Type and Number, and samples.

use noodles::vcf;
use noodles::vcf::variant::RecordBuf;
use noodles::vcf::variant::record::Record as _;
use noodles::vcf::variant::record::samples::series::value::genotype::Phasing;
use noodles::vcf::variant::record_buf::info::field::Value as Info;
use noodles::vcf::variant::record_buf::info::field::value::Array as InfoArray;
use noodles::vcf::variant::record_buf::samples::sample::Value as Sample;
use noodles::vcf::variant::record_buf::samples::sample::value::Array as SampleArray;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::{Stores, compare};

/// Key, Number and Type of INFO.
const INFO: [(&str, &str, &str); 13] = [
    ("END", "1", "Integer"),
    ("I1", "1", "Integer"),
    ("I2", "2", "Integer"),
    ("IA", "A", "Integer"),
    ("IR", "R", "Integer"),
    ("IX", ".", "Integer"),
    ("F1", "1", "Float"),
    ("FA", "A", "Float"),
    ("S1", "1", "String"),
    ("SX", ".", "String"),
    ("C1", "1", "Character"),
    ("CX", ".", "Character"),
    ("B0", "0", "Flag"),
];

/// Key, Number and Type of FORMAT.
const FORMAT: [(&str, &str, &str); 6] = [
    ("GT", "1", "String"),
    ("AD", "R", "Integer"),
    ("DP", "1", "Integer"),
    ("GQ", "1", "Integer"),
    ("PS", "1", "Integer"),
    ("XS", "1", "String"),
];

fn header(samples: usize) -> String {
    let mut text = "##fileformat=VCFv4.3\n##FILTER=<ID=q10,Description=\"q\">\n".to_owned();
    for (line, definitions) in [("INFO", &INFO[..]), ("FORMAT", &FORMAT[..])] {
        for (key, number, kind) in definitions {
            text += &format!("##{line}=<ID={key},Number={number},Type={kind},Description=\"d\">\n");
        }
    }
    text += "##contig=<ID=chr1>\n##contig=<ID=2>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
    if samples > 0 {
        text += "\tFORMAT";
        (0..samples).for_each(|it| text += &format!("\ts{it}"));
    }
    text + "\n"
}

/// An element of a list, or a value alone. The eight smallest integers are reserved in BCF; noodles
/// takes them all the same. It decodes `%25` and its like, we keep the text of the file.
fn element(kind: &str) -> BoxedStrategy<String> {
    match kind {
        "Integer" => prop_oneof![-999..999_i32, -2_147_483_640..=i32::MAX]
            .prop_map(|it| it.to_string())
            .boxed(),
        "Float" => (any::<f32>(), any::<bool>())
            .prop_filter("neither JSON nor VCF agree on their spelling", |it| it.0.is_finite())
            .prop_map(|(it, long)| if long { it.to_string() } else { format!("{it:e}") })
            .boxed(),
        "Character" => select(vec!["x", "|", "\"", "0"]).prop_map(str::to_owned).boxed(),
        _ => {
            let letters =
                select(vec!["a", "B7", "|", ":", "&", "\"", "'", "(", "\\", "é", "漢", "-"]);
            proptest::collection::vec(letters, 1..6).prop_map(|it| it.concat()).boxed()
        }
    }
}

/// A value of so many elements, any of which may be missing. One that is missing altogether is left
/// out: noodles has no value then, and we the list that stands there.
fn list(kind: &'static str, count: usize) -> BoxedStrategy<String> {
    let element = prop_oneof![5 => element(kind), 1 => Just(".".to_owned())];
    proptest::collection::vec(element, count)
        .prop_filter("a value of dots alone", |it| it.iter().any(|it| it != "."))
        .prop_map(|it| it.join(","))
        .boxed()
}

/// How many elements a Number asks for; some number of them where it leaves that open.
fn count(number: &str, alternates: usize) -> Option<usize> {
    match number {
        "A" => Some(alternates),
        "R" => Some(alternates + 1),
        "." => None,
        number => number.parse().ok(),
    }
}

fn value(number: &'static str, kind: &'static str, alternates: usize) -> BoxedStrategy<String> {
    match count(number, alternates) {
        Some(1) if number == "1" => element(kind),
        Some(count) => list(kind, count),
        None => (1_usize..4).prop_flat_map(move |it| list(kind, it)).boxed(),
    }
}

/// The entries of INFO, each or not.
fn info(position: u32, alternates: usize) -> BoxedStrategy<String> {
    let entries = INFO.iter().filter(|it| alternates > 0 || it.1 != "A");
    let entry = move |(key, number, kind): &(&'static str, &'static str, &'static str)| {
        let key = *key;
        let entry = match (key, *number) {
            // Where END lies before POS, noodles tells it, we say that it is wrong.
            ("END", _) => {
                (0_u32..1000).prop_map(move |it| format!("END={}", position + it)).boxed()
            }
            (_, "0") => Just(key.to_owned()).boxed(),
            _ => value(number, kind, alternates).prop_map(move |it| format!("{key}={it}")).boxed(),
        };
        proptest::option::weighted(0.4, entry).boxed()
    };
    let entries: Vec<_> = entries.map(entry).collect();
    entries
        .prop_map(|it| it.into_iter().flatten().collect::<Vec<_>>().join(";"))
        .prop_map(|it| if it.is_empty() { ".".to_owned() } else { it })
        .boxed()
}

/// A genotype with one separator throughout: `phased` is one value to us, one for each allele to
/// noodles.
fn genotype(alternates: usize) -> BoxedStrategy<String> {
    let allele = prop_oneof![
        4 => (0..=alternates).prop_map(|it| it.to_string()),
        1 => Just(".".to_owned())
    ];
    let alleles = proptest::collection::vec(allele, 1..4);
    (alleles, select(vec!["/", "|"]))
        .prop_map(|(alleles, separator)| alleles.join(separator))
        .prop_filter("a dot alone is no genotype to noodles", |it| it != ".")
        .boxed()
}

/// One sample: GT and as many other fields as there are. Fields at the end may be left out.
fn sample(alternates: usize) -> BoxedStrategy<String> {
    let field = |(key, number, kind): &(&'static str, &'static str, &'static str)| {
        let value = match *key {
            "GT" => return genotype(alternates),
            // Negative counts are findings, and so are values beyond the range of a genotype
            // quality.
            "DP" | "GQ" | "PS" => (0..99_i32).prop_map(|it| it.to_string()).boxed(),
            "XS" => select(vec!["text", "a|b", "é"]).prop_map(str::to_owned).boxed(),
            _ => value(number, kind, alternates),
        };
        prop_oneof![4 => value, 1 => Just(".".to_owned())].boxed()
    };
    let fields: Vec<_> = FORMAT.iter().map(field).collect();
    (fields, 1..=FORMAT.len()).prop_map(|(fields, kept)| fields[..kept].join(":")).boxed()
}

fn alleles() -> impl Strategy<Value = (String, Vec<String>)> {
    let bases = || proptest::collection::vec(select(b"ACGTN".to_vec()), 1..6);
    let bases = || bases().prop_map(|it| String::from_utf8(it).unwrap());
    let other = select(vec!["<DEL>", "<INS:ME>", "*"]).prop_map(str::to_owned);
    (bases(), proptest::collection::vec(prop_oneof![4 => bases(), 1 => other], 0..4))
}

/// A record; its ID begins with `row#`, for which the caller puts what tells it from others.
fn record(samples: usize) -> impl Strategy<Value = String> {
    let fixed = (
        select(vec!["chr1", "2"]),
        1_u32..2_000_000_000,
        select(vec!["", ";rs1", ";rs2;x"]),
        alleles(),
        // -1 is what the service stores for a QUAL that is not there.
        prop_oneof![Just(".".to_owned()), (0_f32..1e9).prop_map(|it| it.to_string())],
        select(vec![".", "PASS", "q10", "q10;s50"]),
    );
    fixed.prop_flat_map(move |(contig, position, ids, (reference, alternates), quality, filter)| {
        let count = alternates.len();
        let alternates = if count == 0 { ".".to_owned() } else { alternates.join(",") };
        let fixed = format!(
            "{contig}\t{position}\trow#{ids}\t{reference}\t{alternates}\t{quality}\t{filter}"
        );
        let samples = proptest::collection::vec(sample(count), samples);
        (Just(fixed), info(position, count), samples).prop_map(|(fixed, info, samples)| {
            let mut line = format!("{fixed}\t{info}");
            if !samples.is_empty() {
                line += &format!("\t{}\t{}", FORMAT.map(|it| it.0).join(":"), samples.join("\t"));
            }
            line + "\n"
        })
    })
}

/// A file as text, and how many samples it has.
pub fn file() -> impl Strategy<Value = (String, usize)> {
    (0_usize..3).prop_flat_map(|samples| {
        proptest::collection::vec(record(samples), 1..9).prop_map(move |records| {
            let records = records.iter().enumerate();
            let records = records.map(|(number, it)| it.replace("row#", &format!("row{number}")));
            (header(samples) + &records.collect::<String>(), samples)
        })
    })
}

fn elements<T: Clone>(list: &[Option<T>], make: impl Fn(T) -> Value) -> Value {
    list.iter().map(|it| it.clone().map_or(Value::Null, &make)).collect()
}

fn of_info(value: &Info) -> Value {
    match value {
        Info::Integer(it) => json!(it),
        Info::Float(it) => json!(f64::from(*it)),
        Info::Flag => json!(true),
        Info::Character(it) => json!(it),
        Info::String(it) => json!(it),
        Info::Array(InfoArray::Integer(list)) => elements(list, |it| json!(it)),
        Info::Array(InfoArray::Float(list)) => elements(list, |it| json!(f64::from(it))),
        Info::Array(InfoArray::Character(list)) => elements(list, |it| json!(it)),
        Info::Array(InfoArray::String(list)) => elements(list, |it| json!(it)),
    }
}

/// INFO as noodles reads it, by our names of fields: null where a record lacks a key.
fn info_of(record: &RecordBuf) -> Value {
    let field = |(key, _, kind): &(&str, &str, &str)| {
        let absent = if *kind == "Flag" { json!(false) } else { Value::Null };
        (key.to_lowercase(), record.info().get(*key).flatten().map_or(absent, of_info))
    };
    Value::Object(INFO.iter().map(field).collect::<Map<_, _>>())
}

/// What noodles reads of a record, by our names of columns.
fn fixed_of(record: &RecordBuf, header: &vcf::Header) -> Value {
    let texts = |it: Vec<&String>| if it.is_empty() { Value::Null } else { json!(it) };
    json!({
        "contigname": record.reference_sequence_name(),
        "start": usize::from(record.variant_start().unwrap()) - 1,
        "end": usize::from(record.variant_end(header).unwrap()),
        "names": texts(record.ids().as_ref().iter().collect()),
        "referenceallele": record.reference_bases(),
        "alternatealleles": texts(record.alternate_bases().as_ref().iter().collect()),
        "qual": record.quality_score().map(f64::from),
        "filters": texts(record.filters().as_ref().iter().collect()),
        "info": info_of(record),
    })
}

/// What noodles reads of a sample, by our names of columns.
fn sample_of(record: &RecordBuf, sample: usize) -> Value {
    let values = record.samples().get_index(sample).unwrap();
    let value = |key: &str| values.get(key).flatten();
    let number = |key: &str| match value(key) {
        Some(Sample::Integer(it)) => json!(it),
        _ => Value::Null,
    };
    let Some(Sample::Genotype(genotype)) = value("GT") else { panic!("no genotype") };
    let alleles = genotype.as_ref();
    // -1 is the service's word for an allele that is not known.
    let call = |it: Option<usize>| it.map_or(json!(-1), |it| json!(it));
    json!({
        "sampleid": format!("s{sample}"),
        "calls": alleles.iter().map(|it| call(it.position())).collect::<Vec<_>>(),
        // Of one allele noodles says that it is phased, we that it is not.
        "phased": alleles.len() > 1 && alleles[1].phasing() == Phasing::Phased,
        "alleledepths": match value("AD") {
            Some(Sample::Array(SampleArray::Integer(list))) => elements(list, |it| json!(it)),
            _ => Value::Null,
        },
        "depth": number("DP"),
        "conditionalquality": number("GQ"),
        "ps": number("PS"),
        "information": match value("XS") {
            Some(Sample::String(it)) => json!({ "xs": it }),
            _ => Value::Null,
        },
    })
}

#[test]
fn records_are_those_of_noodles() {
    let stores = Stores::new();
    crate::check(32, &file(), |(text, samples)| {
        let rows = stores.rows("it.vcf", text.as_bytes(), None);
        let mut reader = vcf::io::Reader::new(text.as_bytes());
        let header = reader.read_header().unwrap();
        let mut count = 0;
        for record in reader.record_bufs(&header) {
            let record = record.unwrap();
            let fixed = fixed_of(&record, &header);
            // Rows are stored in the order of their places, those of a record beside each other.
            let own: Vec<&Value> = rows.iter().filter(|it| it["names"] == fixed["names"]).collect();
            prop_assert_eq!(own.len(), samples.max(1), "rows of {}", &fixed["names"]);
            for (sample, row) in own.into_iter().enumerate() {
                compare(row, &fixed, text.as_bytes())?;
                if samples > 0 {
                    compare(row, &sample_of(&record, sample), text.as_bytes())?;
                }
                count += 1;
            }
        }
        prop_assert_eq!(count, rows.len());
        Ok(())
    });
}
