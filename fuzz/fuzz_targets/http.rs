//! Requests over HTTP, whole ones of an operation and any bytes: each is answered, and none with
//! status 500.
#![no_main]

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::channel;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use annostore::Account;
use annostore::api::auth::Auth;
use annostore::api::local::LocalHosts;
use annostore::api::operations::routes;
use annostore::api::server::Server;
use annostore::objects::NoObjects;
use annostore::service::Quotas;
use annostore::service::worker::{JOBS_AT_ONCE, Workers};
use annostore_fuzz::store::SERVICE;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Sent<'a> {
    Bytes(&'a [u8]),
    Request { operation: u8, labels: [&'a str; 2], query: &'a str, body: &'a [u8] },
}

static ADDRESS: LazyLock<SocketAddr> = LazyLock::new(|| {
    let catalog = SERVICE.catalog().clone();
    let objects = Arc::new(NoObjects);
    let workers = Workers::start(catalog, objects, Quotas::Unlimited, JOBS_AT_ONCE, Some(1));
    let workers = Arc::new(workers.expect("threads can be started"));
    let account = Account::new(Account::DEFAULT).expect("it is an account");
    let server =
        Server::new(SERVICE.clone(), workers, Auth::TrustKeyId(account, LocalHosts::default()));
    let (say, said) = channel();
    std::thread::spawn(move || {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        server.run(
            &[any],
            |address| {
                say.send(address).expect("the target waits");
                Ok(())
            },
            std::future::pending(),
        )
    });
    said.recv().expect("the server starts")
});

fn bytes(sent: &Sent) -> Vec<u8> {
    let Sent::Request { operation, labels, query, body } = sent else {
        let Sent::Bytes(bytes) = sent else { return Vec::new() };
        return bytes.to_vec();
    };
    let routes: Vec<_> = routes().collect();
    let route = routes[usize::from(*operation) % routes.len()];
    let mut labels = labels.iter();
    let path: Vec<String> = route
        .path
        .split('/')
        .map(|it| if it.starts_with('{') { *labels.next().unwrap_or(&"x") } else { it })
        .map(str::to_owned)
        .collect();
    let mut request = format!(
        "{} {}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=x/y\r\nContent-Length: {}\r\n\r\n",
        route.method,
        path.join("/"),
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

fuzz_target!(|sent: Sent| {
    let mut stream = TcpStream::connect(*ADDRESS).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("it is a timeout");
    // The server may hang up before it has read all.
    let _ = stream.write_all(&bytes(&sent));
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    let status = answer.split(|it| *it == b' ').nth(1);
    assert!(status != Some(b"500"), "{}", String::from_utf8_lossy(&answer));
});
