//! How many attempts to block or book are under way, and whether more may begin.

use std::time::Duration;

use tokio::sync::watch;

#[derive(Clone, Copy, Debug, Default)]
struct State {
    closed: bool,
    running: usize,
}

/// Counts the attempts whose outcome is not durable yet.
pub(crate) struct Tasks(watch::Sender<State>);

/// One attempt under way, for as long as it lives.
pub(crate) struct Running(watch::Sender<State>);

impl Tasks {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::default())
    }

    /// `None` once the tasks are closed.
    pub(crate) fn enter(&self) -> Option<Running> {
        let entered = self.0.send_if_modified(|state| {
            state.running += usize::from(!state.closed);
            !state.closed
        });
        entered.then(|| Running(self.0.clone()))
    }

    /// Whether nothing is let in any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.borrow().closed
    }

    /// Lets no more in, waits until all have ended or `grace` is over, and counts the rest.
    pub(crate) async fn drain(&self, grace: Duration) -> usize {
        self.0.send_modify(|state| state.closed = true);
        let mut changes = self.0.subscribe();
        let empty = changes.wait_for(|state| state.running == 0);
        let _ended_or_grace_over = tokio::time::timeout(grace, empty).await;
        self.0.borrow().running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|state| state.running -= 1);
    }
}
