//! Patterns of Teradata: `yyyy/mm/dd hh24:mi:ss`, in lower case.

use datafusion::common::{Result, exec_err};

use super::formats::{Field, Item};

/// The items of a pattern.
pub fn items(pattern: &str) -> Result<Vec<Item>> {
    const ITEMS: [(&str, Item); 8] = [
        ("yyyy", Item::Number(Field::Year, 4, 4)),
        ("yy", Item::ShortYear(Field::Year)),
        ("mm", Item::Number(Field::Month, 2, 2)),
        ("dd", Item::Number(Field::Day, 2, 2)),
        ("hh24", Item::Number(Field::Hour, 2, 2)),
        ("hh", Item::Number(Field::HalfHour, 2, 2)),
        ("mi", Item::Number(Field::Minute, 2, 2)),
        ("ss", Item::Number(Field::Second, 2, 2)),
    ];
    let mut items = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if let Some((name, item)) = ITEMS.iter().find(|(name, _)| rest.starts_with(name)) {
            items.push(item.clone());
            rest = &rest[name.len()..];
        } else if first.is_whitespace() || "-/,.;:".contains(first) {
            items.push(Item::Text(first.to_string()));
            rest = &rest[first.len_utf8()..];
        } else {
            return exec_err!(
                "the pattern `{pattern}` goes on with `{first}`, where yyyy, yy, mm, dd, hh24, hh, \
                 mi, ss or a sign between them was expected"
            );
        }
    }
    Ok(items)
}
