#![doc = include_str!("../README.md")]

mod detached;
mod recorded;

pub use recorded::{FileSpill, Recorded, Spill, Unwritten};
