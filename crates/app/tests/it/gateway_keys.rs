//! `seatblock gateway-keys`, as an operator meets it.

use crate::harness::Place;

#[test]
fn the_times_of_a_key_are_told_to_the_second() {
    let place = Place::new();
    let new = ["gateway-keys", "new", "--name", "shop", "--scope", "read"];
    let made = place.run(["--json"].into_iter().chain(new));
    assert_eq!(made.code, 0, "{made:?}");
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let revoked = place.run(["--json", "gateway-keys", "revoke", &id]).json();
    for time in ["made_at", "revoked_at"] {
        let told = revoked[time].as_str().unwrap();
        assert_eq!(told.len(), "2026-11-25T08:46:36+07:00".len(), "{told}");
    }
    let listed = place.run(["gateway-keys", "list"]).stdout;
    assert!(!listed.contains('.'), "{listed}");
}
