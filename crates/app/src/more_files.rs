//! How many files may be open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many as the system allows this process: each connection is a file, and the usual soft limit
/// is low.
///
/// # Errors
///
/// A system that refuses; the limit stays as it was.
pub(crate) fn more_files() -> rustix::io::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        },
    )
}
