//! The server: one request to one operation, and an orderly end.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tracing::{debug, error, info};

use super::auth::Auth;
use super::call::Call;
use super::connection::serve;
use super::door::Door;
use super::error::Exception;
use super::iceberg;
use super::incoming::Bodies;
use super::operations::routes;
use super::respond::{refuse, request_id, respond};
use super::route::Route;
use super::throttle::Throttle;
use crate::model::{Account, Error, ErrorKind, Result};
use crate::service::Service;
use crate::service::worker::Workers;

/// How long the server may take to end once it is told to, but for what ends with the process.
const STOP_TIMEOUT: Duration = Duration::from_secs(8);
/// Threads that wait for the catalog and the disk.
const MAX_BLOCKING: usize = 32;

/// What the server needs to answer.
pub struct Server {
    service: Service,
    workers: Arc<Workers>,
    auth: Auth,
    throttle: Throttle,
    bodies: Bodies,
}

impl Server {
    /// A server on a home. `workers` run its jobs.
    pub fn new(service: Service, workers: Arc<Workers>, auth: Auth) -> Self {
        let throttle = Throttle::new(service.quotas());
        Self { service, workers, auth, throttle, bodies: Bodies::new() }
    }

    /// Listens on the first of these addresses that it gets, and serves until `stop` is through;
    /// then the jobs stop, too. `ready` is told the address.
    pub fn run(
        self,
        addresses: &[SocketAddr],
        ready: impl FnOnce(SocketAddr) -> Result<()>,
        stop: impl Future<Output = ()>,
    ) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .max_blocking_threads(MAX_BLOCKING)
            .enable_all()
            .build()
            .map_err(|error| Error::internal("cannot start threads").with_source(error))?;
        let workers = Arc::clone(&self.workers);
        let mut end = None;
        let outcome = runtime.block_on(async {
            let listener = TcpListener::bind(addresses).await.map_err(|error| {
                let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
                Error::new(ErrorKind::Storage, "cannot listen on this address")
                    .with("address", addresses.join(", "))
                    .with_help("choose another with --listen, or end the program that has it")
                    .with_source(error)
            })?;
            let bound = listener.local_addr();
            ready(bound.map_err(|error| Error::internal("no address").with_source(error))?)?;
            // Jobs begin to stop while requests end.
            let stop = async {
                stop.await;
                end = Some(Instant::now() + STOP_TIMEOUT);
                workers.begin_to_stop();
            };
            serve(router(&Arc::new(self)), listener, stop).await;
            Ok(())
        });
        // An operation that waits for a disk that does not answer is not waited for.
        runtime.shutdown_background();
        workers.stop_by(end.unwrap_or_else(Instant::now));
        outcome
    }
}

fn router(server: &Arc<Server>) -> Router {
    let mut router = Router::new();
    for route in routes().chain(iceberg::ROUTES) {
        let server = Arc::clone(server);
        let answer = move |labels: Labels, request: Request| async move {
            answer(server, route, labels, request).await
        };
        let method = MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::POST);
        router = router.route(route.path, on(method, answer));
    }
    let (health, none, other) = (Arc::clone(server), Arc::clone(server), Arc::clone(server));
    router
        .route("/health", get(move || health_of(health)))
        .fallback(move |request: Request| async move { unknown(&none, request) })
        .method_not_allowed_fallback(
            move |request: Request| async move { unknown(&other, request) },
        )
        .layer(from_fn_with_state(Arc::clone(server), for_this_server))
}

/// The labels of a path, where it is text.
type Labels = Result<RawPathParams, RawPathParamsRejection>;

/// Refuses what is not meant for this server before anything else.
async fn for_this_server(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    match server.auth.check_host(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(exception) => refuse_unread(&server, &exception, request),
    }
}

/// Refuses a request whose body is not read.
fn refuse_unread(server: &Server, exception: &Exception, request: Request) -> Response {
    let id = request_id();
    debug!(request = id, exception = exception.name, message = exception.message, "refused");
    let (parts, body) = request.into_parts();
    server.bodies.discard(&parts.headers, body);
    Door::of(parts.uri.path()).refuse(exception, &id)
}

/// Whether the catalog answers.
async fn health_of(server: Arc<Server>) -> Response {
    let id = request_id();
    let looked = blocking(move || server.service.catalog().secret()).await;
    match looked {
        Ok(_) => respond(StatusCode::OK, Some(&json!({"status": "ok"})), &id),
        Err(error) => {
            error!(request = id, %error, "the catalog does not answer");
            refuse(&Exception::unavailable(), &id)
        }
    }
}

fn unknown(server: &Server, request: Request) -> Response {
    let (door, method) = (Door::of(request.uri().path()), request.method().clone());
    let refused = server.auth.check_head(door, request.headers(), Timestamp::now()).err();
    refuse_unread(server, &refused.unwrap_or_else(|| door.unknown_operation(&method)), request)
}

async fn answer(
    server: Arc<Server>,
    route: &'static Route,
    labels: Labels,
    request: Request,
) -> Response {
    let (began, id) = (Instant::now(), request_id());
    let outcome = carry_out(&server, route, labels, request).await;
    let milliseconds = began.elapsed().as_secs_f64() * 1e3;
    let (response, account) = match outcome {
        Ok((account, body)) => {
            let status = body.as_ref().map_or(StatusCode::NO_CONTENT, |_| StatusCode::OK);
            (respond(status, body.as_ref(), &id), account.to_string())
        }
        Err((account, exception)) => {
            let account = account.map(|it| it.to_string()).unwrap_or_default();
            debug!(
                request = id,
                exception = exception.name,
                message = exception.message,
                "refused"
            );
            (route.door.refuse(&exception, &id), account)
        }
    };
    let status = response.status().as_u16();
    info!(request = id, operation = route.operation, account, status, milliseconds, "request");
    response
}

type Outcome = Result<(Account, Option<Value>), (Option<Account>, Exception)>;

async fn carry_out(
    server: &Arc<Server>,
    route: &'static Route,
    labels: Labels,
    request: Request,
) -> Outcome {
    let (parts, body) = request.into_parts();
    let refused = |it| (None, it);
    if let Err(exception) = server.auth.check_head(route.door, &parts.headers, Timestamp::now()) {
        server.bodies.discard(&parts.headers, body);
        return Err(refused(exception));
    }
    let read = server.bodies.read(&parts.headers, body).await.map_err(refused)?;
    let caller =
        server.auth.account(route.door, &parts, read.bytes.clone(), Timestamp::now()).await;
    let account = caller.map_err(refused)?;
    let Ok(labels) = labels else {
        return Err((Some(account), Exception::invalid("the path is not UTF-8")));
    };
    let labels = labels.iter().map(|(name, it)| (name.to_owned(), it.to_owned())).collect();
    if !server.throttle.admits(&account, route.class) {
        return Err((Some(account), Exception::throttled()));
    }
    let service = server.service.acting_as(account.clone());
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let done = blocking(move || {
        let known = (route.door == Door::Omics).then_some(route.parameters);
        let call = Call::new(labels, &query, known, read.bytes.clone())?;
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
