//! Clocks that are wrong: fifteen of them, each under every operation that looks at one. The real
//! layers, adapter and resolver run, against a sandbox whose clock is right.

mod cells;
mod steps;
mod world;

use self::world::World;

/// How far this host's clock is ahead of Klikoo's, in seconds. A signature may be 240 off.
const SKEWS: [i64; 15] = [
    -3_600, -1_800, -600, -241, -240, -60, -1, 0, 1, 60, 240, 241, 600, 1_800, 3_600,
];

/// The most that a clock which signs may be off, in seconds.
const CAP: i64 = 240;

fn may_sign(skew: i64) -> bool {
    skew.abs() <= CAP
}

#[tokio::test]
async fn no_clock_shows_a_hold_after_its_end_or_signs_beyond_the_cap() {
    let mut cells = 0;
    for skew in SKEWS {
        cells::block(skew).await;
        cells::repeat(skew).await;
        cells::show(skew).await;
        cells::book(skew).await;
        cells::end_by_time(skew).await;
        cells::sign(skew).await;
        cells += 6;
    }
    assert_eq!(cells, 90);
}

#[tokio::test]
async fn nor_does_one_that_is_set_at_any_moment() {
    for seed in 0..200 {
        steps::run(seed).await;
    }
}

/// Where the days, months and years change in one place and not in another.
#[tokio::test]
async fn nor_does_the_zone_of_the_host_or_the_edge_of_a_year_matter() {
    for edge in [
        time::macros::datetime!(2026-12-31 23:59:30 +7),
        time::macros::datetime!(2026-12-31 23:59:30 UTC),
        time::macros::datetime!(2028-02-28 23:59:30 +7),
        time::macros::datetime!(2028-02-29 23:59:30 -12),
    ] {
        for hours in -12..=14 {
            for minutes in [0, 30, 45] {
                let Ok(zone) = time::UtcOffset::from_hms(hours, minutes * hours.signum(), 0) else {
                    continue;
                };
                let world = World::at(edge, 0).await;
                world.host.step_to(edge.to_offset(zone));
                assert_eq!(world.block("one").await, "held", "{edge} at {zone}");
                for (passed, expected) in [(29 * 60 + 59, "held"), (1, "expired")] {
                    world.pass(passed);
                    assert_eq!(world.block("one").await, expected, "{edge} at {zone}");
                    assert_eq!(world.shown("one").await, expected, "{edge} at {zone}");
                }
                world.nothing_was_signed_beyond_the_cap();
            }
        }
    }
}
