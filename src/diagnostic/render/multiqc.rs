//! Sections of a `MultiQC` report, as custom content: a table with a row for each file, and a plot
//! with a bar for each. A file of `MultiQC` holds one or the other; both name the same section
//! above them. Names of such files end in `_mqc.json`.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::form::{Form, Renderer, Style};
use super::json::write_pretty;
use super::text::verdict;
use crate::diagnostic::Severity;
use crate::diagnostic::report::{Report, RequestReport};
use crate::model::Error;

/// The table.
pub static TABLE: Form = Form {
    name: "multiqc",
    summary: "A table for MultiQC, a row for each file: name it NAME_mqc.json",
    is_binary: false,
    begin: |_: Style| Box::new(Section::new(table, counts, true)),
};

/// The plot.
pub static PLOT: Form = Form {
    name: "multiqc-plot",
    summary: "A bar plot for MultiQC, a bar for each file: name it NAME_mqc.json",
    is_binary: false,
    begin: |_: Style| Box::new(Section::new(plot, severities, false)),
};

struct Section {
    /// What there is beside the rows.
    settings: fn() -> Value,
    row: fn(&Report) -> Value,
    /// Whether files that cannot be read have a row.
    has_unchecked: bool,
    /// By the names of the files.
    rows: Map<String, Value>,
}

impl Section {
    fn new(settings: fn() -> Value, row: fn(&Report) -> Value, has_unchecked: bool) -> Self {
        Self { settings, row, has_unchecked, rows: Map::new() }
    }
}

impl Renderer for Section {
    /// A request is no sample.
    fn request(&mut self, _: &RequestReport, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, report: &Report, _: &mut dyn Write) -> io::Result<()> {
        self.rows.insert(report.file.clone(), (self.row)(report));
        Ok(())
    }

    fn unchecked(&mut self, file: &str, _: &Error, _: &mut dyn Write) -> io::Result<()> {
        if self.has_unchecked {
            self.rows.insert(file.to_owned(), json!({ "verdict": "it cannot be read" }));
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut section = (self.settings)();
        section["data"] = Value::Object(std::mem::take(&mut self.rows));
        write_pretty(&section, out)
    }
}

/// What both have in common.
fn section(id: &str, name: &str, more: Value) -> Value {
    let mut section = json!({
        "id": id,
        "parent_id": "annostore_check",
        "parent_name": "annostore check",
        "parent_description":
            "What an import of annotation files would do, by what is wrong with them.",
        "section_name": name,
    });
    if let (Some(section), Value::Object(more)) = (section.as_object_mut(), more) {
        section.extend(more);
    }
    section
}

fn table() -> Value {
    let count = |title: &str, description: &str, scale: &str| {
        json!({
            "title": title, "description": description, "scale": scale,
            "min": 0, "format": "{:,.0f}",
        })
    };
    let more = json!({
        "description": "Records, findings, and what would become of each file.",
        "plot_type": "table",
        "pconfig": {
            "id": "annostore_check_table",
            "title": "annostore check: files",
            "col1_header": "File",
        },
        "headers": {
            "verdict": { "title": "Verdict", "description": "What would become of the file" },
            "records": count("Records", "Records that an import stores", "Blues"),
            "rejected": count("Rejected", "Lines that an import cannot store", "Reds"),
            "errors": count("Errors", "Findings of severity error", "Reds"),
            "warnings": count("Warnings", "Findings of severity warning", "Oranges"),
            "notes": count("Notes", "Findings of severity note", "Greys"),
        },
    });
    section("annostore_check_files", "Files", more)
}

fn counts(report: &Report) -> Value {
    json!({
        "verdict": verdict(report),
        "records": report.records,
        "rejected": report.rejected_lines,
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
    })
}

fn plot() -> Value {
    let more = json!({
        "description": "How many findings of each severity each file has.",
        "plot_type": "bargraph",
        "pconfig": {
            "id": "annostore_check_plot",
            "title": "annostore check: findings",
            "ylab": "Findings",
        },
        "categories": {
            "errors": { "name": "Errors", "color": "#c0392b" },
            "warnings": { "name": "Warnings", "color": "#e69f00" },
            "notes": { "name": "Notes", "color": "#7f8c8d" },
        },
    });
    section("annostore_check_findings", "Findings", more)
}

fn severities(report: &Report) -> Value {
    json!({
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
    })
}
