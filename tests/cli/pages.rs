//! What the program prints about itself.

use annostore::diagnostic::rules::RULES;

use crate::common::program::{Home, said};

#[test]
fn the_list_of_rules_has_a_line_for_each() {
    let listed = Home::new().done(["rule"]);
    let codes: Vec<&str> = listed.lines().map(|it| it.split(' ').next().unwrap()).collect();
    assert_eq!(codes, RULES.iter().map(|it| it.code).collect::<Vec<_>>());
}

#[test]
fn every_rule_has_a_page_by_code_and_by_name() {
    let home = Home::new();
    for rule in [RULES[0], RULES[RULES.len() - 1]] {
        let page = home.done(["rule", rule.code]);
        assert_eq!(page, home.done(["rule", &rule.name.to_uppercase()]));
        for part in [rule.summary, rule.help, rule.source, "Service: ", "annostore: "] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
}

#[test]
fn an_unknown_rule_is_a_mistake_of_usage() {
    let said = Home::new().run(["rule", "VCF999"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert_eq!(said.err, "error: there is no rule `VCF999`\nhelp: `annostore rule` lists them\n");
}

#[test]
fn wrong_arguments_are_a_mistake_of_usage() {
    let home = Home::new();
    for arguments in [
        &["import", "x.vcf"][..],
        &["check"],
        &["frobnicate"],
        &["check", "x.vcf", "--max-findings", "many"],
        &["import", "x.vcf", "--store", "abc", "--on-error", "shrug"],
        &[],
    ] {
        let said = home.run(arguments);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}");
        assert!(said.err.contains("Usage: ") || said.err.contains("--help"), "{}", said.err);
    }
    assert!(!home.path().exists());
}

#[test]
fn shells_and_man_get_their_files() {
    let home = Home::new();
    assert!(home.done(["completions", "bash"]).contains("_annostore()"));
    assert!(home.done(["completions", "zsh"]).starts_with("#compdef annostore"));
    let man = home.done(["man"]);
    assert!(man.contains(".TH annostore 1") && man.contains("import"), "{man}");
    let page = home.done(["man", "store", "create"]);
    assert!(page.contains(".TH annostore-store-create 1"), "{page}");
    assert_eq!(home.run(["man", "stroe"]).code, 2);
    let folder = home.beside("man1");
    home.done(["man", "--folder", folder.to_str().unwrap()]);
    for name in ["annostore.1", "annostore-import.1", "annostore-store-create.1"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    assert!(home.done(["--version"]).starts_with("annostore "));
    assert!(home.done(["--help"]).contains("check"));
}

#[test]
fn a_reader_that_is_gone_ends_every_page_quietly() {
    let home = Home::new();
    for arguments in
        [&["rule"][..], &["rule", "VCF102"], &["completions", "bash"], &["man"], &["--help"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let said = said(&home.command(arguments).stdout(writer).output().unwrap());
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
    }
}
