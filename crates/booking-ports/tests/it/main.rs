//! The in-memory provider keeps the contract, and the contract is tested by more than itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod advice;
mod late_receipt;
mod ledger;
mod memory;
mod neighbours;
mod suite;
