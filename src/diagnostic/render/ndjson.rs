//! A report as lines of JSON: one for each finding that is kept, as it comes, and the last about
//! all files. What a line has is what the members of the same names have in the form `json`.

use std::io::{self, Write};
use std::mem;

use serde_json::{Value, json};

use super::form::{Form, Renderer, Style};
use super::json;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::model::Error;

/// For programs that read line by line.
pub static FORM: Form = Form {
    name: "ndjson",
    summary: "A line of JSON for each finding, the last one about all files",
    is_binary: false,
    begin: |_: Style| Box::new(LineByLine::default()),
};

/// What the last line will say.
#[derive(Default)]
struct LineByLine {
    requests: Vec<Value>,
    files: Vec<Value>,
}

impl Renderer for LineByLine {
    fn request(&mut self, report: &RequestReport, out: &mut dyn Write) -> io::Result<()> {
        self.requests.push(json::request_head(report));
        lines(report, out)
    }

    fn file(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        self.files.push(json::file_head(report));
        lines(report, out)
    }

    fn unchecked(&mut self, file: &str, why: &Error, _: &mut dyn Write) -> io::Result<()> {
        self.files.push(json::unchecked(file, why));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let document = json::document(mem::take(&mut self.requests), mem::take(&mut self.files));
        json::write_line(&joined(json!({ "type": "summary" }), document), out)
    }
}

fn lines(report: &dyn Judged, out: &mut dyn Write) -> io::Result<()> {
    for it in report.findings().kept() {
        let value =
            joined(json!({ "type": "finding", "file": report.file() }), json::finding(report, it));
        json::write_line(&value, out)?;
    }
    Ok(())
}

/// An object with the members of another one behind its own.
fn joined(mut value: Value, members: Value) -> Value {
    if let (Some(value), Value::Object(members)) = (value.as_object_mut(), members) {
        value.extend(members);
    }
    value
}
