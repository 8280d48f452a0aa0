//! What members may be that several requests have.

use crate::model::shape::{Form, Shape};
use crate::model::status::ResourceStatus;
use crate::model::{Name, pattern};

use Form::{Any, Of};
use Shape::{List, Map, Number, Text, Word};

/// Tags that a resource may have.
pub const MAX_TAGS: usize = 50;

pub(super) const NAME: Shape = Text(
    Name::LENGTH,
    Of(
        |it| Name::new("name", it).is_ok(),
        "lower-case letters, digits and underscores, beginning with a letter",
    ),
);
pub(super) const DESCRIPTION: Shape = Text(0..=500, Any);
pub(super) const TAGS: Shape = Map(&TAG_KEY, &Text(0..=256, Any), 0..=MAX_TAGS);
pub(super) const TAG_KEY: Shape = Text(1..=128, Any);
pub(super) const ARN: Shape = Text(
    1..=usize::MAX,
    Of(
        pattern::is_arn,
        "an ARN such as arn:aws:omics:us-east-1:000000000000:annotationStore/clinvar",
    ),
);
/// The ARN of a reference.
pub const REFERENCE_ARN: Shape = Text(
    1..=127,
    Of(
        pattern::is_arn,
        "an ARN such as \
         arn:aws:omics:us-east-1:000000000000:referenceStore/1234567890/reference/1234567890",
    ),
);
pub(super) const IDS: Shape = List(&Text(1..=50, Any), 1..=20);
pub(super) const RESOURCE_STATUS: Shape = Word(ResourceStatus::WORDS);
pub(super) const MAX_RESULTS: Shape = Number(1..=100);
pub(super) const NEXT_TOKEN: Shape = Text(1..=10_000, Any);
