//! The service over HTTP, in the shapes that its clients know.
//!
//! ```text
//!  connection ──► authentication ──► routes (one table) ──► operations ──► service
//!   server           auth                                    dto: bodies    as on the terminal
//! ```
//!
//! `server` alone is asynchronous; an operation is a plain function, and runs on a thread that may
//! wait for the disk.

pub mod auth;
mod call;
pub mod credentials;
pub mod dto;
mod error;
mod operations;
pub mod routes;
pub mod server;
mod signature;
mod throttle;
