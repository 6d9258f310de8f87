//! Every line that this program logs, searched for people at once and forgotten.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use tracing::Level;

use crate::orders::PERSONAL;

static LINES: AtomicUsize = AtomicUsize::new(0);
static FOUND: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Begins to look. Once is enough for all tests, and the first begins.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .without_time()
            .with_writer(|| Searched)
            .init();
    });
}

/// How many lines were searched, and what of a person stood in any of them.
pub(crate) fn found() -> (usize, Vec<String>) {
    let found = FOUND.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (LINES.load(Ordering::Relaxed), found)
}

struct Searched;

impl io::Write for Searched {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LINES.fetch_add(1, Ordering::Relaxed);
        let text = String::from_utf8_lossy(line);
        if PERSONAL.iter().any(|personal| text.contains(personal)) || text.contains("sbk_") {
            let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
            found.push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
