//! `--annotation-fields`.

use std::collections::BTreeMap;

use clap::Args;

use crate::model::{AnnotationFields, Error, Result};

/// The API's `annotationFields` as a flag.
#[derive(Args, Clone, Debug, Default)]
pub struct AnnotationFlags {
    /// VCF: the INFO keys with the annotations of VEP and `SnpEff`, as VEP=CSQ,ANN=EFF, or `none`
    /// [default: CSQ and ANN or EFF, where the header has them as these programs write them]
    #[arg(long, value_name = "KEY=ID,...")]
    annotation_fields: Option<String>,
}

/// Where annotations are, and how the API says it.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// For the reader.
    pub fields: AnnotationFields,
    /// The API's member, for the job of an import.
    #[cfg_attr(not(feature = "store"), expect(dead_code))]
    pub member: BTreeMap<String, String>,
}

impl Annotations {
    /// What a request says.
    pub fn of_request(member: BTreeMap<String, String>) -> Self {
        Self { fields: AnnotationFields::of_request(&member), member }
    }
}

impl AnnotationFlags {
    /// What the flag says; none where it was not given.
    pub fn annotations(&self) -> Result<Option<Annotations>> {
        let Some(text) = &self.annotation_fields else { return Ok(None) };
        if text == "none" {
            return Ok(Some(Annotations {
                fields: AnnotationFields::none(),
                ..Default::default()
            }));
        }
        let pair = |it: &str| match it.split_once('=') {
            Some((key, id)) if !id.is_empty() => Ok((key.to_owned(), id.to_owned())),
            _ => Err(wrong(it)),
        };
        let found = Annotations::of_request(text.split(',').map(pair).collect::<Result<_>>()?);
        match found.fields.unknown.first() {
            Some(unknown) => Err(wrong(unknown)),
            None => Ok(Some(found)),
        }
    }
}

fn wrong(part: &str) -> Error {
    let message = format!("--annotation-fields has `{}`", part.escape_debug());
    Error::invalid(message).with_help(
        "write VEP=ID for the INFO key of VEP, ANN=ID for that of SnpEff, or `none`, \
         for example VEP=CSQ",
    )
}
