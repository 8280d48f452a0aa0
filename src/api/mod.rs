//! The service over HTTP, in the shapes that its clients know.
//!
//! ```text
//!  connection ──► authentication ──► operations (tables of routes) ──► service
//!   server           auth             one file for each resource       as the terminal calls it
//! ```
//!
//! `iceberg` is a second table of routes, for other engines: the same way in other words (`door`).
//!
//! Down to `server` all is asynchronous; an operation is a plain function, and runs on a thread
//! that may wait for the disk.

pub mod auth;
mod body;
mod call;
mod connection;
pub mod credentials;
mod door;
mod error;
mod iceberg;
mod incoming;
pub mod key_file;
pub mod local;
pub mod operations;
mod patient;
mod respond;
pub mod route;
pub mod server;
mod signature;
mod throttle;

pub use body::parse;
