//! What `block` remembers, and what the commands around the ledger tell and do.

mod commands;
mod killed;
mod remembered;
