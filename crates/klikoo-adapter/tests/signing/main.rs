//! Signing, from the outside: vectors, keys, secrecy, diagnosis, and an independent oracle.

#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

mod alteration;
mod diagnosis;
mod differential;
mod keys;
mod secrecy;
mod vectors;
