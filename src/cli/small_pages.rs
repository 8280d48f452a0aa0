//! The size of the pages of memory.

/// Has the kernel give memory in small pages from here on. Who goes through memory once, as an
/// import does, waits longer for huge pages to be cleared, which are used in part, than for small
/// ones to be looked up. Queries gain from huge pages, and keep them.
pub fn prefer() {
    // Where the kernel cannot, the run is only slower.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
