//! What a person should know about the options that were found.

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

    /// All of them, in the order in which they came.
    pub fn take(self) -> Vec<String> {
        self.0
    }
}
