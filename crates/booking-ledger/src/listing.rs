//! A list as a statement. Each goes along an index, so that a page costs the same however long the
//! list is; only what is asked of one trip looks at all of that trip.

use booking_ports::{Listing, Page, Which};

use crate::moment::to_millis;
use crate::row::signed;

/// What differs between the databases.
pub(crate) struct Dialect {
    pub(crate) columns: &'static str,
    pub(crate) holds: &'static str,
    pub(crate) unsettled: &'static str,
    pub(crate) settled: &'static str,
    pub(crate) keeps_order: &'static str,
    /// Whether a statement has to name its index. Left to itself, `SQLite` would take that of the
    /// states, say, and sort all that are held.
    pub(crate) names_indexes: bool,
}

/// What stands for a `$1` and so on.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
}

pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// One way along an index, and what is left out on it.
struct Way {
    index: &'static str,
    conditions: Vec<String>,
}

/// Binds every value of a statement to its query.
macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                $crate::listing::Value::Number(number) => query.bind(*number),
                $crate::listing::Value::Text(text) => query.bind(text.as_str()),
            };
        }
        query
    }};
}
pub(crate) use bind_all;

/// The column by which a list goes before it goes by number.
pub(crate) fn time_of(which: Which) -> Option<&'static str> {
    match which {
        Which::NextToExpire => Some("deadline"),
        Which::EndedBefore(_) => Some("changed_at"),
        Which::All | Which::State(_) | Which::Unsettled | Which::Live(_) => None,
    }
}

impl Dialect {
    /// One page of a list. In one that goes by a time, the record that the page comes after stands at
    /// `time`.
    pub(crate) fn list(&self, listing: &Listing, page: Page, time: i64) -> Statement {
        let mut values = Vec::new();
        let mut value = |value: Value| {
            values.push(value);
            format!("${}", values.len())
        };
        let key = time_of(listing.which);
        // Backwards, both say how late it may be, and an index is begun at the later one at worst.
        let moment = match listing.which {
            Which::EndedBefore(moment) => to_millis(moment),
            _ => i64::MAX,
        };
        let backwards_from = page.after.filter(|_| listing.newest_first && time < moment);
        let mut ways = self.ways(listing, backwards_from.is_none(), &mut value);
        if let Some(after) = page.after {
            let follows = if listing.newest_first { "<" } else { ">" };
            let after = value(Value::Number(signed(after)));
            let condition = match key {
                Some(key) => {
                    let time = value(Value::Number(time));
                    format!("({key}, number) {follows} ({time}, {after})")
                }
                None => format!("number {follows} {after}"),
            };
            for way in &mut ways {
                way.conditions.push(condition.clone());
            }
        }
        let limit = value(Value::Number(page.limit.into()));
        let down = if listing.newest_first { " DESC" } else { "" };
        let order = match key {
            Some(key) => format!("ORDER BY {key}{down}, number{down}"),
            None => format!("ORDER BY number{down}"),
        };
        let along = |way: &Way, columns: &str| {
            let hint = match way.index {
                "" => String::new(),
                index if self.names_indexes => format!(" INDEXED BY {index}"),
                _ => String::new(),
            };
            let filter = match way.conditions.join(" AND ") {
                none if none.is_empty() => none,
                conditions => format!(" WHERE {conditions}"),
            };
            let holds = self.holds;
            format!("SELECT {columns} FROM {holds}{hint}{filter} {order} LIMIT {limit}")
        };
        let sql = match ways.as_slice() {
            [one] => along(one, self.columns),
            several => {
                let columns = key.map_or("number".to_owned(), |key| format!("number, {key}"));
                let parts: Vec<String> = several
                    .iter()
                    .zip(["one", "other"])
                    .map(|(way, name)| {
                        format!("SELECT * FROM ({}) AS {name}", along(way, &columns))
                    })
                    .collect();
                let (all, holds) = (self.columns, self.holds);
                let numbers = parts.join(" UNION ALL ");
                format!(
                    "SELECT {all} FROM {holds} WHERE number IN (SELECT number FROM ({numbers}) AS listed \
                     {order} LIMIT {limit}) {order}"
                )
            }
        };
        Statement { sql, values }
    }

    /// Those of what has ended are `bounded` by its moment, unless what is more so follows.
    fn ways(
        &self,
        listing: &Listing,
        bounded: bool,
        value: &mut impl FnMut(Value) -> String,
    ) -> Vec<Way> {
        let tenant = listing.tenant.as_ref();
        let of_tenant = tenant.map(|it| format!("tenant = {}", value(Value::Text(it.to_string()))));
        if let Some(trip) = listing.trip {
            let trip = value(Value::Number(trip.get()));
            let mut rest: Vec<String> = of_tenant.into_iter().collect();
            rest.extend(self.is_one(listing.which, bounded, value));
            // There, or back: no order has the same trip for both.
            return [
                ("holds_by_trip", "trip"),
                ("holds_by_return_trip", "return_trip"),
            ]
            .map(|(index, column)| {
                let mut conditions = vec![format!("{column} = {trip}")];
                conditions.extend(rest.iter().cloned());
                Way { index, conditions }
            })
            .into();
        }
        let parts = match listing.which {
            Which::Live(moment) => {
                let moment = value(Value::Number(to_millis(moment)));
                let (settled, unsettled) = (self.settled, self.unsettled);
                let live = is_live(&moment);
                vec![
                    ("holds_unsettled", vec![unsettled.to_owned(), live]),
                    (
                        "holds_by_deadline",
                        vec![format!(
                            "state = 'held' AND {settled} AND deadline > {moment}"
                        )],
                    ),
                ]
            }
            which => vec![(index(which), self.is_one(which, bounded, value))],
        };
        let way = |(index, mut conditions): (&'static str, Vec<String>)| {
            conditions.extend(of_tenant.clone());
            let index = if of_tenant.is_some() {
                tenants(index)
            } else {
                index
            };
            Way { index, conditions }
        };
        parts.into_iter().map(way).collect()
    }

    /// What makes a record one of these.
    fn is_one(
        &self,
        which: Which,
        bounded: bool,
        value: &mut impl FnMut(Value) -> String,
    ) -> Vec<String> {
        let (settled, unsettled) = (self.settled, self.unsettled);
        match which {
            Which::All => Vec::new(),
            Which::State("sending") => vec![format!("{unsettled} AND state = 'sending'")],
            Which::State(name) => {
                let state = value(Value::Text(name.to_owned()));
                vec![format!("state <> 'sending' AND state = {state}")]
            }
            Which::Unsettled => vec![unsettled.to_owned()],
            Which::NextToExpire => vec![format!("state = 'held' AND {settled}")],
            Which::EndedBefore(moment) => {
                let keeps_order = self.keeps_order;
                let mut all = vec![format!(
                    "{keeps_order} AND {settled} \
                     AND state IN ('refused', 'not sent', 'booked', 'expired')"
                )];
                if bounded {
                    let moment = value(Value::Number(to_millis(moment)));
                    all.push(format!("changed_at < {moment}"));
                }
                all
            }
            // The states once more, to go along an index by them.
            Which::Live(moment) => vec![
                "state IN ('sending', 'unknown', 'held without receipt', 'held')".to_owned(),
                is_live(&value(Value::Number(to_millis(moment)))),
            ],
        }
    }
}

fn is_live(moment: &str) -> String {
    format!(
        "(state IN ('sending', 'unknown', 'held without receipt') \
         OR state = 'held' AND deadline > {moment})"
    )
}

/// The index of a list of all tenants; that of one tenant has the same order after the tenant.
fn index(which: Which) -> &'static str {
    match which {
        Which::All => "",
        // It is found among the unsettled, and so in no other index.
        Which::State("sending") | Which::Unsettled | Which::Live(_) => "holds_unsettled",
        Which::State(_) => "holds_by_state",
        Which::NextToExpire => "holds_by_deadline",
        Which::EndedBefore(_) => "holds_ended",
    }
}

fn tenants(index: &'static str) -> &'static str {
    match index {
        "" => "holds_of_tenant",
        "holds_unsettled" => "holds_of_tenant_unsettled",
        "holds_by_state" => "holds_of_tenant_by_state",
        "holds_by_deadline" => "holds_of_tenant_by_deadline",
        "holds_ended" => "holds_of_tenant_ended",
        other => other,
    }
}
