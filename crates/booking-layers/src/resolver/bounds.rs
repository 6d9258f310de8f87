//! How long, and how often.

use std::time::Duration;

/// What a resolver may do, and when it may give up waiting.
///
/// ```
/// use booking_layers::ResolverBounds;
///
/// let bounds = ResolverBounds::default();
/// assert_eq!(bounds.sends_max, 3);
/// assert!(bounds.over_after() > bounds.longest_hold);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolverBounds {
    /// For how long a resolver may keep a reference to itself. It sends in the first half of it or not
    /// at all, so it must be at least twice what one sending takes, and longer than its questions and
    /// one sending take together.
    pub lease: Duration,
    /// How often an order may be sent under one reference, all attempts together.
    pub sends_max: u32,
    /// The life of an access token, which is inside what is signed: a copy of a request that is
    /// later than that is refused.
    pub token_life: Duration,
    /// How far a timestamp may be from the provider's clock to be accepted (A3 of
    /// `docs/klikoo-api.md`), for the same reason.
    pub timestamp_window: Duration,
    /// The longest that a provider keeps seats.
    pub longest_hold: Duration,
    /// How far this host's clock and the provider's may be apart, and how long what a provider
    /// has accepted may wait inside it.
    pub clock_difference: Duration,
    /// How long an order's people are kept after all of it has ended, for whoever has a question.
    pub shred_after: Duration,
}

impl Default for ResolverBounds {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(3),
            sends_max: 3,
            token_life: Duration::from_mins(15),
            timestamp_window: Duration::from_mins(5),
            longest_hold: Duration::from_hours(2),
            clock_difference: Duration::from_mins(10),
            shred_after: Duration::from_hours(24),
        }
    }
}

impl ResolverBounds {
    /// How long after a sending a copy of it may still be accepted: the later of the two ends of a
    /// request's life, and a margin.
    ///
    /// ```
    /// # use booking_layers::ResolverBounds;
    /// # use std::time::Duration;
    /// assert_eq!(ResolverBounds::default().accepted_for(), Duration::from_mins(15 + 10));
    /// ```
    #[must_use]
    pub fn accepted_for(&self) -> Duration {
        self.token_life.max(self.timestamp_window) + self.clock_difference
    }

    /// How long after the last sending nothing of it can be held any more: as long as a copy of it may be
    /// accepted, and the longest hold after that.
    ///
    /// ```
    /// # use booking_layers::ResolverBounds;
    /// # use std::time::Duration;
    /// assert_eq!(ResolverBounds::default().over_after(), Duration::from_secs((15 + 120 + 10) * 60));
    /// ```
    #[must_use]
    pub fn over_after(&self) -> Duration {
        self.accepted_for() + self.longest_hold
    }
}
