//! What is known of few of many columns: a header may declare a million keys of INFO, of which the
//! records of a chunk have a handful.

/// A value for each column that has been met, side by side.
#[derive(Debug)]
pub struct ByColumn<T> {
    /// For each column how many values there were with its own, 0 where it has none: pages of it
    /// that nobody looks at take no memory.
    ranks: Vec<u32>,
    /// The values, in the order in which their columns were met.
    pub met: Vec<T>,
}

impl<T> ByColumn<T> {
    /// None yet, of so many columns.
    pub fn new(columns: usize) -> Self {
        Self { ranks: vec![0; columns], met: Vec::new() }
    }

    /// Where the value of a column stands among those that were met; it is made for the first that
    /// asks. None for a column that there is not.
    #[inline]
    pub fn place(&mut self, column: usize, make: impl FnOnce() -> T) -> Option<usize> {
        let rank = self.ranks.get_mut(column)?;
        if *rank == 0 {
            self.met.push(make());
            *rank = u32::try_from(self.met.len()).ok()?;
        }
        Some(*rank as usize - 1)
    }
}
