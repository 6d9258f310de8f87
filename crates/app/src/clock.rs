//! What time it is for certain, and moments as people read them.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::JAKARTA;
use booking_ports::Clock;
use klikoo_adapter::KlikooClient;
use time::OffsetDateTime;
use time::macros::format_description;

/// This host's time, or Klikoo's where its latest reply told an earlier one: for whoever has to be
/// certain that something is over.
pub(crate) struct EarlierClock {
    pub(crate) host: Arc<dyn Clock>,
    pub(crate) client: KlikooClient,
}

impl Clock for EarlierClock {
    fn now(&self) -> OffsetDateTime {
        let ahead = self.client.clock_difference().unwrap_or_default();
        self.host.now() - ahead.max(time::Duration::ZERO)
    }

    fn monotonic(&self) -> Duration {
        self.host.monotonic()
    }
}

/// `24 November 2026 10:30:00, Jakarta time`.
pub(crate) fn in_jakarta(moment: OffsetDateTime) -> String {
    let format = format_description!(
        "[day padding:none] [month repr:long] [year] [hour]:[minute]:[second], Jakarta time"
    );
    moment
        .checked_to_offset(JAKARTA)
        .and_then(|local| local.format(format).ok())
        .unwrap_or_else(|| moment.to_string())
}

/// `29 min 59 s`, rounded down.
pub(crate) fn time_left(left: time::Duration) -> String {
    let seconds = left.whole_seconds().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::{in_jakarta, time_left};

    #[test]
    fn what_is_left_is_rounded_down() {
        assert_eq!(time_left(Duration::milliseconds(1_799_999)), "29 min 59 s");
        assert_eq!(time_left(Duration::seconds(7_265)), "2 h 1 min 5 s");
        assert_eq!(time_left(Duration::milliseconds(999)), "0 s");
        assert_eq!(time_left(Duration::seconds(-5)), "0 s");
    }

    #[test]
    fn moments_are_told_in_jakartas_time() {
        let moment = datetime!(2024-02-28 17:00 UTC);
        assert_eq!(
            in_jakarta(moment),
            "29 February 2024 00:00:00, Jakarta time"
        );
    }
}
