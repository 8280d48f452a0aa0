//! Tables for people: columns side by side, each as wide as what is in it.

use comfy_table::{CellAlignment, Table, presets};

/// Rows below their head, without borders. The columns `numbers` stand at the right.
pub fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    numbers: &[usize],
) -> String {
    let columns: Vec<usize> = (0..N).collect();
    let rows: Vec<_> = rows.into_iter().collect();
    drawn(&columns, &head, &rows, numbers)
}

/// Such a table in so many columns of a terminal: where it is wider, the columns `droppable` are
/// left out, one by one.
pub fn fitting<const N: usize>(
    head: [&str; N],
    rows: &[[String; N]],
    numbers: &[usize],
    width: usize,
    droppable: &[usize],
) -> String {
    let mut dropped = 0;
    loop {
        let is_left = |it: &usize| !droppable[..dropped].contains(it);
        let columns: Vec<usize> = (0..N).filter(is_left).collect();
        let text = drawn(&columns, &head, rows, numbers);
        let fits = text.lines().all(|it| it.chars().count() <= width);
        if fits || dropped == droppable.len() {
            return text;
        }
        dropped += 1;
    }
}

/// The table of some columns.
fn drawn<const N: usize>(
    columns: &[usize],
    head: &[&str; N],
    rows: &[[String; N]],
    numbers: &[usize],
) -> String {
    let mut table = Table::new();
    let chosen = |row: &[String; N]| columns.iter().map(|it| row[*it].clone()).collect::<Vec<_>>();
    let head: Vec<&str> = columns.iter().map(|it| head[*it]).collect();
    table.load_preset(presets::NOTHING).set_header(head).add_rows(rows.iter().map(chosen));
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if columns.get(index).is_some_and(|it| numbers.contains(it)) {
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

    #[test]
    fn columns_are_left_out_where_there_is_no_room() {
        let rows = [["a", "bbbb", "7"].map(str::to_owned)];
        let within = |width| fitting(["A", "B", "C"], &rows, &[2], width, &[1, 0]);
        assert_eq!(within(10), "A  B     C\na  bbbb  7\n");
        assert_eq!(within(9), "A  C\na  7\n");
        assert_eq!(within(1), "C\n7\n");
        assert_eq!(within(0), "C\n7\n");
    }
}
