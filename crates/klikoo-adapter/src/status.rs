//! Klikoo's words for the state of a transaction (`docs/klikoo-api.md`, A4).

use booking_domain::{ProviderStatus, StatusMeaning};

use crate::printable::{Mask, printable};

/// Longest status word that is kept.
const STATUS_MAX: usize = 32;

/// What `word` means; `None` where it is blank. Only a new word can hold something that has to be
/// hidden, so only then is a mask made.
pub(crate) fn provider_status(word: &str, mask: impl FnOnce() -> Mask) -> Option<ProviderStatus> {
    let word = word.trim();
    let meaning = match word.to_ascii_uppercase().as_str() {
        "" => return None,
        "WAITING" => StatusMeaning::Waiting,
        "SUCCESS" => StatusMeaning::Booked,
        // The first two are documented; nobody can mean a live hold by the others.
        "FAILED" | "EXPIRED" | "CANCELLED" | "CANCELED" | "REJECTED" | "REFUNDED" => {
            StatusMeaning::Ended
        }
        _ => {
            let word = printable(&mask().message(word), STATUS_MAX);
            return Some(ProviderStatus::new(StatusMeaning::Unrecognised, word));
        }
    };
    Some(ProviderStatus::new(meaning, word))
}

#[cfg(test)]
mod tests {
    use booking_domain::StatusMeaning;

    use super::provider_status;
    use crate::printable::Mask;

    #[test]
    fn words_are_known_in_any_case_and_new_ones_kept() {
        for (word, meaning, kept) in [
            ("WAITING", StatusMeaning::Waiting, "WAITING"),
            ("waiting\n", StatusMeaning::Waiting, "waiting"),
            (" Success ", StatusMeaning::Booked, "Success"),
            ("EXPIRED", StatusMeaning::Ended, "EXPIRED"),
            ("refunded", StatusMeaning::Ended, "refunded"),
            ("ON_HOLD", StatusMeaning::Unrecognised, "ON_HOLD"),
            ("A\u{1b}[31m", StatusMeaning::Unrecognised, "A\\u{1b}[31m"),
            ("a-secret", StatusMeaning::Unrecognised, "[personal]"),
        ] {
            let status = provider_status(word, || Mask::secrets(&["a-secret"])).unwrap();
            assert_eq!((status.meaning(), status.word()), (meaning, kept));
        }
        for blank in ["", " ", "\n\u{2028}"] {
            assert_eq!(provider_status(blank, || Mask::secrets(&[])), None);
        }
    }
}
