//! How htsjdk, with which the service reads VCF, reads the lines of a header: `VCFCodec`,
//! `VCF4Parser`, and the classes of header lines, of version 2.21.

/// The kinds of lines that it takes apart, whatever follows the word, and the members that these
/// begin with. The others need an ID alone.
const KINDS: [(&str, &[&str]); 8] = [
    ("INFO", &["ID", "Number", "Type", "Description"]),
    ("FILTER", &["ID", "Description"]),
    ("FORMAT", &["ID", "Number", "Type", "Description"]),
    ("contig", &[]),
    ("ALT", &["ID", "Description"]),
    ("PEDIGREE", &[]),
    ("META", &[]),
    ("SAMPLE", &[]),
];

/// Why it refuses a line, and with it the file; `meta` is the line without its `##`.
pub fn refusal(meta: &str, minor: u32) -> Option<String> {
    let kind = KINDS
        .iter()
        .find(|(kind, _)| meta.starts_with(kind) && (*kind != "PEDIGREE" || minor >= 3));
    let Some((kind, expected)) = kind else {
        let (key, value) = meta.split_once('=')?;
        // It is taken for the line that says the version.
        if key.trim() == "format" && !value.is_empty() && !value.contains('=') {
            return Some("`format` has to be a version".to_owned());
        }
        return key
            .contains(['<', '>'])
            .then(|| "an angle bracket stands before the `=`".to_owned());
    };
    // What follows the word is taken for the `=`.
    let mut value = meta[kind.len()..].chars();
    if value.next().is_none() {
        return Some(format!("nothing follows {kind}"));
    }
    let members = match members(value.as_str()) {
        Ok(members) => members,
        Err(why) => return Some(why.to_owned()),
    };
    out_of_order(&members, expected).or_else(|| {
        let member = |name: &str| members.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
        let Some(id) = member("ID") else {
            return Some(format!("it is read as {kind}, without an ID"));
        };
        if id.contains(['<', '>', '=']) {
            return Some("the ID has an angle bracket or an equals sign".to_owned());
        }
        if !matches!(*kind, "INFO" | "FORMAT") {
            return None;
        }
        typed(kind, member("Number"), member("Type")).map(str::to_owned)
    })
}

/// Whether it reads an INFO key as a flag. It has definitions of its own for some, which hold
/// whatever the header says (`VCFStandardHeaderLines.repairStandardHeaderLines`).
pub fn is_flag(key: &[u8], is_declared_so: bool) -> bool {
    match key {
        b"DB" | b"SOMATIC" => true,
        b"END" | b"DP" | b"SB" | b"AF" | b"AC" | b"AN" | b"MQ0" | b"MQ" => false,
        _ => is_declared_so,
    }
}

/// ID, Number, Type and Description of an INFO or FORMAT line that it takes although its form is
/// broken.
pub fn definition(value: &str) -> Option<[String; 4]> {
    let mut members = members(value).ok()?;
    let mut take =
        |name: &str| members.iter_mut().find(|it| it.0 == name).map(|it| std::mem::take(&mut it.1));
    Some([take("ID")?, take("Number")?, take("Type")?, take("Description").unwrap_or_default()])
}

/// The members by name, as `VCF4Parser.parseLine` finds them: quotes open and close anywhere, and a
/// name that comes again gets another value.
fn members(value: &str) -> Result<Vec<(String, String)>, &'static str> {
    let mut members: Vec<(String, String)> = Vec::new();
    let (mut key, mut text) = (String::new(), String::new());
    let (mut quoted, mut escaped) = (false, false);
    let last = value.chars().count().saturating_sub(1);
    let mut put = |key: &str, text: &str| {
        let text = text.trim().to_owned();
        match members.iter_mut().find(|it| it.0 == key) {
            Some(member) => member.1 = text,
            None => members.push((key.to_owned(), text)),
        }
    };
    for (index, it) in value.chars().enumerate() {
        match it {
            '"' if escaped => {
                text.push(it);
                escaped = false;
            }
            '"' => quoted = !quoted,
            _ if quoted && escaped => {
                if it != '\\' {
                    text.push('\\');
                }
                text.push(it);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            _ if quoted => text.push(it),
            '<' if index == 0 => {}
            '<' | '>' => {
                if index == last {
                    put(&key, &text);
                }
            }
            '=' => {
                text.trim().clone_into(&mut key);
                text.clear();
            }
            ',' => {
                put(&key, &text);
                text.clear();
            }
            _ => {
                escaped = false;
                text.push(it);
            }
        }
    }
    if quoted { Err("a quote is not closed") } else { Ok(members) }
}

fn out_of_order(members: &[(String, String)], expected: &[&str]) -> Option<String> {
    if members.is_empty() && !expected.is_empty() {
        return Some("it has no members".to_owned());
    }
    let (member, place) =
        members.iter().zip(expected).find(|(member, place)| member.0 != **place)?;
    Some(format!("`{}` stands where {place} has to stand", member.0))
}

fn typed(kind: &str, number: Option<&str>, value: Option<&str>) -> Option<&'static str> {
    let Some(number) = number else { return Some("it has no Number") };
    let count = match number {
        "A" | "R" | "G" | "." => None,
        number => match number.parse::<i32>() {
            Ok(count @ 0..) => Some(count),
            _ => return Some("its Number is neither a count nor A, R, G or `.`"),
        },
    };
    match value {
        Some("Flag") if kind == "FORMAT" => Some("FORMAT has no flags"),
        Some("Flag") => None,
        Some("Integer" | "Float" | "Character" | "String") => {
            (count == Some(0)).then_some("Number is 0, but Type is no Flag")
        }
        _ => Some("it has no Type that it knows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the classes of htsjdk 2.21 said when they were run on these lines.
    #[test]
    fn lines_are_refused_as_by_htsjdk() {
        let taken = [
            "foo",
            "foo=",
            "=x",
            "",
            "a>b",
            "contig<ID=1>",
            "SAMPLE=<ID=a>",
            "META=<ID=a>",
            "METASTUFF=<ID=a,x=y>",
            "PEDIGREE=<Child=a>",
            "INFO=<ID=,Number=1,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number=+1,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number= 1,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number=R,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number=.,Type=Flag,Description=\"x\">",
            "INFO=<ID=X,Number=1,Type=Integer>",
            "INFO=<ID=X,Number=1,Type=Integer,Description=\"x\",Source=a>",
            "INFO=<ID=X,Number=1,Type=Integer,Description=\"x\",ID=Y>",
            "INFO=<ID=X,Number=1,Type=Integer,Description=a b, c>",
            "INFO=<ID=X,Number=1,Type=Integer,Description=a,b=c>",
            "INFO=<ID=X,Number=1,Type=Integer,Description=\"x\"",
            "INFO=ID=X,Number=1,Type=Integer,Description=\"x\"",
            "INFO=<ID=X,Number=1,Type=Integer,Description=\"a \"b\" c\">",
            "INFO=<ID=X,,Number=1,Type=Integer,Description=\"x\">",
            "INFO =<ID=X,Number=1,Type=Integer,Description=\"x\">",
            "FILTER=<ID=X>",
            "FILTER=<ID=X,Description=\"x\",a=b>",
            "ALT=<ID=DEL>",
            "contig=<length=1,ID=a>",
            "contig=<ID=a,length=x>",
        ];
        for line in taken {
            assert_eq!(refusal(line, 2), None, "{line}");
        }
        let refused = [
            "<a>=x",
            "a<b=1",
            "format=x",
            "INFO",
            "INFORMATION=x",
            "INFO_SRC=<ID=a>",
            "FILTERS=a",
            "SAMPLES=3",
            "SAMPLE=<Name=a>",
            "SAMPLE=foo",
            "SAMPLE=<ID=a,D=\"x>",
            "META=x",
            "FORMATS=x",
            "ALTERNATIVE=x",
            "contigs=25",
            "contig=<length=1>",
            "INFO=<ID=X,Number=-1,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number=P,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number=3000000000,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number=0,Type=String,Description=\"x\">",
            "INFO=<ID=X,Number=,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Number=1,Type=Integer,Source=\"a\",Description=\"x\">",
            "INFO=<ID=X,Number=1,Type=Integer,Description=a=b>",
            "INFO=<ID=X,Number=1,Type=integer,Description=\"x\">",
            "INFO=<ID=X,Number=1,Type=Integer,Description=\"a \"b\", c=\"d\">",
            "INFO=<ID=\"X=Y\",Number=1,Type=Integer,Description=\"x\">",
            "INFO=<Number=1,ID=X,Type=Integer,Description=\"x\">",
            "INFO=<ID=X,Type=Integer,Description=\"x\">",
            "INFO=<>",
            "FILTER=<ID=X,Number=1,Description=\"x\">",
            "FILTER=<Description=\"x\",ID=a>",
            "FILTER=X",
            "ALT=<ID=DEL,Number=1,Description=\"x\">",
            "FORMAT=<ID=X,Number=0,Type=Flag,Description=\"x\">",
        ];
        for line in refused {
            assert!(refusal(line, 2).is_some(), "{line}");
        }
        assert!(refusal("PEDIGREE=<Child=a>", 3).is_some());
    }
}
