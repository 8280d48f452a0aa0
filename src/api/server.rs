//! The server: connections with limits, one request to one operation, and an orderly end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tracing::{debug, error, info, warn};

use super::auth::Auth;
use super::call::Call;
use super::error::Exception;
use super::operations::routes;
use super::route::Route;
use super::throttle::Throttle;
use crate::model::{Account, Error, ErrorKind, Result};
use crate::service::Service;
use crate::service::worker::Workers;

/// Connections at once; others wait to be accepted.
const MAX_CONNECTIONS: usize = 1024;
/// Bytes of a request's line and headers.
const MAX_HEAD: usize = 64 << 10;
/// Headers of a request.
const MAX_HEADERS: usize = 100;
/// Bytes of a body: a schema of 5,000 columns with long names fits.
const MAX_BODY: usize = 2 << 20;
/// How long the head of a request may take, and how long a connection may be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a body may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests under way may take once the server is told to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// Threads that wait for the catalog and the disk.
const MAX_BLOCKING: usize = 32;

/// What the server needs to answer.
pub struct Server {
    service: Service,
    workers: Arc<Workers>,
    auth: Auth,
    throttle: Throttle,
}

impl Server {
    /// A server on a home. `workers` run its jobs.
    pub fn new(service: Service, workers: Arc<Workers>, auth: Auth) -> Self {
        let throttle = Throttle::new(service.quotas());
        Self { service, workers, auth, throttle }
    }

    /// Listens on an address and serves until `stop` is through. `ready` is told the address that
    /// it got.
    pub fn run(
        self,
        address: SocketAddr,
        ready: impl FnOnce(SocketAddr) -> Result<()>,
        stop: impl Future<Output = ()>,
    ) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .max_blocking_threads(MAX_BLOCKING)
            .enable_all()
            .build()
            .map_err(|error| Error::internal("cannot start threads").with_source(error))?;
        runtime.block_on(async {
            let listener = TcpListener::bind(address).await.map_err(|error| {
                Error::new(ErrorKind::Storage, "cannot listen on this address")
                    .with("address", address)
                    .with_help("choose another with --listen, or end the program that has it")
                    .with_source(error)
            })?;
            let bound = listener.local_addr();
            ready(bound.map_err(|error| Error::internal("no address").with_source(error))?)?;
            serve(router(&Arc::new(self)), listener, stop).await;
            Ok(())
        })
    }
}

/// Accepts connections until `stop` is through, then lets the requests under way end.
async fn serve(router: Router, listener: TcpListener, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accept = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let stream = tokio::select! {
            () = &mut stop => break,
            (permit, accepted) = accept => match accepted {
                Ok((stream, _)) => (stream, permit),
                Err(error) => {
                    wait_for_room(&error).await;
                    continue;
                }
            },
        };
        let (stream, permit) = stream;
        let connection = graceful.watch(connection(stream, router.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "a connection broke");
            }
            drop(permit);
        });
    }
    drop(listener);
    info!("stopping: no new requests");
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(STOP_TIMEOUT) => warn!("some requests did not end in time"),
    }
}

/// Without file descriptors nothing can be accepted until one is free.
async fn wait_for_room(error: &io::Error) {
    warn!(%error, "cannot accept a connection");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

type Connection = http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>>;

fn connection(stream: TcpStream, router: Router) -> Connection {
    // Answers are small and whole: waiting for more of them only delays them.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}

fn router(server: &Arc<Server>) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let server = Arc::clone(server);
        let answer = move |labels: RawPathParams, request: Request| async move {
            answer(server, route, &labels, request).await
        };
        let method = MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::POST);
        router = router.route(route.path, on(method, answer));
    }
    let health = Arc::clone(server);
    router
        .route("/health", get(move || health_of(health)))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
}

/// Whether the catalog answers.
async fn health_of(server: Arc<Server>) -> Response {
    let looked = blocking(move || server.service.catalog().secret()).await;
    match looked {
        Ok(_) => respond(StatusCode::OK, Some(&json!({"status": "ok"}))),
        Err(error) => {
            error!(%error, "the catalog does not answer");
            respond(StatusCode::SERVICE_UNAVAILABLE, Some(&json!({"status": "failing"})))
        }
    }
}

async fn unknown(request: Request) -> Response {
    let id = request_id();
    let refused = Auth::check_header(request.headers()).err();
    refuse(&refused.unwrap_or_else(Exception::unknown_operation), &id)
}

async fn answer(
    server: Arc<Server>,
    route: &'static Route,
    labels: &RawPathParams,
    request: Request,
) -> Response {
    let (began, id) = (Instant::now(), request_id());
    let labels = labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let outcome = carry_out(&server, route, labels, request).await;
    let milliseconds = began.elapsed().as_secs_f64() * 1e3;
    let (response, account) = match outcome {
        Ok((account, body)) => {
            let status = body.as_ref().map_or(StatusCode::NO_CONTENT, |_| StatusCode::OK);
            (respond_with(status, body.as_ref(), &id), account.to_string())
        }
        Err((account, exception)) => {
            let account = account.map(|it| it.to_string()).unwrap_or_default();
            debug!(
                request = id,
                exception = exception.name,
                message = exception.message,
                "refused"
            );
            (refuse(&exception, &id), account)
        }
    };
    let status = response.status().as_u16();
    info!(request = id, operation = route.operation, account, status, milliseconds, "request");
    response
}

type Outcome = Result<(Account, Option<serde_json::Value>), (Option<Account>, Exception)>;

async fn carry_out(
    server: &Arc<Server>,
    route: &'static Route,
    labels: Vec<(String, String)>,
    request: Request,
) -> Outcome {
    let (parts, body) = request.into_parts();
    Auth::check_header(&parts.headers).map_err(|it| (None, it))?;
    let body = read(body).await.map_err(|it| (None, it))?;
    let caller = server.auth.account(&parts, &body, Timestamp::now()).await;
    let account = caller.map_err(|it| (None, it))?;
    if !server.throttle.admits(&account, route.class) {
        return Err((Some(account), Exception::throttled()));
    }
    let service = server.service.acting_as(account.clone());
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let done = blocking(move || {
        let call = Call::new(labels, &query, route.parameters, body)?;
        (route.run)(&service, &call)
    });
    match done.await {
        Ok(body) => {
            if route.operation == "StartAnnotationImportJob" {
                server.workers.wake();
            }
            Ok((account, body))
        }
        Err(error) => {
            let exception = Exception::of(&error, route.raises);
            if exception.status >= 500 {
                error!(operation = route.operation, %error, "cannot answer");
            }
            Err((Some(account), exception))
        }
    }
}

/// Runs what waits for the disk. The one place where work leaves the threads that serve
/// connections.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Error::internal("an operation broke off").with_source(error)))
}

async fn read(body: Body) -> Result<Vec<u8>, Exception> {
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => Err(Exception::invalid(format!(
            "the body was cut, or has more than {MAX_BODY} bytes, which is the most that is read"
        ))),
        Err(_) => Err(Exception::invalid("the body did not arrive in time")),
    }
}

fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn refuse(exception: &Exception, id: &str) -> Response {
    let status = StatusCode::from_u16(exception.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = respond_with(status, Some(&json!({"message": exception.message})), id);
    response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(exception.name));
    response
}

fn respond_with(status: StatusCode, body: Option<&serde_json::Value>, id: &str) -> Response {
    let mut response = respond(status, body);
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

fn respond(status: StatusCode, body: Option<&serde_json::Value>) -> Response {
    let mut response =
        Response::new(body.map_or_else(Body::empty, |it| Body::from(it.to_string())));
    *response.status_mut() = status;
    if body.is_some() {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    response
}
