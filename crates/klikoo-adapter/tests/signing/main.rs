//! Signing, from the outside: vectors, keys, secrecy, diagnosis, and an independent oracle.

mod alteration;
mod diagnosis;
mod differential;
mod keys;
mod secrecy;
mod vectors;
