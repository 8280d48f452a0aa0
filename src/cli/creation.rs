//! What a store is made with where nobody says: its reference, and, for `import --create`, all that
//! the file tells.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::format::Format;
use super::progress::Progress;
use super::{Globals, output};
use crate::catalog::Store;
use crate::infer::{self, Inferred, Selection};
use crate::model::api::{CreateAnnotationStore, Reference};
use crate::model::{Error, Name, NullMarks, Result, StoreFormat, TsvSettings};
use crate::read::recognize::{Content, FileKind};
use crate::read::source::{Input, Source};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};
use crate::service::Service;

/// Whether a store is made that is not there, and what only people know of it.
#[derive(Args, Clone, Debug)]
pub struct CreateFlags {
    /// Make the store where there is none, as the file tells: its format, and for a table the
    /// schema and read options that `infer --full` finds
    #[arg(long)]
    pub create: bool,
    /// With --create: what the file is, where neither its name nor its content tells
    #[arg(long, value_name = "FORMAT", value_enum, ignore_case = true, requires = "create")]
    store_format: Option<Format>,
    /// With --create: the genome that positions are on, a FASTA file
    #[arg(long, value_name = "FASTA", requires = "create")]
    reference: Option<String>,
    /// With --create: cells of a table that are stored as null, separated by commas
    #[arg(long, value_name = "MARK,...", allow_hyphen_values = true, requires = "create")]
    null_marks: Option<String>,
}

/// What is to be made, with what.
pub struct Creation<'a> {
    /// The name of the store.
    pub store: &'a str,
    /// The name of its first version, where it is another one.
    pub version: Option<&'a str>,
    /// The file that it is made for.
    pub input: &'a Input,
    /// What else was given.
    pub flags: &'a CreateFlags,
}

impl Creation<'_> {
    /// Makes the store, and tells with what: in words, and as a request to the API.
    pub fn make(
        &self,
        service: &Service,
        stop: &Arc<AtomicBool>,
        globals: &Globals,
    ) -> Result<Store> {
        let name = Name::new("name", self.store)?;
        self.check_readable(stop)?;
        let format = self.format()?;
        let mut settings = TsvSettings::default();
        let mut request = CreateAnnotationStore {
            name: Some(name.to_string()),
            store_format: Some(format.to_string()),
            version_name: self.version.map(str::to_owned),
            ..CreateAnnotationStore::default()
        };
        if format == StoreFormat::Tsv {
            let marks = self.flags.null_marks.as_deref().map(NullMarks::parse).transpose()?;
            let marks = marks.unwrap_or_default();
            let found = self.inferred(&marks, stop, globals)?;
            let inferred = found.requests(None, Selection::Store).store;
            request = request.over(inferred.unwrap_or_default());
            settings = TsvSettings { null_marks: marks, read_options: Some(found.read) };
        }
        let fasta = self.flags.reference.as_deref();
        add_reference(&mut request, fasta, service, stop, globals)?;
        let store = service.create_annotation_store_with(&request, settings)?;
        tell(&store, &request, globals)?;
        Ok(store)
    }

    /// What the file is.
    fn format(&self) -> Result<StoreFormat> {
        if let Some(format) = self.flags.store_format {
            return Ok(format.into());
        }
        let name = self.input.name();
        let refuse = |what: String| Err(Error::invalid(what).with("file", name));
        let Some(kind) = FileKind::of(self.input) else {
            return refuse("neither name nor content tells what the file is".to_owned())
                .map_err(|it| it.with_help("say it with --store-format VCF, GFF or TSV"));
        };
        kind.store_format().map_or_else(
            || {
                refuse(format!("this is {}, which no store takes", kind.called()))
                    .map_err(|it| it.with_help("give a VCF, GFF3 or TSV file"))
            },
            Ok,
        )
    }

    /// What cannot be read leaves no store behind. Standard input is not looked at: what is read of
    /// it is gone.
    fn check_readable(&self, stop: &Arc<AtomicBool>) -> Result<()> {
        if self.input.name() != "-" {
            let pipe = Pipe::new(Some(1), DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
            Source::open_with(self.input, &pipe.meter, Content::Variants)?;
        }
        Ok(())
    }

    /// What all rows of the table say, with notes on what is not sure.
    fn inferred(
        &self,
        marks: &NullMarks,
        stop: &Arc<AtomicBool>,
        globals: &Globals,
    ) -> Result<Inferred> {
        let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
        let progress = Progress::start(self.input.name(), &pipe.meter, globals);
        let found = infer::infer_with(self.input, &pipe, true, marks);
        progress.finish();
        let found = found?;
        if !globals.quiet {
            found.notes.iter().for_each(|it| output::message(&format!("note: {it}")));
        }
        Ok(found)
    }
}

/// Says what was made.
fn tell(store: &Store, request: &CreateAnnotationStore, globals: &Globals) -> Result<()> {
    if globals.quiet {
        return Ok(());
    }
    let json = serde_json::to_string(request)
        .map_err(|error| Error::internal("cannot write JSON").with_source(error))?;
    let columns = store.options.as_ref().map(|it| {
        let columns = it.schema.iter().map(|it| format!("{} {}", it.name, it.data_type.as_str()));
        let columns: Vec<_> = columns.collect();
        format!("type {}: {}\n", it.annotation_type.as_str(), columns.join(", "))
    });
    output::result(&format!(
        "made {} store {} with version {}\n{}as a request to the API: {json}\n",
        store.format,
        store.name,
        store.default_version,
        columns.unwrap_or_default()
    ))
}

/// Gives a request without a reference one: that of a FASTA file, else an ARN of its own where it
/// needs one.
pub fn add_reference(
    request: &mut CreateAnnotationStore,
    fasta: Option<&str>,
    service: &Service,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<()> {
    let arn = match (fasta, &request.name) {
        (Some(fasta), _) => {
            let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
            let progress = Progress::start(fasta, &pipe.meter, globals);
            let arn = service.reference_of_file(fasta, &pipe);
            progress.finish();
            arn?
        }
        (None, Some(name)) if request.lacks_reference() => service.unnamed_reference_arn(name),
        (None, _) => return Ok(()),
    };
    request.reference = Some(Reference::from(arn));
    Ok(())
}
