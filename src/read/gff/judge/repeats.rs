//! Attributes that come twice to the service: it splits at `;` and `=` whatever stands there, takes
//! no blanks off, and looks neither at case nor at underscores.

use std::ops::Range;

use crate::diagnostic::printable;
use crate::diagnostic::rules::gff_attribute as rule;
use crate::read::gff::tag::fold;
use crate::read::report::LineReport;

/// Reports tags that the service cannot make a map of.
pub fn judge(report: &mut LineReport, line: &[u8], column: Range<usize>) {
    let mut tags = Vec::new();
    let mut at = column.start;
    while at <= column.end {
        let end = memchr::memchr(b';', &line[at..column.end]).map_or(column.end, |it| at + it);
        let equals = memchr::memchr(b'=', &line[at..end]).map(|it| at + it);
        let tag = at..equals.unwrap_or(end);
        // Entries of nothing are another finding's.
        if equals.is_some() || !line[tag.clone()].trim_ascii().is_empty() {
            tags.push((fold(&line[tag.clone()]), tag));
        }
        at = end + 1;
    }
    let text = |it: &(u64, Range<usize>)| &line[it.1.clone()];
    tags.sort_by(|a, b| (a.0, text(a), a.1.start).cmp(&(b.0, text(b), b.1.start)));
    for pair in tags.windows(2) {
        let [one, other] = pair else { continue };
        if one.0 != other.0 {
            continue;
        }
        let name = |it| printable(text(it).trim_ascii(), 40);
        let (earlier, later) =
            if one.1.start < other.1.start { (one, other) } else { (other, one) };
        let shown = {
            let blanks = text(later).len() - text(later).trim_ascii_start().len();
            let start = later.1.start + blanks;
            start..start + text(later).trim_ascii().len()
        };
        if text(one) == text(other) {
            report.add(&rule::DUPLICATE_TAG, line, shown, || {
                format!("attribute {} comes twice", name(later))
            });
        } else {
            report.add(&rule::COLLIDING_TAGS, line, shown, || {
                let names = [name(earlier), name(later)];
                format!("the service cannot tell the tags {} apart", names.join(" and "))
            });
        }
    }
}
