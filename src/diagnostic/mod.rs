//! Findings as data: what is wrong, where, what the service would do and what we do.
