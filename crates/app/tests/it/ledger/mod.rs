//! What `block` remembers, and what the commands around the ledger tell and do.

mod absent;
mod book;
mod commands;
mod damaged;
mod killed;
mod lost_provider;
mod recover;
mod remembered;
mod set_back;
mod shred;
mod spilled;
