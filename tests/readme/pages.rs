//! The book as a whole: its pages, and what they link to.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::{Folder, pages, root, text};

/// Where the links of a page lead that stay in the repository, in order.
pub fn links(page: &str) -> Vec<String> {
    let text = without_code(page);
    let targets = text.split("](").skip(1).filter_map(|it| it.split(')').next());
    targets.filter(|it| !it.contains("://")).map(str::to_owned).collect()
}

/// A page without blocks and spans of code, in which brackets mean something else.
fn without_code(page: &str) -> String {
    let prose = page.split("```").step_by(2).collect::<String>();
    prose.split('`').step_by(2).collect()
}

/// The names that headings of a page have in links, as mdBook and GitHub make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let prose = page.split("\n```").step_by(2).collect::<Vec<_>>().join("\n");
    let headings =
        prose.lines().filter(|it| it.starts_with('#')).map(|it| it.trim_matches(['#', ' ']));
    let anchor = |heading: &str| -> String {
        let kept = heading.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

/// The path that a link of a page leads to, relative to the repository.
fn target(page: &str, link: &str) -> PathBuf {
    let mut path = Path::new(page).parent().unwrap().to_owned();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

#[test]
fn every_page_is_in_the_book_once() {
    let mut files = Vec::new();
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // `book` is what mdBook makes.
            if path.is_dir() && !path.ends_with("docs/book") {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                files.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    files.retain(|it| it != "docs/SUMMARY.md");
    let mut listed = pages()[1..].to_vec();
    files.sort();
    listed.sort();
    assert_eq!(files, listed, "docs/SUMMARY.md lists the pages");
}

#[test]
fn every_link_leads_somewhere() {
    let mut count = 0;
    for page in pages() {
        for link in links(&text(&page)) {
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let file = match file {
                "" => PathBuf::from(&page),
                file => target(&page, file),
            };
            let path = file.to_str().unwrap();
            assert!(root().join(path).is_file(), "{page} links to {link}, which is not there");
            // The book has the folder docs/ alone.
            let stays = page == "README.md" || path.starts_with("docs/");
            assert!(stays, "{page} links to {link}, out of the book");
            let found = anchor.is_empty() || anchors(&text(path)).contains(anchor);
            assert!(found, "{page} links to {link}: no such heading");
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn the_pages_show_every_command() {
    let help = Folder::new().run("annostore --help");
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed.lines().filter(|it| it.starts_with("  ") && !it.starts_with("   "));
    let names: Vec<_> = names.filter_map(|it| it.split_whitespace().next()).collect();
    assert!(names.len() > 20, "{help}");
    let shown: String = pages().iter().map(|it| text(it)).collect();
    let is_missing = |it: &&str| *it != "help" && !shown.contains(&format!("annostore {it}"));
    let missing: Vec<_> = names.into_iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "no page shows {missing:?}");
}

#[test]
fn the_readme_is_short_and_its_figures_are_measured() {
    let readme = text("README.md");
    assert!(readme.lines().count() <= 150);
    let benches = text("benches/README.md");
    let speed = readme.split("## Speed").nth(1).unwrap().split("\n## ").next().unwrap();
    let figures =
        speed.split(|it: char| !it.is_ascii_digit() && it != '.' && it != ' ' && it != 's');
    let figures: Vec<_> = figures.map(str::trim).filter(|it| it.ends_with(" s")).collect();
    assert!(figures.len() > 5, "{figures:?}");
    for figure in figures {
        assert!(benches.contains(figure), "benches/README.md does not have {figure}");
    }
}
