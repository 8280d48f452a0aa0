//! How a file is to be read, from the terminal: the API's read options as flags, or its own JSON.

use clap::Args;

use super::annotation::{AnnotationFlags, Annotations};
use super::check::VcfFlags;
#[cfg(feature = "store")]
use crate::api::dto::StartImportRequest;
use crate::model::{Error, FormatOptions, ReadOptions, Result, StoreFormat};

/// The API's `readOptions` and `vcfOptions` as flags, or all at once as a request.
#[derive(Args, Clone, Debug, Default)]
pub struct FormatFlags {
    #[command(flatten)]
    vcf: VcfFlags,
    #[command(flatten)]
    annotations: AnnotationFlags,
    #[command(flatten)]
    tsv: ReadFlags,
    /// The JSON of `aws omics start-annotation-import-job --cli-input-json`, whose formatOptions and annotationFields say how to read
    #[cfg(feature = "store")]
    #[arg(long, value_name = "FILE")]
    request: Option<String>,
}

/// The API's `readOptions` as flags. Giving any of them replaces all defaults of the service, as in the API.
#[derive(Args, Clone, Debug, Default)]
#[command(
    next_help_heading = "TSV read options (any of them replaces ALL defaults: then sep is a comma, header false)"
)]
struct ReadFlags {
    /// What separates fields: 1 to 20 characters; \t for a tab
    #[arg(long, value_name = "TEXT")]
    sep: Option<String>,
    /// The character set, by Java's name
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The character around a field that may contain separators [Spark's default: "]
    #[arg(long, value_name = "CHAR")]
    quote: Option<String>,
    /// Changes nothing when reading; taken because the API takes it
    #[arg(long, value_name = "BOOL")]
    quote_all: Option<bool>,
    /// The character that escapes a quote inside a quoted field [Spark's default: \]
    #[arg(long, value_name = "CHAR")]
    escape: Option<String>,
    /// Changes nothing when reading; taken because the API takes it
    #[arg(long, value_name = "BOOL")]
    escape_quotes: Option<bool>,
    /// Lines that begin with this character are left out
    #[arg(long, value_name = "CHAR")]
    comment: Option<String>,
    /// Whether the first line holds the names of the columns; it is left out, unread
    #[arg(long, value_name = "BOOL")]
    header: Option<bool>,
    /// What ends a line [default: LF, CR or CRLF]
    #[arg(long, value_name = "TEXT")]
    line_sep: Option<String>,
}

impl ReadFlags {
    /// The options, where any was given.
    fn options(&self) -> Option<ReadOptions> {
        let options = ReadOptions {
            sep: self.sep.clone(),
            encoding: self.encoding.clone(),
            quote: self.quote.clone(),
            quote_all: self.quote_all,
            escape: self.escape.clone(),
            escape_quotes: self.escape_quotes,
            comment: self.comment.clone(),
            header: self.header,
            line_sep: self.line_sep.clone(),
        };
        (options != ReadOptions::default()).then_some(options)
    }
}

/// How files are to be read.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The options of their format; none where nothing was given.
    pub options: Option<FormatOptions>,
    /// Where annotations are.
    pub annotations: Annotations,
}

impl FormatFlags {
    /// What was given for files of a format. Flags of another format are refused.
    pub fn given(&self, format: StoreFormat) -> Result<Given> {
        #[cfg(feature = "store")]
        let Given { options: mut given, mut annotations } = self.requested()?;
        #[cfg(not(feature = "store"))]
        let Given { options: mut given, mut annotations } = Given::default();
        if let Some(options) = self.tsv.options() {
            once(&mut given, FormatOptions::Tsv(Some(options)))?;
        }
        if self.vcf.is_given() {
            once(&mut given, FormatOptions::Vcf(self.vcf.into()))?;
        }
        if let Some(options) = &given {
            options.check_fits(format)?;
        }
        if let Some(flag) = self.annotations.annotations()? {
            if format != StoreFormat::Vcf {
                let message = format!("--annotation-fields is given, but the format is {format}");
                return Err(Error::invalid(message).with_help("only VCF files have annotations"));
            }
            annotations = flag;
        }
        Ok(Given { options: given, annotations })
    }

    #[cfg(feature = "store")]
    fn requested(&self) -> Result<Given> {
        let Some(path) = &self.request else { return Ok(Given::default()) };
        let request: StartImportRequest = super::resource::request(path)?;
        let request: crate::service::request::StartImport = request.into();
        let options = request.format_options.as_ref();
        let options = options.map(crate::service::check_format_options).transpose()?;
        let annotations = Annotations::of_request(request.annotation_fields);
        Ok(Given { options, annotations })
    }
}

fn once(given: &mut Option<FormatOptions>, options: FormatOptions) -> Result<()> {
    if given.replace(options).is_some() {
        return Err(Error::invalid("the way to read the file is given twice")
            .with_help("give flags of one format, or --request alone"));
    }
    Ok(())
}
