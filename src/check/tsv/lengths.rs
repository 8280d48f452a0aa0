//! Whether rows are as long as their REF, which shows where positions begin.

/// What the rows show, in the counting that the store has for them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lengths {
    rows: u64,
    /// As long as REF.
    fitting: u64,
    /// A base longer, as where positions begin at 0 but are taken to begin at 1.
    longer: LikeRows,
    /// A base shorter, as where they begin at 1 but are taken to begin at 0.
    shorter: LikeRows,
    /// Without a base.
    empty: LikeRows,
}

/// Rows that are alike in this.
#[derive(Clone, Copy, Debug, Default)]
struct LikeRows {
    rows: u64,
    /// The line of the first.
    first: u64,
}

impl LikeRows {
    fn add(&mut self, rows: u64, line: u64) {
        if self.rows == 0 {
            self.first = line;
        }
        self.rows += rows;
    }

    fn merge(&mut self, later: Self, lines: u64) {
        if later.rows > 0 {
            self.add(later.rows, lines + later.first);
        }
    }
}

impl Lengths {
    /// Adds a row of so many bases, whose REF has so many, where it is one.
    pub fn add(&mut self, line: u64, length: i64, reference: Option<i64>) {
        self.rows += 1;
        if length == 0 {
            self.empty.add(1, line);
        }
        match reference.map(|it| length - it) {
            Some(0) => self.fitting += 1,
            Some(1) => self.longer.add(1, line),
            Some(-1) => self.shorter.add(1, line),
            _ => {}
        }
    }

    /// Adds what the next chunk shows, before which the file has so many lines.
    pub fn merge(&mut self, later: &Self, lines: u64) {
        self.rows += later.rows;
        self.fitting += later.fitting;
        self.longer.merge(later.longer, lines);
        self.shorter.merge(later.shorter, lines);
        self.empty.merge(later.empty, lines);
    }

    /// What speaks against the first position that the store takes, and the first line that does.
    pub fn contradiction(&self, is_zero_based: bool) -> Option<(u64, String)> {
        let (other, here, there) =
            if is_zero_based { (self.shorter, 0, 1) } else { (self.longer, 1, 0) };
        if other.rows > self.fitting {
            let message = format!(
                "{} rows are as long as their REF if positions begin at {there}, and {} if they \
                 begin at {here}, as the annotation type says",
                other.rows, self.fitting
            );
            return Some((other.first, message));
        }
        let has_alleles = self.fitting + self.longer.rows + self.shorter.rows > 0;
        if !is_zero_based || has_alleles || 2 * self.empty.rows <= self.rows {
            return None;
        }
        let message = format!(
            "{} of {} rows end where they start: they are empty if positions begin at 0, as the \
             annotation type says, and single bases if they begin at 1",
            self.empty.rows, self.rows
        );
        Some((self.empty.first, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[(i64, Option<i64>)]) -> Lengths {
        let mut lengths = Lengths::default();
        for (line, (length, reference)) in (2..).zip(rows) {
            lengths.add(line, *length, *reference);
        }
        lengths
    }

    #[test]
    fn most_rows_decide() {
        let longer = of(&[(2, Some(1)), (4, Some(3)), (7, Some(7)), (9, None)]);
        assert_eq!(longer.contradiction(false).unwrap().0, 2);
        assert_eq!(longer.contradiction(true), None);
        let shorter = of(&[(1, Some(1)), (0, Some(1)), (2, Some(3))]);
        assert_eq!(shorter.contradiction(true).unwrap().0, 3);
        assert_eq!(of(&[(5, Some(1)), (1, Some(1))]).contradiction(false), None);
    }

    #[test]
    fn empty_rows_show_it_where_there_are_no_alleles() {
        let empty = of(&[(4, None), (0, None), (0, None)]);
        assert_eq!(empty.contradiction(true).unwrap().0, 3);
        assert_eq!(empty.contradiction(false), None);
        assert_eq!(of(&[(4, None), (0, None)]).contradiction(true), None);
    }

    #[test]
    fn chunks_add_up() {
        let mut all = Lengths::default();
        all.merge(&of(&[(1, Some(1))]), 0);
        all.merge(&of(&[(2, Some(1)), (3, Some(2))]), 10);
        assert_eq!(all.contradiction(false).unwrap().0, 12);
    }
}
