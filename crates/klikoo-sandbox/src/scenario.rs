//! A scenario file: further trips and scripted faults, in TOML.

use serde::{Deserialize, Serialize};

use crate::error::ScenarioError;
use crate::fault::{Rule, check};

/// Further trips and faults, as `--scenario FILE` carries them.
///
/// ```
/// use klikoo_sandbox::{Fault, Scenario};
///
/// let scenario = Scenario::from_toml(r#"
///     [[trip]]
///     id = 7
///     seats = 12
///
///     [[fault]]
///     path = "block-seat"
///     nth = 1
///     then = "execute_then_cut"
/// "#).unwrap();
/// assert_eq!(scenario.trips[0].seats, 12);
/// assert_eq!(scenario.faults[0].then, Fault::ExecuteThenCut);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Trips beside those that always exist.
    #[serde(default, rename = "trip")]
    pub trips: Vec<TripSpec>,
    /// Faults, the first that applies to a call deciding it.
    #[serde(default, rename = "fault")]
    pub faults: Vec<Rule>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    ///
    /// [`ScenarioError::Syntax`] when the text is not TOML or has a key or
    /// fault that is not known; [`ScenarioError::Fault`] when a fault's
    /// conditions or values cannot be.
    ///
    /// ```
    /// use klikoo_sandbox::Scenario;
    /// let error = Scenario::from_toml("[[fault]]\nnth = 0\nthen = \"not_json\"").unwrap_err();
    /// assert_eq!(error.to_string(), "fault 1 of the scenario cannot be used: `nth` counts from 1");
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self =
            toml::from_str(text).map_err(|error| ScenarioError::Syntax(error.to_string()))?;
        for (index, rule) in scenario.faults.iter().enumerate() {
            check(rule).map_err(|why| ScenarioError::Fault {
                number: index + 1,
                why,
            })?;
        }
        Ok(scenario)
    }
}

/// A trip beside 188336 and 188400. It has the magic seats as well.
///
/// ```
/// use klikoo_sandbox::TripSpec;
/// assert_eq!(TripSpec::new(7, 12), TripSpec { id: 7, seats: 12 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TripSpec {
    /// The trip's id.
    pub id: u64,
    /// How many seats, named `1` and so on.
    #[serde(default = "TripSpec::usual_seats")]
    pub seats: u32,
}

impl TripSpec {
    /// The most seats of one trip: enough for a load run, and no more than fits in memory.
    ///
    /// ```
    /// assert_eq!(klikoo_sandbox::TripSpec::MAX_SEATS, 1_000_000);
    /// ```
    pub const MAX_SEATS: u32 = 1_000_000;

    /// Numbered seats of a bus, where nothing else is said.
    pub(crate) const USUAL_SEATS: u32 = 36;

    /// A trip with seats `1` to `seats`.
    ///
    /// ```
    /// assert_eq!(klikoo_sandbox::TripSpec::new(7, 12).id, 7);
    /// ```
    #[must_use]
    pub const fn new(id: u64, seats: u32) -> Self {
        Self { id, seats }
    }

    const fn usual_seats() -> u32 {
        Self::USUAL_SEATS
    }
}
