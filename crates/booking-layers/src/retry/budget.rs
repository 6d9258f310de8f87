//! How many repeats all callers together may make.

use std::sync::{Arc, Mutex, PoisonError};

/// One call pays for a tenth of a repeat.
const REPEAT_COSTS: u32 = 10;
/// Two repeats are lent to begin with, or a program that makes one call could repeat nothing. The
/// first calls pay them back before they earn any.
const LENT: u32 = 2 * REPEAT_COSTS;
/// What the latest calls have earned; those longer ago count no more.
const RECENT_CALLS: u32 = 100;

/// At most one repeat for ten calls, counted over the latest hundred: a provider that is down is
/// not trodden on by everybody's repeats. The first two repeats of a program are lent to it, and
/// paid back by its first twenty calls.
///
/// Clones share one budget; give one to every [`Retry`](crate::Retry) around the same provider.
///
/// ```
/// use booking_layers::RetryBudget;
///
/// let budget = RetryBudget::default();
/// budget.call();
/// assert!(budget.repeat() && budget.repeat());
/// assert!(!budget.repeat());
/// for _ in 0..30 {
///     budget.call();
/// }
/// assert!(budget.repeat());
/// ```
#[derive(Clone, Debug, Default)]
pub struct RetryBudget(Arc<Mutex<Account>>);

#[derive(Debug)]
struct Account {
    balance: u32,
    owed: u32,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            balance: LENT,
            owed: LENT,
        }
    }
}

impl RetryBudget {
    /// A call that a caller makes.
    ///
    /// ```
    /// # use booking_layers::RetryBudget;
    /// RetryBudget::default().call();
    /// ```
    pub fn call(&self) {
        self.with(|account| {
            if account.owed > 0 {
                account.owed -= 1;
            } else if account.balance < RECENT_CALLS {
                account.balance += 1;
            }
        });
    }

    /// Takes one repeat from the budget, where there is one.
    ///
    /// ```
    /// # use booking_layers::RetryBudget;
    /// assert!(RetryBudget::default().repeat());
    /// ```
    #[must_use]
    pub fn repeat(&self) -> bool {
        self.with(|account| {
            let left = account.balance.checked_sub(REPEAT_COSTS);
            account.balance = left.unwrap_or(account.balance);
            left.is_some()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Account) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
