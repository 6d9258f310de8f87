//! The end of a call's time.

use std::time::Duration;

use tokio::time::Instant;

/// By when a whole call has to be over, waiting, token and repeat included.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    pub(crate) fn after(time: Duration) -> Self {
        let now = Instant::now();
        // A time that reaches beyond the end of the clock is as good as a year.
        Self(
            now.checked_add(time)
                .unwrap_or(now + Duration::from_hours(24 * 365)),
        )
    }

    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
