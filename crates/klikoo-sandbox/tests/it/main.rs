//! Judges the sandbox from outside, over real sockets.

mod client;
mod faults;
mod holds;
mod journal;
mod magic;
mod neighbours;
mod requests;
mod scenario;
mod server;
mod token;
