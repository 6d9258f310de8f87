//! `sign`: every stage, and the mistake in another signature.

mod expect;
mod mistakes;
mod needs;
mod page;
mod stages;
mod token;

use klikoo_adapter::{RequestKey, RequestSigner, canonical_json};

use crate::harness::{Place, Ran, order};

pub(super) const PATH: &str = "/v1/open-api/transports/block-seat";
pub(super) const TIME: &str = "2024-02-07T10:28:35.120+07:00";
pub(super) const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.right.c2ln";
pub(super) const OTHER_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.other.c2ln";
pub(super) const SECRET: &str = "k7tQ2mZx9Lr4Vb8Nc1Wd6Fy3Hs5Jg0Pa";

/// A folder with settings, a key, two tokens and an order that is neither sorted nor minified.
pub(super) struct Desk {
    place: Place,
    body: Vec<u8>,
    key: RequestKey,
}

impl Desk {
    pub(super) fn new() -> Self {
        let place = Place::new();
        assert_eq!(place.run(["keys", "new", "p256", "--out", "k"]).code, 0);
        let key = std::fs::read_to_string(place.path("k/private.pem")).unwrap();
        place.write(
            "seatblock.toml",
            "[klikoo]\nbase_url = \"http://127.0.0.1:1/klikoo-b2b\"\nclient_secret_file = \"secret\"\nprivate_key_file = \"k/private.pem\"\n",
        );
        place.write("secret", format!("{SECRET}\n"));
        place.write("token", format!("{TOKEN}\n"));
        place.write("other", OTHER_TOKEN);
        let sorted = serde_json::to_string_pretty(&order("1238", "8")).unwrap();
        // A key out of its order, else the file is sorted already.
        let unsorted = sorted
            .replacen('{', "{\n  \"selling_price\": \"20000\",", 1)
            .replacen(",\n  \"selling_price\": \"20000\"\n}", "\n}\n", 1);
        assert!(unsorted.matches("selling_price").count() == 1, "{unsorted}");
        place.write("order.json", &unsorted);
        Self {
            place,
            body: unsorted.into_bytes(),
            key: RequestKey::from_pkcs8_pem(&key).unwrap(),
        }
    }

    pub(super) fn sign(&self, more: &[&str]) -> Ran {
        let all = ["--json", "sign", "POST", PATH, "--body", "order.json"];
        let all = all
            .iter()
            .chain(&["--token-file", "token", "--timestamp", TIME]);
        self.place.run(all.chain(more).copied())
    }

    pub(super) fn canonical(&self) -> Vec<u8> {
        canonical_json(&self.body).unwrap()
    }

    pub(super) fn minified_unsorted(&self) -> Vec<u8> {
        let text = String::from_utf8(self.body.clone()).unwrap();
        // No text of the order holds a space or a line end.
        text.split_whitespace().collect::<String>().into_bytes()
    }
}

pub(super) fn hmac() -> RequestSigner {
    RequestSigner::hmac_sha512(&SECRET.into())
}
