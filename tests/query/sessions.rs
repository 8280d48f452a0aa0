//! The stores in DataFusion sessions of others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use annostore::model::ValueType::{Float, String};
use annostore::query::{CatalogTables, register};
use annostore::{Account, Service};
use arrow::util::pretty::pretty_format_batches;
use datafusion::execution::context::{SessionConfig, SessionContext};
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::displayable;
use futures::StreamExt;
use serde_json::json;

use super::fixture::{Home, info};
use crate::common::program::Home as Program;

/// Store `clinvar` with versions one and two, of which `two` has this significance.
fn home(significance: &str) -> Home {
    let mut home = Home::new();
    let columns = info(&[("CLNSIG", String, false), ("AF", Float, true)]);
    let row = |start: i64, value: &str| {
        let info = json!({"clnsig": value, "af": [0.5]});
        json!({"start": start, "info": info, "info_other": {"X": "y"}})
    };
    let one = home.file(&columns, &[row(1, "Benign")]);
    let two = home.file(&columns, &[row(1, significance), row(2, significance)]);
    home.version("clinvar", "one", &columns, vec![one]);
    home.version("clinvar", "two", &columns, vec![two]);
    home
}

async fn table(context: &SessionContext, sql: &str) -> std::string::String {
    let rows = context.sql(sql).await.unwrap().collect().await.unwrap();
    pretty_format_batches(&rows).unwrap().to_string()
}

#[tokio::test]
async fn two_sessions_read_two_homes_through_one_runtime() {
    let runtime = Arc::new(RuntimeEnv::default());
    let session = || {
        let config = SessionConfig::new();
        SessionContext::new_with_config_rt(config, Arc::clone(&runtime))
    };
    let (first, second) = (session(), session());
    register(&first, home("Pathogenic").tables()).unwrap();
    register(&second, home("Uncertain_").tables()).unwrap();
    let sql = "SELECT start, attributes['CLNSIG'] AS sig, info['af'][1] AS af, attributes['X'] AS x
        FROM annostore.clinvar.two WHERE attributes['CLNSIG'] <> 'Benign' ORDER BY start";
    let expected = "\
+-------+------------+-----+---+
| start | sig        | af  | x |
+-------+------------+-----+---+
| 1     | Pathogenic | 0.5 | y |
| 2     | Pathogenic | 0.5 | y |
+-------+------------+-----+---+";
    assert_eq!(table(&first, sql).await, expected);
    let other = expected.replace("Pathogenic", "Uncertain_");
    assert_eq!(table(&second, sql).await, other);
    let joined = "SELECT count(*) AS n FROM annostore.clinvar a
        JOIN annostore.clinvar.two b ON a.start = b.start JOIN (VALUES (1)) v(s) ON a.start = v.s";
    assert!(table(&first, joined).await.contains("| 1 |"));
}

#[tokio::test]
async fn the_session_keeps_its_own_dialect() {
    let context = SessionContext::new();
    register(&context, home("Pathogenic").tables()).unwrap();
    // What DataFusion has means what it means there; what it has not is added.
    let sql = "SELECT element_at(map(['a'], [1]), 'a') AS listed,
        split_part('a:b', ':', -1) AS last, regexp_extract('chr12', '[0-9]+') AS number";
    let answer = table(&context, sql).await;
    assert!(answer.contains("| [1]    | b    | 12     |"), "{answer}");
    let tables = context.catalog("annostore").unwrap().schema("clinvar").unwrap().table_names();
    assert_eq!(tables, ["one", "two"]);
}

#[tokio::test]
async fn one_key_is_taken_within_the_scan() {
    let context = SessionContext::new();
    register(&context, home("Pathogenic").tables()).unwrap();
    let sql = "SELECT start, attributes['CLNSIG'] FROM annostore.clinvar.two ORDER BY start";
    let plan = context.sql(sql).await.unwrap().create_physical_plan().await.unwrap();
    let plan = displayable(plan.as_ref()).indent(false).to_string();
    let scan = plan.lines().find(|it| it.contains("DataSourceExec")).unwrap();
    assert!(scan.contains("get_field(attributes@10, CLNSIG)"), "{plan}");
}

#[tokio::test]
async fn files_stay_as_long_as_a_plan_of_the_session_reads_them() {
    let home = Program::with_store("sss");
    let header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let file = home.file("a.vcf", format!("{header}1\t5\t.\tA\tC\t.\t.\t.\n"));
    home.done(["import", file.to_str().unwrap(), "--store", "sss"]);
    let account = Account::new(Account::DEFAULT).unwrap();
    let service = Service::open(&home.path(), account, "us-east-1").unwrap();
    let context = SessionContext::new();
    register(&context, CatalogTables::of(&service)).unwrap();
    let sql = "SELECT start FROM annostore.sss";
    let mut stream = context.sql(sql).await.unwrap().execute_stream().await.unwrap();
    drop(context);
    home.done(["store", "delete", "sss", "--force"]);
    assert_eq!(home.files("data").len(), 1);
    assert_eq!(stream.next().await.unwrap().unwrap().num_rows(), 1);
    drop(stream);
    let begun = Instant::now();
    while !home.files("data").is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the files are still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn a_session_without_plans_holds_nothing_up() {
    let home = Program::with_store("sss");
    let header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let file = home.file("a.vcf", format!("{header}1\t5\t.\tA\tC\t.\t.\t.\n"));
    let import = || home.done(["import", file.to_str().unwrap(), "--store", "sss"]);
    import();
    let account = Account::new(Account::DEFAULT).unwrap();
    let service = Service::open(&home.path(), account, "us-east-1").unwrap();
    let context = SessionContext::new();
    register(&context, CatalogTables::of(&service)).unwrap();
    let count = "SELECT count(start) AS n FROM annostore.sss";
    assert!(table(&context, count).await.contains("| 1 |"));
    import();
    assert!(table(&context, count).await.contains("| 2 |"));
    // The tables of one statement are of one state, whatever happens between them.
    let plan = context.sql("SELECT start FROM annostore.sss").await.unwrap();
    import();
    assert!(table(&context, count).await.contains("| 2 |"));
    drop(plan);
    assert!(table(&context, count).await.contains("| 3 |"));
    home.done(["store", "delete", "sss", "--force"]);
    assert!(home.files("data").is_empty());
    let error = context.sql(count).await.unwrap_err();
    assert!(error.to_string().contains("sss"), "{error}");
}
