//! A provider's text is hostile input: it is made fit to print, and what it repeats of the
//! traveller is masked, before anybody sees it.

use booking_domain::{BlockOrder, is_deceptive};

/// Stands where a personal value stood.
const MASK: &str = "[personal]";

/// Longest message that is passed on, in characters.
pub(crate) const MESSAGE_MAX: usize = 300;

/// `text` in one line, without control or invisible characters, of at most `longest` characters. What
/// is cut off leaves `…` as the last of them, and no escape is cut through.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(longest));
    // How many characters are shown, and up to which byte there is room for one more.
    let (mut length, mut room) = (0, 0);
    for c in text.chars() {
        // Direction marks and line separators can make a log line look like another one.
        let escaped = c.is_control() || is_deceptive(c);
        length += if escaped { c.escape_unicode().len() } else { 1 };
        if length > longest {
            shown.truncate(room);
            if longest > 0 {
                shown.push('…');
            }
            break;
        }
        if escaped {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
        if length < longest {
            room = shown.len();
        }
    }
    shown
}

/// Longest part of a provider's text that is looked at: enough for [`MESSAGE_MAX`] after masking,
/// and little enough that a hostile megabyte costs nothing.
const LOOKED_AT: usize = 4096;

/// As many digits in a row, separators between them or not, may be a phone or identity number or
/// a date of birth, however a provider has rewritten it.
const DIGITS_MASKED: usize = 8;

/// Hides the personal values of an order, and the secrets of the attempt.
pub(crate) struct Mask {
    values: Vec<Vec<char>>,
}

impl Mask {
    /// Knows each value as it is sent, the words of names, dates in other forms, and phone
    /// numbers without their prefix.
    pub(crate) fn of(order: &BlockOrder, secrets: &[&str]) -> Self {
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
        let email = order.contact().email().expose();
        values.extend(email.split('@').next().map(str::to_owned));
        for passenger in order.legs().flat_map(booking_domain::Leg::passengers) {
            let (year, month, day) = passenger.date_of_birth().expose().to_calendar_date();
            let month = u8::from(month);
            values.extend([
                format!("{year:04}{month:02}{day:02}"),
                format!("{year:04}/{month:02}/{day:02}"),
                format!("{day:02}-{month:02}-{year:04}"),
                format!("{day:02}/{month:02}/{year:04}"),
                format!("{day:02}{month:02}{year:04}"),
                format!("{year:04}"),
            ]);
        }
        Self::hiding(values, secrets)
    }

    /// Hides secrets alone, where no order is at hand.
    pub(crate) fn secrets(secrets: &[&str]) -> Self {
        Self::hiding(Vec::new(), secrets)
    }

    fn hiding(mut values: Vec<String>, secrets: &[&str]) -> Self {
        values.extend(secrets.iter().map(|&secret| secret.to_owned()));
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

    /// `text` with every value masked, in whatever case it is written, then made fit to print.
    pub(crate) fn message(&self, text: &str) -> String {
        // What cannot be seen could part a value so that it is not recognised.
        let visible = text.chars().filter(|c| !is_deceptive(*c));
        let mut original: Vec<char> = visible.take(LOOKED_AT).collect();
        if original.len() == LOOKED_AT {
            // A value that the cut went through would not be recognised.
            let last_word = original.iter().rposition(|c| c.is_whitespace());
            original.truncate(last_word.unwrap_or(0).min(LOOKED_AT - MESSAGE_MAX));
            original.push('…');
        }
        let folded_text: Vec<char> = original.iter().copied().map(folded).collect();
        let mut masked = String::with_capacity(text.len().min(LOOKED_AT));
        let mut at = 0;
        while at < original.len() {
            let length = self
                .length_at(&folded_text, at)
                .or_else(|| digits_at(&original, at))
                .or_else(|| address_at(&original, at));
            if let Some(length) = length {
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

/// The length of a run of at least [`DIGITS_MASKED`] digits that begins at `at`.
fn digits_at(text: &[char], at: usize) -> Option<usize> {
    let digit = |place: usize| text.get(place).is_some_and(char::is_ascii_digit);
    if !digit(at) || at.checked_sub(1).is_some_and(digit) {
        return None;
    }
    let (mut digits, mut end) = (0, at);
    // One separator may stand between two digits; two of them end the run.
    while digit(end)
        || (matches!(text.get(end), Some(' ' | '-' | '.' | '/' | '_')) && digit(end + 1))
    {
        digits += usize::from(digit(end));
        end += 1;
    }
    (digits >= DIGITS_MASKED).then_some(end - at)
}

/// The length of the word at `at`, where one begins there and holds an email address.
fn address_at(text: &[char], at: usize) -> Option<usize> {
    let within_word = at
        .checked_sub(1)
        .is_some_and(|before| !text[before].is_whitespace());
    if within_word {
        return None;
    }
    let word: String = text[at..]
        .iter()
        .take_while(|c| !c.is_whitespace())
        .collect();
    let address = word.contains('@') || word.contains("%40");
    address.then(|| word.chars().count())
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
        Mask::of(
            &draft.check(date!(2026 - 11 - 24)).unwrap(),
            &["the-client-secret"],
        )
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
        assert_eq!(printable("abcdef", 3), "ab…");
        assert_eq!(printable("abc", 3), "abc");
        assert_eq!(printable("abc", 1), "…");
        assert_eq!(printable("abc", 0), "");
    }

    #[test]
    fn escapes_count_as_long_as_they_are() {
        assert_eq!(printable("ab\u{1b}", 8), "ab\\u{1b}");
        assert_eq!(printable("ab\u{1b}", 7), "ab…");
        assert_eq!(printable("ab\u{1b}c", 8), "ab…");
        assert_eq!(printable("ab\u{1b}c", 9), "ab\\u{1b}c");
        // All kinds at every length: as whole as there is room for, and never longer than promised.
        let text = "aé…\u{0}b\u{202e}\u{e0041}\r\n\u{10ffff}🚌z";
        let whole = printable(text, usize::MAX);
        let length = whole.chars().count();
        assert_eq!(length, 39);
        for longest in 0..length + 2 {
            let shown = printable(text, longest);
            assert!(shown.chars().count() <= longest, "{longest}: {shown}");
            let kept = shown.strip_suffix('…').unwrap_or(&shown);
            assert!(whole.starts_with(kept), "{longest}: {shown}");
            assert_eq!(shown == whole, longest >= length, "{longest}: {shown}");
        }
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
            "3174-1009-2199-23332",
            "1996.12.09",
            "9 Dec 1996",
            "pdputra%40pvg.co.id",
            "pdputra",
            "+65 9123 4567",
            "THE-CLIENT-SECRET",
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
    fn a_value_parted_by_invisible_characters_is_masked() {
        for hostile in [
            "Si\u{ad}ti",
            "Nur\u{200b}haliza",
            "31741009\u{2060}219923332",
        ] {
            let shown = mask("Siti Nurhaliza").message(&format!("passenger {hostile} rejected"));
            assert_eq!(shown, "passenger [personal] rejected");
        }
    }

    #[test]
    fn short_numbers_stay_readable() {
        let text = "trip 188336 has no seat 12, code 7003";
        assert_eq!(mask("Siti").message(text), text);
    }

    #[test]
    fn a_hostile_megabyte_is_cut_before_it_is_searched() {
        let text = format!("{} Siti", "x".repeat(1 << 20));
        assert_eq!(mask("Siti").message(&text), "…");
        let text = "word ".repeat(1 << 18);
        assert!(mask("Siti").message(&text).starts_with("word word"));
    }

    #[test]
    fn a_short_name_is_masked_as_a_word_only() {
        assert_eq!(
            mask("A").message("a seat, A was asked"),
            "[personal] seat, [personal] was asked"
        );
    }
}
