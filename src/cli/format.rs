//! How a file is to be read, from the terminal: the API's read options as flags, or its own JSON.

use clap::{Args, ValueEnum};

use super::annotation::{AnnotationFlags, Annotations};
use crate::check::request::Request;
use crate::model::{Error, FormatOptions, ReadOptions, Result, StoreFormat, VcfOptions};

/// The format of a file, as the terminal takes it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// Variant Call Format
    Vcf,
    /// Separated values
    Tsv,
    /// Generic Feature Format 3
    Gff,
}

impl From<Format> for StoreFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Vcf => Self::Vcf,
            Format::Tsv => Self::Tsv,
            Format::Gff => Self::Gff,
        }
    }
}

/// The API's `readOptions` and `vcfOptions` as flags, or all at once as a request.
#[derive(Args, Clone, Debug, Default)]
pub struct FormatFlags {
    #[command(flatten)]
    vcf: VcfFlags,
    #[command(flatten)]
    annotations: AnnotationFlags,
    #[command(flatten)]
    tsv: ReadFlags,
    /// The JSON of `aws omics start-annotation-import-job --cli-input-json`, whose formatOptions
    /// and annotationFields say how to read
    #[arg(long, value_name = "FILE")]
    pub request: Option<String>,
}

/// The API's `vcfOptions` as flags.
#[derive(Args, Clone, Copy, Debug, Default)]
struct VcfFlags {
    /// VCF: store null instead of QUAL
    #[arg(long)]
    ignore_qual_field: bool,
    /// VCF: store null instead of FILTER
    #[arg(long)]
    ignore_filter_field: bool,
}

impl VcfFlags {
    /// Whether any was given.
    fn is_given(self) -> bool {
        self.ignore_qual_field || self.ignore_filter_field
    }

    /// The options of a request with the flags in force as well.
    fn over(self, requested: VcfOptions) -> FormatOptions {
        FormatOptions::Vcf(VcfOptions {
            ignore_qual_field: self.ignore_qual_field || requested.ignore_qual_field,
            ignore_filter_field: self.ignore_filter_field || requested.ignore_filter_field,
        })
    }
}

/// The API's `readOptions` as flags. Giving any of them replaces all defaults of the service, as in
/// the API.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "TSV read options (any of them replaces ALL defaults: \
                         then sep is a comma, header false)")]
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
    /// Whether any was given.
    fn is_given(&self) -> bool {
        self.options(ReadOptions::default()) != ReadOptions::default()
    }

    /// The options of a request, where there are any, with the flags in their place.
    fn over(&self, requested: Option<ReadOptions>) -> FormatOptions {
        FormatOptions::Tsv(Some(self.options(requested.unwrap_or_default())))
    }

    fn options(&self, requested: ReadOptions) -> ReadOptions {
        ReadOptions {
            sep: self.sep.clone().or(requested.sep),
            encoding: self.encoding.clone().or(requested.encoding),
            quote: self.quote.clone().or(requested.quote),
            quote_all: self.quote_all.or(requested.quote_all),
            escape: self.escape.clone().or(requested.escape),
            escape_quotes: self.escape_quotes.or(requested.escape_quotes),
            comment: self.comment.clone().or(requested.comment),
            header: self.header.or(requested.header),
            line_sep: self.line_sep.clone().or(requested.line_sep),
        }
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
    /// What was given for files of a format, by a request or by flags. Flags of another format are
    /// refused.
    pub fn given(&self, request: Option<&Request>, format: StoreFormat) -> Result<Given> {
        let requested = request.and_then(Request::format_options);
        let mut annotations =
            request.map(|it| Annotations::of_request(it.annotation_fields())).unwrap_or_default();
        let given = match (self.tsv.is_given(), self.vcf.is_given()) {
            (false, false) => requested,
            (true, true) => return Err(two_formats()),
            (true, false) => match requested {
                Some(FormatOptions::Tsv(read)) => Some(self.tsv.over(read)),
                None => Some(self.tsv.over(None)),
                Some(FormatOptions::Vcf(_)) => return Err(two_formats()),
            },
            (false, true) => match requested {
                Some(FormatOptions::Vcf(vcf)) => Some(self.vcf.over(vcf)),
                None => Some(self.vcf.over(VcfOptions::default())),
                Some(FormatOptions::Tsv(_)) => return Err(two_formats()),
            },
        };
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
}

fn two_formats() -> Error {
    Error::invalid("there are options of two formats").with_help("give those of one format")
}
