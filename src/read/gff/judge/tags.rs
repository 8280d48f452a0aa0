//! Tags that the specification does not know.

use std::ops::Range;

use crate::diagnostic::printable;
use crate::diagnostic::rules::gff_attribute as rule;
use crate::read::gff::tag::Tag;
use crate::read::report::LineReport;

/// Judges a tag that is none of the known ones.
pub fn judge(report: &mut LineReport, line: &[u8], tag: Range<usize>) {
    let text = &line[tag.clone()];
    let name = || printable(text, 40);
    // What stands behind a blank is another finding's.
    let after_blank = tag.start.checked_sub(1).is_some_and(|it| line[it] == b' ');
    if let Some(meant) = Tag::in_service(text) {
        report.add(&rule::SIMILAR_TAG, line, tag, || {
            format!("tag {} is not {}, which the service takes it for", name(), meant.as_str())
        });
    } else if text.first().is_some_and(u8::is_ascii_uppercase) && !after_blank {
        report.add(&rule::RESERVED_TAG, line, tag, || {
            format!("tag {} begins with a capital letter, but is not known", name())
        });
    }
}
