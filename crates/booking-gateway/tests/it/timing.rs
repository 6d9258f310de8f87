//! T18: how long the comparison of a secret takes tells nothing of the secret.
//!
//! Noise of a busy machine can be larger than what is looked for, so it is run by hand: `just timing`.

use std::hint::black_box;
use std::time::Instant;

use booking_gateway::SecretHash;

const COMPARISONS: usize = 100_000;

/// So many comparisons are timed together: one is shorter than a clock tells.
const TOGETHER: usize = 64;

fn hash(digits: &str) -> SecretHash {
    digits.to_owned().try_into().unwrap()
}

struct Sample {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Sample {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let off = value - self.mean;
        self.mean += off / self.count;
        self.squares += off * (value - self.mean);
    }

    fn error(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it measures the time that passes"
)]
fn timed(one: &SecretHash, other: &SecretHash) -> f64 {
    let begun = Instant::now();
    for _ in 0..TOGETHER {
        black_box(black_box(one) == black_box(other));
    }
    begun.elapsed().as_secs_f64() * 1e9
}

/// Welch's t of two kinds of comparison, timed in a random order.
fn welch(mut one: impl FnMut() -> f64, mut other: impl FnMut() -> f64) -> f64 {
    let sample = || Sample {
        count: 0.0,
        mean: 0.0,
        squares: 0.0,
    };
    let (mut first, mut second) = (sample(), sample());
    let mut random = fastrand::Rng::with_seed(1);
    // What was interrupted says nothing about the comparison.
    let nearly_all = |some: &mut Vec<f64>| {
        some.sort_by(f64::total_cmp);
        some[some.len() * 9 / 10]
    };
    let cut = nearly_all(&mut (0..5_000).map(|_| one()).collect())
        .max(nearly_all(&mut (0..5_000).map(|_| other()).collect()));
    for _ in 0..COMPARISONS {
        let (took, sample) = if random.bool() {
            (one(), &mut first)
        } else {
            (other(), &mut second)
        };
        if took <= cut {
            sample.add(took);
        }
    }
    (first.mean - second.mean) / (first.error() + second.error()).sqrt()
}

#[test]
#[ignore = "noise of a busy machine is larger than what it looks for: `just timing`"]
fn a_secret_that_is_nearly_right_is_refused_no_later() {
    let whole = "a5".repeat(32);
    let right = hash(&whole);
    let first_differs = hash(&format!("00{}", &whole[2..]));
    let last_differs = hash(&format!("{}00", &whole[..62]));
    let t = welch(
        || timed(&right, &first_differs),
        || timed(&right, &last_differs),
    );
    println!("T18: |t| = {:.2} of {COMPARISONS} comparisons", t.abs());
    assert!(t.abs() < 5.0, "t = {t}");
    // The same measurement sees a comparison that stops at the first difference.
    let bytes = |text: &str| text.as_bytes().to_vec();
    let (a, b, c) = (
        bytes(&whole),
        bytes(&format!("00{}", &whole[2..])),
        bytes(&format!("{}00", &whole[..62])),
    );
    let stops = |one: &[u8], other: &[u8]| {
        #[expect(
            clippy::disallowed_methods,
            reason = "it measures the time that passes"
        )]
        let begun = Instant::now();
        for _ in 0..TOGETHER {
            black_box(
                black_box(one)
                    .iter()
                    .zip(black_box(other))
                    .all(|(one, other)| one == other),
            );
        }
        begun.elapsed().as_secs_f64() * 1e9
    };
    let naive = welch(|| stops(&a, &b), || stops(&a, &c));
    assert!(naive.abs() > 5.0, "it sees nothing: t = {naive}");
}
