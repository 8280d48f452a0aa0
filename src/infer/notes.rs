//! What a person should know about the options that were found.

/// Names that a note lists.
const LISTED: usize = 5;

/// Notes as they come up.
#[derive(Default)]
pub struct Notes(Vec<String>);

impl Notes {
    /// Adds a note, unless it is there.
    pub fn add(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// Adds a note that lists a few of many, if there are any.
    pub fn list(&mut self, what: &str, mut items: impl Iterator<Item = String>) {
        let shown: Vec<String> = items.by_ref().take(LISTED).collect();
        let more = items.count();
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        if !shown.is_empty() {
            self.add(format!("{what}: {}{rest}", shown.join(", ")));
        }
    }

    /// All of them, in the order in which they came.
    pub fn take(self) -> Vec<String> {
        self.0
    }
}
