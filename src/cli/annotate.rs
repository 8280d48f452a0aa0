//! `annostore annotate`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use super::place::{destination, form_of, form_parser};
use super::progress::Progress;
use super::signals::stop_on_signals;
use super::{Globals, input, output, resource};
use crate::annotate::{AnnotateOptions, Annotated, FieldRequest, OnMany, With, annotate};
use crate::diagnostic::render::number::{counted, grouped};
use crate::emit::{BCF, Target, VCF};
use crate::export::ExportForm;
use crate::model::{Error, ErrorKind, Result};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Add values of stores to the records of a VCF or BCF file
///
/// Rows of VCF stores, and of TSV stores with alleles, are those of contig, position, REF and each
/// ALT by itself; rows of other stores are those that a record overlaps. Only INFO grows: all other
/// bytes of the file stay as they are. FIELD is an INFO key or a column of the store; without one
/// all are added.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore annotate calls.vcf.gz -o annotated.vcf.gz --with gnomad:AF,AC --with clinvar:CLNSIG
  annostore annotate calls.vcf -o annotated.vcf --with gnomad.v4_1:AF=GNOMAD_AF --only-hits
  bcftools view calls.bcf | annostore annotate - -o - --with genes:name --prefix GENE_")]
pub struct AnnotateArgs {
    /// The file to annotate: a path, `-` for standard input, `https://` or `s3://`
    #[arg(value_name = "FILE")]
    file: String,
    /// Where to write: NAME.vcf, NAME.vcf.gz (BGZF, with its index), NAME.bcf; `-` is standard
    /// output, and a device or a named pipe is written to as records come
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The form, where the name of the output does not say it [default for -, devices and pipes:
    /// vcf]
    #[arg(short, long, value_name = "FORM", value_parser = form_parser(takes))]
    format: Option<ExportForm>,
    /// The store, its version, and the fields to add, each with the INFO key that it becomes; may
    /// be given several times
    #[arg(long, value_name = "STORE[.VERSION][:FIELD[=NAME],...]")]
    with: Vec<With>,
    /// Read what to add from a TOML file
    ///
    /// It has a table `[[with]]` for each store: `store`, and where wanted `version`, `prefix` and
    /// `fields`, a list of names or a table of names with the keys that they become.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What the names of all added fields begin with
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    prefix: String,
    /// What to do where several rows of a store are of one variant
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnManyFlag::First)]
    on_many: OnManyFlag,
    /// Compare alleles in their one form, left-aligned and trimmed against this FASTA file
    /// [default: that of the store, where it is known]
    #[arg(long, value_name = "FASTA")]
    reference: Option<String>,
    /// Write only records that get a value
    #[arg(long)]
    only_hits: bool,
    /// Write only records that overlap the region: chr1, chr1:1000 (to the end) or
    /// chr1:1,000-2,000; may be given several times
    #[arg(short, long, value_name = "REGION")]
    region: Vec<String>,
    /// Write only records for which the condition holds: SQL over chrom, pos, id, ref, alt, qual,
    /// filter and all INFO keys, own and added, in lower case. It is asked for each ALT allele
    #[arg(long, value_name = "SQL")]
    filter: Option<String>,
    /// Leave the command out of the header
    #[arg(long)]
    no_version: bool,
    /// Replace an output that exists, and annotate a file of another assembly
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnManyFlag {
    /// Take the first row
    First,
    /// Join the values of all rows, each once
    All,
    /// End with an error
    Error,
}

impl From<OnManyFlag> for OnMany {
    fn from(flag: OnManyFlag) -> Self {
        match flag {
            OnManyFlag::First => Self::First,
            OnManyFlag::All => Self::All,
            OnManyFlag::Error => Self::Error,
        }
    }
}

/// The file of `--config`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    with: Vec<ConfigWith>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigWith {
    store: String,
    version: Option<String>,
    #[serde(default)]
    prefix: String,
    fields: Option<ConfigFields>,
}

/// A list with each field as on the command line, or a table with the keys that they become.
struct ConfigFields(Vec<FieldRequest>);

impl<'de> Deserialize<'de> for ConfigFields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_any(ConfigFieldsVisitor)
    }
}

struct ConfigFieldsVisitor;

impl<'de> Visitor<'de> for ConfigFieldsVisitor {
    type Value = ConfigFields;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a list of fields, or a table { FIELD = \"NAME\" }")
    }

    fn visit_seq<A: SeqAccess<'de>>(
        self,
        mut of: A,
    ) -> std::result::Result<ConfigFields, A::Error> {
        let mut fields = Vec::new();
        while let Some(text) = of.next_element::<String>()? {
            let field = text.parse().map_err(|error: Error| {
                de::Error::custom(format!("{} in `{}`", error.message(), text.escape_debug()))
            });
            fields.push(field?);
        }
        Ok(ConfigFields(fields))
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut of: A,
    ) -> std::result::Result<ConfigFields, A::Error> {
        let mut fields = Vec::new();
        while let Some((field, name)) = of.next_entry()? {
            fields.push(FieldRequest { field, name: Some(name) });
        }
        Ok(ConfigFields(fields))
    }
}

/// Annotates the file, and says what became of it.
pub fn run(args: &AnnotateArgs, globals: &Globals) -> Result<ExitCode> {
    let with = with(args)?;
    let service = resource::service(globals)?;
    let stop = stop_on_signals()?;
    let target = target(args)?;
    let to = destination(&args.output, args.force, &stop)?;
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(&stop);
    let options = AnnotateOptions {
        with,
        on_many: args.on_many.into(),
        only_hits: args.only_hits,
        regions: args.region.clone(),
        filter: args.filter.clone(),
        reference: args.reference.clone(),
        force: args.force,
        command: (!args.no_version).then(command),
    };
    let input = input::of(&args.file, &stop, globals)?;
    let progress = Progress::start(&args.file, &pipe.meter, globals);
    let stores = (service.catalog(), service.account());
    let annotated = annotate(stores, &input, (to, target), &pipe, &options);
    progress.finish();
    let annotated = annotated.map_err(|error| pipe.meter.cause(error))?;
    tell(&annotated, !args.region.is_empty(), globals);
    Ok(ExitCode::SUCCESS)
}

/// What to add, of the command line and of the file.
fn with(args: &AnnotateArgs) -> Result<Vec<With>> {
    let mut all = args.with.clone();
    if let Some(path) = &args.config {
        let unreadable = |message: String| {
            Error::new(ErrorKind::Unreadable, message).with("file", path.display())
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| unreadable("cannot read what to add".to_owned()).with_source(error))?;
        let config: Config = toml::from_str(&text).map_err(|error| {
            let message = in_words(error.message().trim_end());
            let line = error
                .span()
                .map(|it| text.bytes().take(it.start).filter(|it| *it == b'\n').count());
            unreadable(message).with("line", line.unwrap_or_default() + 1)
        })?;
        for with in config.with {
            all.push(with.into());
        }
    }
    if all.is_empty() {
        return Err(Error::invalid("nothing is to be added")
            .with_help("name a store: --with STORE:FIELD,FIELD, or a file with --config"));
    }
    for with in &mut all {
        with.prefix.insert_str(0, &args.prefix);
    }
    Ok(all)
}

impl From<ConfigWith> for With {
    fn from(of: ConfigWith) -> Self {
        let ConfigWith { store, version, prefix, fields } = of;
        Self { store, version, fields: fields.map_or_else(Vec::new, |it| it.0), prefix }
    }
}

/// What serde says of a file, in words for those who wrote it.
fn in_words(message: &str) -> String {
    let mismatch =
        message.strip_prefix("invalid type: ").and_then(|it| it.split_once(", expected "));
    if let Some((found, wanted)) = mismatch {
        let found = found.replace("string \"", "text \"").replace("sequence", "list");
        let found = found.replace("map", "table").replace("floating point", "number");
        let wanted = wanted.replace("a string", "a text").replace("a sequence", "a list");
        return format!("{wanted} belongs here, not this {found}");
    }
    if let Some(key) = message.strip_prefix("missing field ") {
        return format!("the key {key} is missing");
    }
    match message.strip_prefix("unknown field ").and_then(|it| it.split_once(", expected ")) {
        Some((key, known)) => format!("there is no key {key}: write {known}"),
        None => message.to_owned(),
    }
}

/// The form of the output.
fn target(args: &AnnotateArgs) -> Result<Target> {
    match form_of(&args.output, args.format, ExportForm::Lines(Target::plain(&VCF))) {
        Ok(ExportForm::Lines(target)) if takes(ExportForm::Lines(target)) => Ok(target),
        Err(error) if args.format.is_some() || args.output == Path::new("-") => Err(error),
        _ => Err(Error::invalid("records of VCF are written as VCF or BCF only")
            .with("file", args.output.display())
            .with_help("let the name end in .vcf, .vcf.gz or .bcf, or say --format")),
    }
}

/// Whether records of VCF are written in a form.
fn takes(form: ExportForm) -> bool {
    matches!(form, ExportForm::Lines(target) if [&VCF, &BCF].contains(&target.form))
}

/// The command as it was given.
fn command() -> String {
    let words: Vec<_> = std::env::args().skip(1).collect();
    format!("annostore {}", shell_words::join(words))
}

fn tell(annotated: &Annotated, has_regions: bool, globals: &Globals) {
    let notes = annotated.notes.iter().chain(&annotated.emitted.notes);
    for note in notes {
        let is_bare = !note.starts_with("note: ") && !note.starts_with("warning: ");
        let is_warning = note.starts_with("warning: ");
        if !globals.quiet || is_warning {
            output::message(&format!("{}{note}", if is_bare { "note: " } else { "" }));
        }
    }
    if globals.quiet {
        return;
    }
    let counts = &annotated.counts;
    let mut text = format!(
        "{} of {}{} got values of {}",
        grouped(counts.annotated),
        counted(counts.in_regions, "record"),
        if has_regions { " in these regions" } else { "" },
        annotated.tables.join(", ")
    );
    if counts.written != counts.in_regions {
        text += &format!("; {} written", grouped(counts.written));
    }
    output::message(&text);
}
