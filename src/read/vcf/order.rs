//! Order and duplicates of a VCF file: what only the whole file shows. Each chunk says where its
//! records lie, and the chunks are put together in file order, so that neither threads nor chunks
//! show in the result.

use std::collections::HashSet;

use super::file::Chunk;
use super::sites::Site;
use crate::diagnostic::Findings;
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::Location;
use crate::read::{Parsed, Totals};

/// Alleles that a record is compared with at most: those above it that it could be equal to.
const WINDOW: usize = 256;

/// What the chunks so far say together.
#[derive(Debug, Default)]
pub struct Order {
    seen: HashSet<Box<[u8]>>,
    contig: Box<[u8]>,
    /// Line and position of the record above.
    last: Option<(u64, u32)>,
    /// The alleles above whose change may come again, with the line of the file that has each.
    window: Vec<(Site, u64)>,
    /// [`Totals::bcf_header`]
    bcf_header: Option<u64>,
}

impl Order {
    /// Judges the file that these are the first lines of.
    pub fn of(first: &Totals) -> Self {
        Self { bcf_header: first.bcf_header(), ..Self::default() }
    }

    /// Judges the next chunk, and puts what it shows among the chunk's findings.
    pub fn judge<G, S>(&mut self, parsed: &mut Parsed<Chunk<G, S>>) {
        let mut findings = Findings::from(parsed.findings.keep());
        let (sites, lines) = (&parsed.output.sites, parsed.lines_before);
        for (index, (contig, start)) in sites.contigs.iter().enumerate() {
            let end = sites.contigs.get(index + 1).map_or(sites.sites.len(), |it| it.1);
            let Some(stretch) = sites.sites.get(*start..end) else { continue };
            self.begin(contig, stretch, &mut findings);
            for site in stretch {
                self.site(*site, lines, &mut findings);
            }
        }
        parsed.findings.merge(findings);
    }

    fn begin(&mut self, contig: &[u8], stretch: &[Site], findings: &mut Findings) {
        if *self.contig == *contig && self.last.is_some() {
            return;
        }
        let is_known = !self.seen.insert(contig.into());
        if let Some(first) = stretch.first().filter(|_| is_known) {
            let name = String::from_utf8_lossy(contig);
            let at = Location { line: first.line, column: 1 };
            let message =
                format!("other records of contig `{name}` stand further up, above another contig");
            findings.add_at(&rule::CONTIG_SPLIT, at, &name, message);
        }
        self.contig = contig.into();
        self.last = None;
        self.window.clear();
    }

    fn site(&mut self, site: Site, lines: u64, findings: &mut Findings) {
        let line = lines + site.line;
        let at = Location { line: site.line, column: 1 };
        let position = site.position;
        match self.last {
            // Another allele of the same record.
            Some((last, _)) if last == line => {}
            Some((_, above)) => {
                if position < above {
                    let (rule, value) = (&rule::POSITION_OUT_OF_ORDER, position.to_string());
                    findings.add_at(
                        rule,
                        at,
                        &value,
                        format!("POS {position} comes after {above}"),
                    );
                }
                self.window.retain(|it| it.0.changed >= position);
            }
            None => {}
        }
        self.last = Some((line, position));
        if site.change == 0 {
            return;
        }
        let equal = |it: &&(Site, u64)| {
            it.0.change == site.change && it.0.changed == site.changed && it.1 != line
        };
        if let Some((_, first)) = self.window.iter().find(equal) {
            let place = match self.bcf_header {
                Some(header) => format!("record {}", first.saturating_sub(header)),
                None => format!("line {first}"),
            };
            let message = format!("the same variant stands in {place} already");
            findings.add_at(&rule::DUPLICATE_RECORD, at, &position.to_string(), message);
        }
        if self.window.len() == WINDOW {
            self.window.remove(0);
        }
        self.window.push((site, line));
    }
}
