//! Every case of the corpus: `spark-csv/CASES.md` there says what is asked.

use serde_json::Value;

use crate::read::{corpus_file, options, read, schema};

/// Cases that differ from Spark, with the reason.
const EXCEPTIONS: [(u64, &str); 0] = [];

fn base64(text: &str) -> Vec<u8> {
    let value = |it: u8| match it {
        b'A'..=b'Z' => it - b'A',
        b'a'..=b'z' => it - b'a' + 26,
        b'0'..=b'9' => it - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for it in text.bytes().filter(|it| *it != b'=') {
        bits = bits << 6 | u32::from(value(it));
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes
}

/// What is wrong with our reading of a case, if anything is.
fn difference(case: &Value) -> Option<String> {
    let input = base64(case["input_b64"].as_str().unwrap());
    let read = read(&input, schema(&case["schema"]), Some(&options(&case["options"]))).unwrap();
    let verdict =
        if read.rejected > 0 { "fails".to_owned() } else { format!("{} rows", read.rows.len()) };
    if verdict != case["failfast"].as_str().unwrap() {
        return Some(format!("{verdict}, but Spark {}: {read:?}", case["failfast"]));
    }
    if case["kind"] == "garbage" && read.rejected > 0 {
        return None;
    }
    let malformed = case["malformed"].as_array().unwrap();
    let sound: Vec<&Value> = case["rows"]
        .as_array()
        .unwrap()
        .iter()
        .zip(malformed)
        .filter_map(|(row, malformed)| (malformed == false).then_some(row))
        .collect();
    let own: Vec<Value> = read.rows.iter().cloned().map(Value::from).collect();
    let same = own.len() == sound.len() && own.iter().zip(&sound).all(|(own, it)| alike(own, it));
    let rejected = malformed.iter().filter(|it| **it == true).count() as u64;
    (!same || read.rejected != rejected).then(|| format!("{own:?}, but Spark {sound:?}"))
}

/// Whether two numbers differ by no more than the rounding of the JSON reader.
fn close(own: f64, other: f64) -> bool {
    (own - other).abs() <= own.abs() * f64::EPSILON
}

/// Whether two values are the same, be a whole float written as an integer.
fn alike(own: &Value, other: &Value) -> bool {
    match (own, other) {
        (Value::Array(own), Value::Array(other)) => {
            own.len() == other.len() && own.iter().zip(other).all(|(own, it)| alike(own, it))
        }
        (Value::Number(own), Value::Number(other)) => {
            own == other || own.as_f64().zip(other.as_f64()).is_some_and(|(own, it)| close(own, it))
        }
        (own, other) => own == other,
    }
}

#[test]
fn every_case_reads_as_in_spark() {
    let Some(cases) = corpus_file("cases.jsonl") else { return };
    let mut differences = Vec::new();
    let mut count = 0;
    for line in cases.split(|it| *it == b'\n').filter(|it| !it.is_empty()) {
        let case: Value = serde_json::from_slice(line).unwrap();
        let id = case["id"].as_u64().unwrap();
        let excepted = EXCEPTIONS.iter().any(|it| it.0 == id);
        let difference = difference(&case);
        if difference.is_some() != excepted {
            let input = base64(case["input_b64"].as_str().unwrap());
            differences.push(format!(
                "{id} {} {} {} {:?}",
                case["kind"],
                case["options"],
                String::from_utf8_lossy(&input).escape_debug(),
                difference
            ));
        }
        count += 1;
    }
    assert!(count >= 500, "{count} cases");
    assert!(
        differences.is_empty(),
        "{} of {count}:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
