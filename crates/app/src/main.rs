//! `seatblock`: hold bus seats at Klikoo from the command line.

fn main() {}
