//! The line that says the version of a file, `##fileformat=VCFv4.2`.

use super::header::HeaderReader;
use crate::diagnostic::rules::vcf_header as rule;

impl HeaderReader<'_> {
    /// Says that no line says the version; where the file has no header, `next_line` is its first.
    pub(super) fn missing_version(&mut self, next_line: &[u8]) {
        let first = self.first.take();
        let line = first.as_deref().unwrap_or(next_line);
        let absent = self.header.is_absent();
        self.findings.add(&rule::MISSING_FILEFORMAT, 1, line, 0..line.len().min(40), || {
            let message = "the first line has to be `##fileformat=VCFv4.x`";
            if absent {
                format!("this does not look like VCF: {message}")
            } else {
                message.to_owned()
            }
        });
    }

    /// A line that says the version, wherever it stands. The last one holds that says one of VCF 4.
    pub(super) fn version_line(&mut self, line: &[u8], at: usize) {
        let text = String::from_utf8_lossy(&line[at..]);
        let version = text.trim();
        let numbers = version.strip_prefix("VCFv").and_then(|it| it.split_once('.'));
        let numbers =
            numbers.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        if let Some(first) = self.version_line {
            let message = || format!("the fileformat stands in line {first} already");
            self.add(&rule::REPEATED_FILEFORMAT, line, 0..line.len(), message);
            if let known @ Some((4, 0..=5)) = numbers {
                self.header.version = known;
            }
        } else {
            self.header.version = numbers;
            self.version_line = Some(self.header.lines);
            if self.header.lines > 1 {
                let message = || "the fileformat line is not the first".to_owned();
                self.add(&rule::FILEFORMAT_NOT_FIRST, line, 0..line.len(), message);
            }
        }
        let is_known = numbers.is_some_and(|(major, minor)| {
            major == 4_u32 && minor <= 5_u32 && version == format!("VCFv{major}.{minor}")
        });
        let range = at..line.len();
        if !is_known {
            self.add(&rule::UNKNOWN_VERSION, line, range, || {
                format!("`{version}` is no version of VCF 4; it is read as VCF 4.2")
            });
        } else if numbers.is_some_and(|it| it.1 > 3) {
            self.add(&rule::UNSUPPORTED_VERSION, line, range, || {
                format!("the service's reader knows VCF 4.0 to 4.3, not {version}")
            });
        } else if line != format!("##fileformat={version}").as_bytes() {
            let message = || "there are blanks in the fileformat line".to_owned();
            self.add(&rule::LOOSE_HEADER_LINE, line, 0..line.len(), message);
        }
    }
}
