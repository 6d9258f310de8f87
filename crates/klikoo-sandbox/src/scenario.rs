//! A scenario file: further trips and scripted faults, in TOML.

use serde::{Deserialize, Serialize};
use time::Time;

use crate::country::Place;
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

/// A trip beside those that always run. It has the magic seats as well, and runs every day.
///
/// ```
/// use klikoo_sandbox::TripSpec;
///
/// let late = TripSpec {
///     to: Some("location:103".parse().unwrap()),
///     departs: Some(time::macros::time!(22:30)),
///     price: Some(90_000),
///     ..TripSpec::new(7, 12)
/// };
/// assert_eq!((late.id, late.seats, late.from), (7, 12, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TripSpec {
    /// The trip's id.
    pub id: u64,
    /// How many seats, named `1` and so on.
    #[serde(default = "TripSpec::usual_seats")]
    pub seats: u32,
    /// Where it leaves. Default: `city:1`, which is Jakarta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Place>,
    /// Where it goes. Default: `city:2`, which is Bandung.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Place>,
    /// Who runs it. Default: `Klikoo Sandbox`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub travel_name: Option<String>,
    /// The kind of bus. Default: `Executive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus_type: Option<String>,
    /// When it leaves, in Jakarta's time. Default: `08:00`.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "hour_minute")]
    pub departs: Option<Time>,
    /// What each seat costs, in rupiah. Default: 20000. No block's price is compared with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<u32>,
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

    /// A trip with seats `1` to `seats`, and everything else as usual.
    ///
    /// ```
    /// assert_eq!(klikoo_sandbox::TripSpec::new(7, 12).id, 7);
    /// ```
    #[must_use]
    pub const fn new(id: u64, seats: u32) -> Self {
        Self {
            id,
            seats,
            from: None,
            to: None,
            travel_name: None,
            bus_type: None,
            departs: None,
            price: None,
        }
    }

    const fn usual_seats() -> u32 {
        Self::USUAL_SEATS
    }
}

/// A time of day as `08:00`, where there is one.
mod hour_minute {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use time::Time;
    use time::format_description::BorrowedFormatItem;
    use time::macros::format_description;

    const FORM: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands a reference to the field"
    )]
    pub(super) fn serialize<S: Serializer>(time: &Option<Time>, to: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => to.serialize_str(&time.format(FORM).map_err(S::Error::custom)?),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Time>, D::Error> {
        let text = String::deserialize(from)?;
        Time::parse(&text, FORM)
            .map(Some)
            .map_err(|_| D::Error::custom("this is no time of day; write it as 08:00"))
    }
}
