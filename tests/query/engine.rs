//! An engine is used from anywhere: plain threads, tokio's runtimes, and callers that only poll.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use annostore::model::ErrorKind;
use annostore::query::{Answer, Engine, Options};
use futures::StreamExt;
use serde_json::json;

use super::fixture::{Home, refused};

const ENDLESS: &str =
    "SELECT count(*) FROM big a, big b, big c WHERE a.start + b.start * c.start % 7 = 3";

fn engine(options: Options) -> Engine {
    big().engine_with(Options { threads: 2, ..options })
}

/// Store `big` with 1,500 rows.
fn big() -> Home {
    let mut home = Home::new();
    let data: Vec<_> = (0..1_500).map(|n| json!({"start": n})).collect();
    let file = home.file(&[], &data);
    home.version("big", "big", &[], vec![file]);
    home
}

fn pulled(answer: Answer) -> usize {
    answer.map(|it| it.unwrap().num_rows()).sum()
}

async fn polled(answer: Answer) -> usize {
    answer.into_stream().map(|it| it.unwrap().num_rows()).fold(0, async |sum, it| sum + it).await
}

/// Rows of many batches: more than a task of tokio may take before it has to yield.
async fn many_batches_come_whole() {
    let engine = engine(Options::default());
    let sql = "SELECT a.start, b.start AS b FROM big a, big b";
    assert_eq!(pulled(engine.query(sql, &[]).unwrap()), 1_500 * 1_500);
    assert_eq!(polled(engine.query_async(sql, &[]).await.unwrap()).await, 1_500 * 1_500);
}

#[tokio::test]
async fn an_engine_works_within_a_runtime_of_one_thread() {
    many_batches_come_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_works_within_a_runtime_of_many_threads() {
    tokio::spawn(many_batches_come_whole()).await.unwrap();
}

#[test]
fn an_answer_outlives_its_engine() {
    let engine = engine(Options::default());
    let answer = engine.query("SELECT start FROM big", &[]).unwrap();
    drop(engine);
    assert_eq!(pulled(answer), 1_500);
}

#[tokio::test]
async fn a_slow_answer_ends_in_time_for_who_polls_it() {
    let timeout = Some(Duration::from_millis(300));
    let engine = engine(Options { timeout, ..Options::default() });
    let begun = Instant::now();
    let mut stream = engine.query_async(ENDLESS, &[]).await.unwrap().into_stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(stream.next().await.is_none());
}

#[test]
fn a_flag_stops_a_query_that_computes() {
    let stop = Arc::new(AtomicBool::new(false));
    let engine = engine(Options { stop: Some(Arc::clone(&stop)), ..Options::default() });
    let later = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        stop.store(true, Ordering::Relaxed);
    });
    let error = refused(&engine, ENDLESS);
    later.join().unwrap();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
}

/// Joins that read little and compare much, with one thread, which the next query needs.
#[test]
fn a_join_that_was_given_up_leaves_its_thread_to_the_next_query() {
    let stop = Arc::new(AtomicBool::new(false));
    let timeout = Some(Duration::from_mins(5));
    let options =
        Options { stop: Some(Arc::clone(&stop)), threads: 1, timeout, ..Options::default() };
    let home = big();
    let engine = home.engine_with(options);
    let big = "(SELECT a.start AS x, b.start AS y FROM big a, big b)";
    for join in [
        "a, b, big c, big d",
        "a JOIN b ON a.x + b.y < 0",
        "a JOIN b ON a.x * 0 = b.x * 0 AND a.y + b.y < 0",
    ] {
        stop.store(false, Ordering::Relaxed);
        let sql = format!("WITH a AS {big}, b AS {big} SELECT count(*) FROM {join}");
        let later = std::thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                std::thread::sleep(Duration::from_millis(500));
                stop.store(true, Ordering::Relaxed);
            }
        });
        assert_eq!(refused(&engine, &sql).kind(), ErrorKind::Interrupted, "{join}");
        later.join().unwrap();
        stop.store(false, Ordering::Relaxed);
        assert_eq!(pulled(engine.query("SELECT 1 AS one", &[]).unwrap()), 1, "{join}");
    }
}

#[test]
fn a_flag_that_is_set_between_two_batches_is_not_lost() {
    let stop = Arc::new(AtomicBool::new(false));
    let engine = engine(Options { stop: Some(Arc::clone(&stop)), ..Options::default() });
    let mut answer = engine.query("SELECT a.* FROM big a, big b", &[]).unwrap();
    assert!(answer.next_batch().unwrap().is_some());
    // The next batches wait already.
    std::thread::sleep(Duration::from_millis(500));
    stop.store(true, Ordering::Relaxed);
    assert_eq!(answer.next_batch().unwrap_err().kind(), ErrorKind::Interrupted);
    assert!(answer.next_batch().unwrap().is_none());
}
