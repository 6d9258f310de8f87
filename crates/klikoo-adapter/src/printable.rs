//! A provider's text is hostile input: it is made fit to print, and what it repeats of the
//! traveller is masked, before anybody sees it.

use booking_domain::BlockOrder;

/// Stands where a personal value stood.
const MASK: &str = "[personal]";

/// Longest message that is passed on, in characters.
pub(crate) const MESSAGE_MAX: usize = 300;

/// `text` in one line, without control or invisible characters, of at most `longest` characters.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(longest));
    for (count, c) in text.chars().enumerate() {
        if count == longest {
            shown.push('…');
            break;
        }
        // Direction marks and line separators can make a log line look like another one.
        let deceptive = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if c.is_control() || deceptive {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Hides the personal values of one order.
pub(crate) struct Mask {
    values: Vec<Vec<char>>,
}

impl Mask {
    /// Knows each value as it is sent, the words of names, dates in other forms, and phone
    /// numbers without their prefix.
    pub(crate) fn of(order: &BlockOrder) -> Self {
        let mut values = order.personal_texts();
        let names =
            std::iter::once(order.contact().name().expose()).chain(order.legs().flat_map(|leg| {
                leg.passengers()
                    .iter()
                    .map(|passenger| passenger.name().expose())
            }));
        for name in names {
            values.extend(name.split_whitespace().map(str::to_owned));
        }
        let phone = order.contact().phone_number().expose();
        let national = phone
            .strip_prefix("+62")
            .or_else(|| phone.strip_prefix('0'));
        values.extend(national.map(str::to_owned));
        for passenger in order.legs().flat_map(booking_domain::Leg::passengers) {
            let (year, month, day) = passenger.date_of_birth().expose().to_calendar_date();
            let month = u8::from(month);
            values.extend([
                format!("{year:04}{month:02}{day:02}"),
                format!("{year:04}/{month:02}/{day:02}"),
                format!("{day:02}-{month:02}-{year:04}"),
                format!("{day:02}/{month:02}/{year:04}"),
                format!("{day:02}{month:02}{year:04}"),
            ]);
        }
        // Some letters become two in capitals, as in WEISS; those that do not fold alike.
        let capitals: Vec<String> = values.iter().map(|value| value.to_uppercase()).collect();
        values.extend(capitals);
        values.sort_by_cached_key(|value| (std::cmp::Reverse(value.len()), value.clone()));
        values.dedup();
        let values = values
            .iter()
            .map(|value| value.chars().map(folded).collect())
            .collect();
        Self { values }
    }

    /// `text` with every personal value masked, in whatever case it is written, then made fit to
    /// print.
    pub(crate) fn message(&self, text: &str) -> String {
        let original: Vec<char> = text.chars().collect();
        let folded_text: Vec<char> = original.iter().copied().map(folded).collect();
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        while at < original.len() {
            if let Some(length) = self.length_at(&folded_text, at) {
                masked.push_str(MASK);
                at += length;
            } else {
                masked.push(original[at]);
                at += 1;
            }
        }
        printable(&masked, MESSAGE_MAX)
    }

    /// How long the value is that stands at `at`. A short one counts only as a word of its own:
    /// a passenger named "A" must not blank every message.
    fn length_at(&self, text: &[char], at: usize) -> Option<usize> {
        const SHORT: usize = 3;
        self.values
            .iter()
            .filter(|value| !value.is_empty() && text[at..].starts_with(value))
            .find(|value| {
                let alone = |place: Option<usize>| {
                    place
                        .and_then(|place| text.get(place))
                        .is_none_or(|c| !c.is_alphanumeric())
                };
                value.len() > SHORT
                    || (alone(at.checked_sub(1)) && alone(at.checked_add(value.len())))
            })
            .map(Vec::len)
    }
}

/// One character for one, so that places in the folded text are places in the text.
fn folded(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use booking_domain::OrderDraft;
    use time::macros::date;

    use super::{Mask, printable};

    fn mask(name: &str) -> Mask {
        let mut draft = OrderDraft::sample();
        name.clone_into(&mut draft.departure.passengers[0].name);
        Mask::of(&draft.check(date!(2026 - 11 - 24)).unwrap())
    }

    #[test]
    fn control_and_direction_characters_are_escaped() {
        assert_eq!(
            printable("a\u{1b}[31m\r\n\0\u{202e}b", 99),
            "a\\u{1b}[31m\\u{d}\\u{a}\\u{0}\\u{202e}b"
        );
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(printable("abcdef", 3), "abc…");
        assert_eq!(printable("abc", 3), "abc");
    }

    #[test]
    fn every_personal_value_is_masked_in_any_case_and_form() {
        let mask = mask("Siti Nurhaliza");
        for hostile in [
            "Siti Nurhaliza",
            "SITI",
            "nurhaliza",
            "pandu",
            "PDPUTRA@pvg.co.id",
            "082122274139",
            "+6282122274139",
            "1996-12-09",
            "09/12/1996",
            "19961209",
            "31741009219923332",
        ] {
            let shown = mask.message(&format!("passenger {hostile} rejected"));
            assert!(
                !shown.to_lowercase().contains(&hostile.to_lowercase()),
                "{shown}"
            );
            assert!(shown.contains("[personal]"), "{shown}");
        }
    }

    #[test]
    fn a_short_name_is_masked_as_a_word_only() {
        assert_eq!(
            mask("A").message("a seat, A was asked"),
            "[personal] seat, [personal] was asked"
        );
    }
}
