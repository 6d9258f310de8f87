//! Settings: where they come from, and one clear line for each mistake.

mod mistakes;
mod open_points;
mod places;
mod secret_files;

use crate::harness::{Place, Ran, order};

pub(super) fn block(place: &Place, environment: &[(&str, &str)]) -> Ran {
    place.write("order.json", order("r-1", "8").to_string());
    place.run_with(["block", "order.json"], environment)
}

/// The mistakes that settings of this text lead to, one line each.
pub(super) fn mistakes(toml: &str) -> Vec<String> {
    let place = Place::new();
    place.write("seatblock.toml", toml);
    let ran = block(&place, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{toml}: {ran:?}");
    // That the file is readable to others and holds a secret is a warning, not a mistake.
    let lines = ran
        .stderr
        .lines()
        .filter(|line| !line.contains("warning: "));
    lines.map(str::to_owned).collect()
}
