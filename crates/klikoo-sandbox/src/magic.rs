//! Seats whose names make a block fail, so that a person can try each ending.

use std::time::Duration;

use serde_json::json;

use crate::answer::{
    DATABASE, DUPLICATE, IP_REFUSED, SEAT_TAKEN, SIGNATURE, SUPPLIER, TIMESTAMP, TOKEN_EXPIRED,
    TOKEN_INVALID, TOO_MANY, VALIDATION,
};
use crate::fault::{Body, Edit, End, Reply, Script};

/// A word with which a seat's name may start, and what a block of it meets.
///
/// ```
/// let taken = klikoo_sandbox::MAGIC_SEATS.iter().find(|seat| seat.word == "TAKEN").unwrap();
/// assert!(!taken.executes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MagicSeat {
    /// The start of the seat's name; the longest word that fits counts.
    pub word: &'static str,
    /// Whether the seats are held all the same.
    pub executes: bool,
    /// What the client sees.
    pub effect: &'static str,
}

const fn magic(word: &'static str, executes: bool, effect: &'static str) -> MagicSeat {
    MagicSeat {
        word,
        executes,
        effect,
    }
}

/// Every magic word. Each trip has a seat of each name, and takes longer names
/// (`CUT2`) of up to 10 characters as further seats of the kind.
///
/// A block meets its magic only where it would have succeeded: a wrong
/// signature, a used reference or a held seat is answered as such.
///
/// ```
/// assert!(klikoo_sandbox::MAGIC_SEATS.iter().all(|seat| seat.word.len() <= 10));
/// ```
pub const MAGIC_SEATS: &[MagicSeat] = &[
    magic("TAKEN", false, "400: the seat is not available"),
    magic("USED", false, "409056563: the reference is used"),
    magic("INVALID", false, "400056510: validation error"),
    magic("SIGNED", false, "400056508: signature does not match"),
    magic("CLOCK", false, "400056505: timestamp does not match"),
    magic(
        "TOKEN",
        false,
        "401056535: token expired, once per reference",
    ),
    magic("TOKENBAD", false, "401056500: token invalid, each time"),
    magic("BLOCKED", false, "403056571: IP not on the allow-list"),
    magic("CUT", true, "connection closed instead of an answer"),
    magic("LOST", false, "connection closed before anything was done"),
    magic("SILENT", true, "no answer, ever"),
    magic("SLOW", true, "the answer after 2 seconds"),
    magic("E500", true, "500058504: database write failed"),
    magic("E503", false, "503059991: supplier has a disruption"),
    magic("GATEWAY", true, "502 with an HTML page"),
    magic("GARBAGE", true, "201 with a body that is not JSON"),
    magic("TRUNC", true, "201 with a body that ends too early"),
    magic("NOID", true, "201 without `transaction_id`"),
    magic("NOTIME", true, "201 without `expired_at`"),
    magic("PAST", true, "201 with an `expired_at` that has passed"),
    magic("ODD", true, "201 with a status word that is not known"),
    magic("LIMIT", false, "429 with Retry-After"),
    magic("MOVED", false, "307 to another host"),
    magic("PAGE", false, "403 with an HTML page"),
    magic("OTHER", true, "201 that names another seat"),
];

/// The deadline that `PAST` states: the given document's own sample.
const PAST: &str = "2024-04-30T07:56:28+07:00";

/// The seat that `OTHER` names: no trip has it, so nobody can have asked for it.
const ANOTHER_SEAT: &str = "ELSEWHERE";

/// The longest word with which `seat` starts.
pub(crate) fn word_of(seat: &str) -> Option<&'static MagicSeat> {
    MAGIC_SEATS
        .iter()
        .filter(|magic| seat.starts_with(magic.word))
        .max_by_key(|magic| magic.word.len())
}

/// What a block of a seat with this word meets; `None` for no word of the table.
pub(crate) fn script_of(word: &str) -> Option<Script> {
    let page = |status| Reply::with_status(status, None, Vec::new());
    let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    Some(match word {
        "TAKEN" => Script::refused(SEAT_TAKEN),
        "USED" => Script::refused(DUPLICATE),
        "INVALID" => Script::refused(VALIDATION),
        "SIGNED" => Script::refused(SIGNATURE),
        "CLOCK" => Script::refused(TIMESTAMP),
        "TOKEN" => Script::refused(TOKEN_EXPIRED),
        "TOKENBAD" => Script::refused(TOKEN_INVALID),
        "BLOCKED" => Script::refused(IP_REFUSED),
        "CUT" => Script::ended(true, End::Cut),
        "LOST" => Script::ended(false, End::Cut),
        "SILENT" => Script::ended(true, End::Silence),
        "SLOW" => Script {
            wait: Duration::from_secs(2),
            ..Script::plain()
        },
        "E500" => Script::said(true, Reply::Refusal(DATABASE)),
        "E503" => Script::refused(SUPPLIER),
        "GATEWAY" => Script::said(true, page(502)),
        "GARBAGE" => Script::spoilt(Body::NotJson),
        "TRUNC" => Script::spoilt(Body::Truncated),
        "NOID" => Script::edited(Edit::Remove("transaction_id")),
        "NOTIME" => Script::edited(Edit::Remove("expired_at")),
        "PAST" => Script::edited(Edit::set("expired_at", PAST)),
        "ODD" => Script::edited(Edit::set("status", "PONDERING")),
        "LIMIT" => {
            let code = format!("{}05{}", TOO_MANY.status, TOO_MANY.digits);
            let headers = header("retry-after", "1");
            Script::said(false, Reply::with_status(429, Some(&code), headers))
        }
        "MOVED" => {
            // `.invalid` never resolves: a client that follows sends nothing to anybody.
            let target = header("location", "https://elsewhere.invalid/v1/open-api");
            Script::said(false, Reply::with_status(307, None, target))
        }
        "PAGE" => Script::said(false, page(403)),
        "OTHER" => Script::edited(Edit::Set("seats".to_owned(), json!([ANOTHER_SEAT]))),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_script_that_does_what_the_table_says() {
        for magic in MAGIC_SEATS {
            let script = script_of(magic.word).expect(magic.word);
            assert_eq!(script.execute, magic.executes, "{}", magic.word);
            assert_ne!(script, Script::plain(), "{}", magic.word);
            assert_eq!(word_of(magic.word), Some(magic));
        }
    }

    #[test]
    fn the_longest_word_counts() {
        assert_eq!(word_of("TOKEN1").map(|magic| magic.word), Some("TOKEN"));
        assert_eq!(
            word_of("TOKENBAD1").map(|magic| magic.word),
            Some("TOKENBAD")
        );
        assert_eq!(word_of("9A"), None);
        assert_eq!(word_of("taken"), None);
    }
    #[test]
    fn the_readme_describes_every_word() {
        let readme = include_str!("../README.md");
        for magic in MAGIC_SEATS {
            let line = readme
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` |", magic.word)))
                .expect(magic.word);
            assert!(line.contains(if magic.executes { "| yes |" } else { "| no" }));
            assert!(
                line.replace('`', "")
                    .contains(&magic.effect.replace('`', "")),
                "{line}"
            );
        }
    }
}
