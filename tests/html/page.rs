//! A page taken apart: what of it is not well-formed, and its tables.

/// A table of the page.
#[derive(Debug, Default)]
pub struct Table {
    /// What is in it.
    pub caption: String,
    /// The cells of each row, with the head.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The row that begins with a name.
    #[track_caller]
    pub fn row(&self, name: &str) -> &[String] {
        let found = self.rows.iter().find(|it| it[0] == name);
        found.unwrap_or_else(|| panic!("no row {name}: {:?}", self.rows))
    }
}

/// The tables of a page whose elements are all closed in their order, and whose attributes are all
/// quoted.
#[track_caller]
pub fn tables(page: &str) -> Vec<Table> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("it begins with its type");
    let (mut open, mut tables): (Vec<&str>, Vec<Table>) = (Vec::new(), Vec::new());
    while let Some((text, behind)) = rest.split_once('<') {
        add_text(&mut tables, &open, text);
        let (tag, behind) = behind.split_once('>').expect("a tag ends");
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "before {}", start(rest));
            continue;
        }
        let is_closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        check_attributes(attributes);
        match name {
            "table" => tables.push(Table::default()),
            "tr" => tables.last_mut().unwrap().rows.push(Vec::new()),
            "th" | "td" => {
                let row = tables.last_mut().unwrap().rows.last_mut().unwrap();
                row.push(String::new());
            }
            _ => {}
        }
        if !is_closed {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {}", start(rest));
    tables
}

fn start(text: &str) -> &str {
    let end = text.char_indices().nth(200).map_or(text.len(), |it| it.0);
    &text[..end]
}

/// `name="value"`, again and again.
#[track_caller]
fn check_attributes(attributes: &str) {
    let mut rest = attributes.trim();
    while !rest.is_empty() {
        let (name, behind) = rest.split_once("=\"").unwrap_or_else(|| panic!("{attributes}"));
        let is_name = |it: char| it.is_ascii_alphanumeric() || "-:".contains(it);
        assert!(name.chars().all(is_name) && !name.starts_with("on"), "{attributes}");
        let (_, behind) = behind.split_once('"').unwrap_or_else(|| panic!("{attributes}"));
        rest = behind.trim_start();
    }
}

fn add_text(tables: &mut [Table], open: &[&str], text: &str) {
    // Whoever writes `&` means a reference.
    for reference in text.split('&').skip(1) {
        let name = reference.split_once(';').map(|it| it.0);
        let known = ["amp", "lt", "gt", "quot", "apos", "#38", "#60", "#62", "#34", "#39"];
        assert!(name.is_some_and(|it| known.contains(&it)), "{}", start(reference));
    }
    let Some(table) = tables.last_mut() else { return };
    if open.contains(&"caption") {
        table.caption += text;
    } else if open.contains(&"th") || open.contains(&"td") {
        *table.rows.last_mut().unwrap().last_mut().unwrap() += text;
    }
}
