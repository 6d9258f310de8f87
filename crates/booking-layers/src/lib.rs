#![doc = include_str!("../README.md")]

mod detached;
mod governor_clock;
mod limit;
mod operator;
mod recorded;
mod recorded_tickets;
mod resolver;
mod retry;
mod settled;
mod shredder;
mod tasks;
mod traced;

pub use governor_clock::GovernorClock;
pub use limit::{Limit, Limits};
pub use operator::{OperatorFinding, OperatorWord, WordError};
pub use recorded::{FileSpill, Merged, Recorded, Spill, Unwritten};
pub use recorded_tickets::RecordedTickets;
pub use resolver::{Resolver, ResolverBounds, Sweep, SweepProgress};
pub use retry::{Retry, RetryBudget, RetryPolicy};
pub use settled::Settled;
pub use shredder::{Erased, Shredder};
pub use traced::Traced;
