//! A local Klikoo to test against: checks signatures, holds seats, fails on demand.
