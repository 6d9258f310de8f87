//! `seats`: drawn where they stand.

use crate::harness::{Place, Rig, order};

#[test]
fn free_seats_are_drawn_and_a_held_one_is_gone() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "2")).code, 0);
    let ran = rig.place.run(["seats", "188336"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let first = ran
        .stdout
        .lines()
        .skip_while(|line| *line != "  front")
        .nth(1)
        .unwrap();
    let words: Vec<&str> = first.split_whitespace().collect();
    assert_eq!(words, ["1", "·", "3", "4"], "{}", ran.stdout);
    let aisle = first.find('3').unwrap() - first.find('·').unwrap();
    let beside = first.find('4').unwrap() - first.find('3').unwrap();
    assert!(aisle > beside, "{}", ran.stdout);
    assert!(ran.stdout.contains("Rp 20.000 each"), "{}", ran.stdout);
}

#[test]
fn json_lists_them() {
    let place = Place::new();
    let json = place.run(["--json", "seats", "188400"]).json();
    assert_eq!(json["trip_id"], 188_400);
    assert_eq!(json["sandbox"], true);
    let seat = &json["seats"][0];
    assert_eq!(
        (&seat["name"], &seat["price"]),
        (&"1".into(), &20_000.into())
    );
    assert_eq!(json["free_seats"], json["seats"].as_array().unwrap().len());
}

#[test]
fn the_text_says_when_no_real_bus_is_behind_it() {
    let place = Place::new();
    for trip in ["188336", "5"] {
        let ran = place.run(["seats", trip]);
        assert!(ran.stdout.contains("yes, not a real bus"), "{ran:?}");
    }
    let ran = Rig::new().place.run(["seats", "188336"]);
    assert!(!ran.stdout.contains("not a real bus"), "{ran:?}");
}

#[test]
fn an_unknown_trip_is_refused_and_a_wrong_number_is_usage() {
    let rig = Rig::new();
    let ran = rig.place.run(["--json", "seats", "5"]);
    assert_eq!((ran.code, &ran.json()["code"]), (4, &"404057003".into()));
    let ran = rig.place.run(["seats", "5"]);
    assert!(
        ran.code == 4 && ran.stdout.starts_with("refused\n"),
        "{ran:?}"
    );
    for arguments in [["seats", "0"], ["seats", "bus"]] {
        assert_eq!(rig.place.run(arguments).code, 2);
    }
    let ran = rig
        .place
        .run(["--json", "seats", "188336", "--product", "SHIP"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert_eq!(rig.place.run(["seats", "1", "--product", "a b"]).code, 2);
}

#[test]
fn no_answer_is_an_error() {
    let place = Place::new();
    let ran = place.run_with(
        ["--json", "seats", "188336"],
        &[
            ("SEATBLOCK_KLIKOO__BASE_URL", "http://127.0.0.1:1"),
            ("SEATBLOCK_KLIKOO__CLIENT_SECRET", "s"),
            ("SEATBLOCK_KLIKOO__ACCESS_TOKEN", "none"),
        ],
    );
    assert_eq!(
        (ran.code, &ran.json()["outcome"]),
        (1, &"error".into()),
        "{ran:?}"
    );
    let message = ran.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.ends_with("(klikoo.base_url is http://127.0.0.1:1)"),
        "{message}"
    );
    assert_eq!(message.matches("refused").count(), 1, "{message}");
}
