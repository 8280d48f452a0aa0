//! The JSON of a request, as the options of a store and as the start of an import.
#![no_main]

use annostore::check::request::{Destination, Purpose, check};
use annostore::diagnostic::render::{Style, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &str| {
    for purpose in [Purpose::Store, Purpose::Import, Purpose::Both] {
        let request = check("input.json", json, purpose, Destination::default());
        // Every place that a finding names has to be in the text, so that it can be drawn.
        text::render_request(&request.report, Style::PLAIN);
    }
});
