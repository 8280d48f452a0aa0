//! The reports of a run as one page for a browser: no script, nothing from elsewhere, and as much
//! of it as a person can read, however many findings there are.
//!
//! The page is XML as well as HTML: every element is closed.

mod compare;
mod contents;
mod escape;
mod findings;
mod places;
mod plot;
mod section;

use std::io::{self, Write};
use std::mem;

use askama::Template;

use super::form::{Form, Renderer};
use crate::diagnostic::report::{Report, RequestReport};
use crate::model::Error;

use compare::{Comparison, Facts};
use section::Section;

/// For colleagues.
pub static FORM: Form = Form {
    name: "html",
    summary: "A page for a browser, with plots, in one file",
    is_binary: false,
    begin: |_| Box::new(Html::default()),
};

/// Collects what the page shows of the reports of a run.
#[derive(Default)]
struct Html {
    sections: Vec<Section>,
    facts: Vec<Facts>,
}

/// The page.
#[derive(Template)]
#[template(path = "report/page.html")]
struct Page {
    title: String,
    version: &'static str,
    comparison: Option<Comparison>,
    sections: Vec<Section>,
}

impl Html {
    fn add(&mut self, make: impl FnOnce(String) -> Section) {
        let id = format!("part-{}", self.sections.len() + 1);
        self.sections.push(make(id));
    }

    /// The page, which has what was added.
    fn page(&mut self) -> Page {
        let sections = mem::take(&mut self.sections);
        let title = match &sections[..] {
            [only] => format!("{}: {}", only.name, only.verdict),
            several => format!("{} files checked", several.len()),
        };
        let comparison = Comparison::of(&mem::take(&mut self.facts));
        Page { title, version: env!("CARGO_PKG_VERSION"), comparison, sections }
    }
}

impl Renderer for Html {
    fn request(&mut self, report: &RequestReport, _: &mut dyn Write) -> io::Result<()> {
        self.add(|id| section::of_request(id, report));
        Ok(())
    }

    fn file(&mut self, report: &Report, _: &mut dyn Write) -> io::Result<()> {
        self.facts.push(compare::facts(report));
        self.add(|id| section::of_file(id, report));
        Ok(())
    }

    fn unchecked(&mut self, file: &str, why: &Error, _: &mut dyn Write) -> io::Result<()> {
        self.add(|id| section::of_unchecked(id, file, why));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.page().write_into(out)
    }
}

/// A plot with the numbers that are in it.
struct Figure {
    heading: &'static str,
    /// What is in it, in a sentence or two.
    told: String,
    /// The drawing, as it stands in the page; empty where there is nothing to draw.
    svg: String,
    numbers: Numbers,
}

/// A table.
#[derive(Default)]
struct Numbers {
    /// What the columns are; all but the first are numbers.
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// What the table leaves out.
    more: String,
}

impl Figure {
    fn is_wide(&self) -> bool {
        self.svg.starts_with("<svg class=\"plot wide\"")
    }
}
