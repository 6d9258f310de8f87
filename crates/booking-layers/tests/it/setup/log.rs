//! Everything that is logged on the thread of a test.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use tracing::Level;

thread_local! {
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// What this thread has logged since the capture began: all of it, at every level. A test whose
/// runtime has one thread is alone on it.
pub(crate) struct Log;

impl Log {
    pub(crate) fn capture() -> Self {
        // One subscriber for the whole program: whether a line of code is logged at all is
        // remembered for all threads, so that those of other tests would turn ours off.
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            tracing_subscriber::fmt()
                .with_max_level(Level::TRACE)
                .with_ansi(false)
                .without_time()
                .with_writer(|| ThisThread)
                .init();
        });
        LINES.set(Some(Vec::new()));
        Self
    }

    #[expect(
        clippy::unused_self,
        reason = "there is nothing to read before a capture"
    )]
    pub(crate) fn text(&self) -> String {
        let bytes = LINES.with_borrow(|lines| lines.clone().unwrap_or_default());
        String::from_utf8(bytes).unwrap()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        LINES.set(None);
    }
}

struct ThisThread;

impl io::Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| {
            if let Some(lines) = lines {
                lines.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
