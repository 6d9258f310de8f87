//! Ways in which Klikoo may turn out to differ from what is published.

/// What a search of the history is answered where it is switched off.
///
/// ```
/// assert_ne!(klikoo_sandbox::HistoryOff::Missing, klikoo_sandbox::HistoryOff::Fails);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryOff {
    /// 404 `404027804`, as for any path that is not known.
    Missing,
    /// 500 `500028505`: database read failed.
    Fails,
}

/// The readings that a sandbox was told.
#[derive(Clone)]
pub(crate) struct OpenPoints {
    pub(crate) refused_uses_reference: bool,
    pub(crate) reference_checked_last: bool,
    pub(crate) history_matches_reference: bool,
    pub(crate) history_off: Option<HistoryOff>,
}

impl Default for OpenPoints {
    fn default() -> Self {
        Self {
            refused_uses_reference: false,
            reference_checked_last: false,
            history_matches_reference: true,
            history_off: None,
        }
    }
}
