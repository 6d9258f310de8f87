//! Who waits for a change is woken by whoever makes one in this process; others are looked for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use booking_ports::LedgerError;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// Of many changes at one time, so many at least are told together.
const TOGETHER: Duration = Duration::from_millis(10);
/// A change that was heard of may not be there to be read yet; it is looked for anew after this,
/// and then after twice as long each time.
const SOON: Duration = Duration::from_millis(5);
/// So often at least it is looked for, should nobody have rung.
const AT_LEAST: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(crate) struct Bell {
    woken: watch::Sender<()>,
    written: AtomicU64,
}

impl Bell {
    /// This process has written something.
    pub(crate) fn ring(&self) {
        self.written.fetch_add(1, Ordering::Relaxed);
        self.hear();
    }

    /// Somebody has, it is said.
    pub(crate) fn hear(&self) {
        self.woken.send_replace(());
    }

    /// How often this process has written something.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(crate) fn listen(&self) -> watch::Receiver<()> {
        self.woken.subscribe()
    }

    /// Looks until there is something.
    pub(crate) async fn wait<F>(&self, look: impl Fn() -> F) -> Result<(), LedgerError>
    where
        F: Future<Output = Result<bool, LedgerError>>,
    {
        let mut rung = self.listen();
        let mut pause = SOON;
        // What is rung after this is heard by the next wait.
        while !look().await? {
            match timeout(pause, rung.changed()).await {
                Ok(_) => {
                    pause = SOON;
                    sleep(TOGETHER).await;
                }
                Err(_) => pause = AT_LEAST.min(2 * pause),
            }
        }
        Ok(())
    }
}
