#![doc = include_str!("../README.md")]

mod resolver;

pub use resolver::{Resolver, ResolverBounds, Sweep, SweepProgress};
