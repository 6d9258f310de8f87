//! Free seats where they stand in the bus.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use booking_ports::FreeSeat;

/// A seat that is not free, or no seat at all: the provider lists free ones only.
const NOT_FREE: &str = "·";

/// Rows from the front, columns from the left, a gap where no row has a free seat: the aisle.
pub(crate) fn draw(seats: &[FreeSeat]) -> String {
    if seats.is_empty() {
        return "  no free seat\n".to_owned();
    }
    let mut rows: BTreeMap<u16, BTreeMap<u16, Vec<&str>>> = BTreeMap::new();
    for seat in seats {
        let place = rows.entry(seat.row).or_default();
        place
            .entry(seat.column)
            .or_default()
            .push(seat.name.as_str());
    }
    let columns: BTreeSet<u16> = seats.iter().map(|seat| seat.column).collect();
    let width = seats
        .iter()
        .map(|seat| seat.name.as_str().chars().count())
        .max()
        .unwrap_or(1);
    let mut drawing = "  front\n".to_owned();
    for row in rows.values() {
        let mut line = String::new();
        let mut before: Option<u16> = None;
        for column in &columns {
            if before.is_some_and(|before| column - before > 1) {
                let _ = write!(line, " {:width$}", "");
            }
            before = Some(*column);
            let names = row.get(column);
            // Two seats on one place cannot be drawn; the second is named behind.
            let name = names.and_then(|names| names.first()).unwrap_or(&NOT_FREE);
            let _ = write!(line, " {name:>width$}");
        }
        let doubled = row
            .values()
            .flat_map(|names| names.iter().skip(1))
            .map(|name| format!(" + {name}"))
            .collect::<Vec<_>>()
            .concat();
        let _ = writeln!(drawing, " {}{doubled}", line.trim_end());
    }
    let _ = writeln!(drawing, "\n  {NOT_FREE} not free");
    drawing
}

/// Seats by price, the cheapest first; one line where all cost the same.
pub(crate) fn prices(seats: &[FreeSeat]) -> String {
    let mut groups: BTreeMap<(bool, u64), Vec<&str>> = BTreeMap::new();
    for seat in seats {
        let key = (seat.price.is_none(), seat.price.unwrap_or_default());
        groups.entry(key).or_default().push(seat.name.as_str());
    }
    let alike = groups.len() == 1;
    groups
        .into_iter()
        .map(|((unstated, price), names)| {
            let price = if unstated {
                "price not stated".to_owned()
            } else {
                rupiah(price)
            };
            if alike {
                format!("  {price} each\n")
            } else {
                format!("  {price}: {}\n", names.join(" "))
            }
        })
        .collect()
}

/// `Rp 1.250.000`, as prices are written in Indonesia.
fn rupiah(amount: u64) -> String {
    let digits = amount.to_string();
    let mut text = "Rp ".to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use booking_domain::SeatName;
    use booking_ports::FreeSeat;

    use super::{draw, prices, rupiah};

    fn seat(name: &str, row: u16, column: u16, price: Option<u64>) -> FreeSeat {
        let name = SeatName::new(name).unwrap();
        FreeSeat {
            name,
            row,
            column,
            price,
        }
    }

    #[test]
    fn seats_stand_in_their_rows_with_the_aisle_between() {
        let seats = [
            seat("1", 0, 0, None),
            seat("2", 0, 1, None),
            seat("4", 0, 4, None),
            seat("9A", 2, 1, None),
            seat("7", 2, 3, None),
        ];
        let expected = "  front
   1  2     ·  4
   · 9A     7  ·

  · not free
";
        assert_eq!(draw(&seats), expected);
    }

    #[test]
    fn two_seats_on_one_place_are_both_named() {
        let seats = [seat("1", 0, 0, None), seat("1X", 0, 0, None)];
        assert!(draw(&seats).contains("1 + 1X"));
    }

    #[test]
    fn an_absurd_layout_takes_no_more_room_than_its_seats() {
        let seats = [seat("1", 0, 0, None), seat("2", u16::MAX, u16::MAX, None)];
        assert!(draw(&seats).len() < 100);
    }

    #[test]
    fn prices_are_grouped_only_where_they_differ() {
        let alike = [seat("1", 0, 0, Some(20_000)), seat("2", 0, 1, Some(20_000))];
        assert_eq!(prices(&alike), "  Rp 20.000 each\n");
        let different = [
            seat("1", 0, 0, None),
            seat("2", 0, 1, Some(30_000)),
            seat("3", 0, 2, Some(20_000)),
        ];
        assert_eq!(
            prices(&different),
            "  Rp 20.000: 3\n  Rp 30.000: 2\n  price not stated: 1\n"
        );
        assert_eq!(rupiah(1_250_000), "Rp 1.250.000");
        assert_eq!(rupiah(5), "Rp 5");
    }
}
