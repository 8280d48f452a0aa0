//! `annostore quickstart`: from a file to the first answer, by the commands that a person would
//! type.

use std::process::ExitCode;

use clap::Args;

use super::demo::run_line;
use super::{Globals, output, resource};
use crate::catalog::Store;
use crate::model::{Error, ErrorKind, Result, StoreFormat};
use crate::query::quoted;

/// Make a store from a file, import the file, and show its first rows
///
/// Shows each command as it is to be typed next time.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore quickstart clinvar.vcf.gz
  annostore quickstart https://example.org/scores.tsv.gz --name scores
  annostore quickstart calls.vcf --reference GRCh38.fa.gz")]
pub struct QuickstartArgs {
    /// The file: a path, `https://` or `s3://`
    #[arg(value_name = "FILE")]
    file: String,
    /// The name of the store [default: that of the file]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The genome that positions are on, a FASTA file
    #[arg(long, value_name = "FASTA")]
    reference: Option<String>,
}

/// Columns of a table that its first query names one by one.
const COLUMNS_NAMED: usize = 10;

/// Runs the commands one after the other, until one fails.
pub fn run(args: &QuickstartArgs, globals: &Globals) -> Result<ExitCode> {
    if args.file == "-" {
        return Err(Error::invalid("quickstart looks at its file before it reads it")
            .with_help("give a file, or `annostore import - --store NAME --create`"));
    }
    let name = args.name.clone().unwrap_or_else(|| store_name(&args.file));
    let found = resource::service_of_new(globals)?.get_annotation_store(&name);
    if let Ok(store) = found {
        let help = match store.size_bytes {
            0 => format!(
                "it is empty: `annostore store delete {name}` takes it away; or give another --name"
            ),
            _ => "name another one with --name, or `annostore import` the file into it".to_owned(),
        };
        return Err(Error::new(ErrorKind::Conflict, "there is a store of this name already")
            .with("store", &name)
            .with_help(help));
    }
    let mut import = vec!["annostore", "import", &args.file, "--store", &name, "--create"];
    import.extend(args.reference.iter().flat_map(|it| ["--reference", it]));
    let imported = run_line(&shell_words::join(import), globals)?;
    if imported != ExitCode::SUCCESS {
        return Ok(imported);
    }
    let table = quoted(&name);
    let store = resource::service(globals)?.get_annotation_store(&name)?;
    let query = format!("SELECT {} FROM {table} LIMIT 5", first_columns(&store));
    let queried = run_line(&shell_words::join(["annostore", "query", query.as_str()]), globals)?;
    let describe = format!("annostore query 'DESCRIBE {table}'");
    let width = describe.len();
    let mut next = "\nNext:\n".to_owned();
    for (command, what) in [
        (describe.as_str(), "what columns and keys there are"),
        ("annostore sql", "a prompt"),
        ("annostore --help", "all commands"),
    ] {
        next += &format!("  {command:width$}  {what}\n");
    }
    output::result(&next)?;
    Ok(queried)
}

/// The columns that say most at first sight, as SQL lists them.
fn first_columns(store: &Store) -> String {
    let schema = store.options.iter().flat_map(|it| &it.schema).map(|it| quoted(&it.name));
    let columns: Vec<String> = schema.collect();
    match store.format {
        StoreFormat::Vcf => {
            "contigname, start, names, referenceallele, alternatealleles, attributes".to_owned()
        }
        StoreFormat::Gff => "seqid, type, start, \"end\", strand, id, information".to_owned(),
        StoreFormat::Tsv if columns.len() > COLUMNS_NAMED => "*".to_owned(),
        StoreFormat::Tsv => columns.join(", "),
    }
}

/// A name for a store from that of a file, without its folder and endings.
fn store_name(file: &str) -> String {
    let file = file.split(['?', '#']).next().unwrap_or_default();
    let file = file.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default();
    let mut stem = file.to_ascii_lowercase();
    for ending in ["gz bgz", "vcf bcf tsv csv txt tab bed gff gff3 gtf maf bedpe"] {
        let cut = ending.split(' ').find_map(|it| stem.strip_suffix(it)?.strip_suffix('.'));
        stem = cut.map_or_else(|| stem.clone(), str::to_owned);
    }
    let parts = stem.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let mut name = parts.collect::<Vec<_>>().join("_");
    if !name.starts_with(|it: char| it.is_ascii_lowercase()) {
        name.insert_str(0, "file_");
    }
    if name.len() < 3 {
        name += "_store";
    }
    name.truncate(255);
    name.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    #[test]
    fn names_of_files_make_names_of_stores() {
        for (file, name) in [
            ("data/ClinVar_2026-11.vcf.gz", "clinvar_2026_11"),
            ("https://a.org/x/00-common_all.vcf.gz?key=1", "file_00_common_all"),
            ("gnomad.genomes.v4.1.sites.chr1.vcf.bgz", "gnomad_genomes_v4_1_sites_chr1"),
            ("a.tsv", "a_store"),
            ("äöü.csv", "file"),
            (".vcf", "file"),
        ] {
            assert_eq!(store_name(file), name);
            assert!(Name::new("name", name).is_ok());
        }
    }
}
