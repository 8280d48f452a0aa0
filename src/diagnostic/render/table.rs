//! Tables for people: columns side by side, each as wide as what is in it.

use comfy_table::{CellAlignment, Table, presets};

/// Rows below their head, without borders. The columns `numbers` stand at the right.
pub fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    numbers: &[usize],
) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(head).add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
        if numbers.contains(&column.index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let row = |a: &str, b: &str, c: &str| [a, b, c].map(str::to_owned);
        let head = ["NAME", "ROWS", "TEXT"];
        assert_eq!(table(head, [], &[1]), "NAME  ROWS  TEXT\n");
        assert_eq!(
            table(head, [row("clinvar", "12,345", " x  y"), row("é", "7", "")], &[1]),
            "NAME       ROWS  TEXT\nclinvar  12,345   x  y\né             7\n"
        );
    }
}
