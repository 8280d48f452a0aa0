//! Values that are not of the type that the header gives their key.

/// How many there are, and the first of them.
#[derive(Debug, Default)]
pub struct Misfits {
    count: u64,
    first: Option<String>,
}

impl Misfits {
    /// Notes a value of a key.
    #[cold]
    pub fn note(&mut self, key: &[u8], value: &[u8]) {
        self.count += 1;
        let words = || {
            let value = String::from_utf8_lossy(&value[..value.len().min(40)]).into_owned();
            format!("{}={value}", String::from_utf8_lossy(key))
        };
        self.first.get_or_insert_with(words);
    }

    /// Adds those of the lines behind.
    pub fn add(&mut self, later: Self) {
        self.count += later.count;
        self.first = self.first.take().or(later.first);
    }

    /// What is to be told of them.
    pub fn told(self) -> Option<String> {
        let first = self.first?;
        let values = if self.count == 1 { "value is" } else { "values are" };
        Some(format!(
            "{} {values} missing, not being of the type that the header gives: {first}",
            self.count
        ))
    }
}
