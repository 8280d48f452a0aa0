//! The service over HTTP, in the shapes that its clients know.
//!
//! ```text
//!  connection ──► authentication ──► operations (tables of routes) ──► service
//!   server           auth             one file for each resource       as the terminal calls it
//! ```
//!
//! `server` alone is asynchronous; an operation is a plain function, and runs on a thread that may
//! wait for the disk.

pub mod auth;
mod body;
mod call;
pub mod credentials;
mod error;
pub mod operations;
pub mod route;
pub mod server;
mod signature;
mod throttle;

pub use body::parse;
