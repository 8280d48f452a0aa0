//! What is asked of an export, and what it tells.

use std::path::{Path, PathBuf};

use crate::emit::{Target, endings};
use crate::model::{Error, Result, StoreFormat};

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExportForm {
    /// Lines.
    Lines(Target),
    /// Parquet.
    Parquet,
}

impl ExportForm {
    /// What a path ends in; an error, with the endings that there are, where that is no form.
    pub fn named_by(path: &Path) -> Result<Self> {
        if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("parquet")) {
            return Ok(Self::Parquet);
        }
        let help = || format!("let it end in {}, .parquet", endings());
        Target::named_by(path).map(Self::Lines).map_err(|error| error.with_help(help()))
    }

    /// All forms.
    pub fn all() -> impl Iterator<Item = Self> {
        Target::all().map(Self::Lines).chain([Self::Parquet])
    }

    /// What names of its files end in.
    pub fn name(self) -> String {
        match self {
            Self::Lines(target) => target.name(),
            Self::Parquet => "parquet".to_owned(),
        }
    }

    /// This form in a file of a name: an error where the name ends in that of another form.
    /// It is compressed where the name ends in `.gz`.
    pub fn at(self, path: &Path) -> Result<Self> {
        let named = Self::named_by(path).ok();
        let is_gz = ["gz", "bgz"].into_iter().any(|it| path.extension().is_some_and(|of| of == it));
        match (self, named) {
            (Self::Parquet, Some(Self::Parquet)) => Ok(self),
            (Self::Lines(asked), Some(Self::Lines(named)))
                if asked.form == named.form && asked.compressed <= named.compressed =>
            {
                Ok(Self::Lines(named))
            }
            (Self::Lines(Target { form, compressed }), None) if form.takes_gz => {
                Ok(Self::Lines(Target { form, compressed: compressed || is_gz }))
            }
            (_, None) if !is_gz => Ok(self),
            (_, named) => {
                let of = named.map_or("gz".to_owned(), Self::name);
                let asked = self.name();
                Err(Error::invalid(format!("the output is named .{of}, and --format is {asked}"))
                    .with("file", path.display())
                    .with_help(format!("let its name end in .{asked}, or leave --format out")))
            }
        }
    }

    /// What goes to standard output, where nothing says more: the form that the store takes in.
    pub fn usual(format: StoreFormat) -> Self {
        Self::Lines(Target::plain(match format {
            StoreFormat::Vcf => &crate::emit::VCF,
            StoreFormat::Gff => &crate::emit::GFF3,
            StoreFormat::Tsv => &crate::emit::TSV,
        }))
    }
}

/// Which rows and columns of a version go out.
#[derive(Clone, Debug, Default)]
pub struct ExportRequest {
    /// Regions that rows overlap one of, as people write them; all rows where there are none.
    pub regions: Vec<String>,
    /// A condition in SQL.
    pub condition: Option<String>,
    /// The columns, or INFO keys; all where there are none.
    pub columns: Vec<String>,
}

/// What went out.
#[derive(Debug, Default)]
pub struct Exported {
    /// Rows of the version.
    pub rows: u64,
    /// Where the index is.
    pub index: Option<PathBuf>,
    /// What is to be told, in words.
    pub notes: Vec<String>,
}
