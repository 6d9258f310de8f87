//! Ways to get in without a key that opens the door.

mod elsewhere;
mod shown;

use serde_json::json;

use crate::client::{Ask, Reply};
use crate::described::Route;
use crate::house::House;

type Change = Box<dyn Fn(&Route, Ask) -> Option<Ask> + Send + Sync>;

/// One trick, to be tried on every route.
pub(crate) struct Trick {
    pub(crate) name: String,
    change: Change,
    /// Whether the target is another path, so that an answer of an open route is none of a keyed.
    other_path: bool,
}

impl Trick {
    /// The request with the trick; `None` where it is none on this route.
    pub(crate) fn apply(&self, route: &Route, ask: Ask) -> Option<Ask> {
        (self.change)(route, ask)
    }

    /// Whether what came is the console's page, a redirect to it, or the like.
    pub(crate) fn is_harmless(&self, reply: &Reply) -> bool {
        let shown = reply.text();
        self.other_path
            && (reply.status == 307 || reply.status == 200)
            && !shown.contains("partner_reference_no")
            && !shown.contains("trip_id")
    }
}

/// A session of `key`: its cookie and its token.
pub(crate) async fn sign_in(house: &House, key: &str) -> (String, String) {
    let reply = house
        .send(&Ask::post("/console/session").json(&json!({"key": key})))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let cookie = reply
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let csrf = reply.json()["csrf"].as_str().unwrap().to_owned();
    (cookie, csrf)
}

struct List(Vec<Trick>);

impl List {
    fn add(
        &mut self,
        name: impl Into<String>,
        change: impl Fn(&Route, Ask) -> Option<Ask> + Send + Sync + 'static,
    ) {
        self.0.push(Trick {
            name: name.into(),
            change: Box::new(change),
            other_path: false,
        });
    }

    fn header(&mut self, name: &'static str, value: impl Into<Vec<u8>>) {
        let value = value.into();
        let shown = format!("{name}: {}", String::from_utf8_lossy(&value));
        self.add(shown, move |_, ask| Some(ask.header(name, value.clone())));
    }

    fn path(
        &mut self,
        name: &'static str,
        change: impl Fn(&str) -> String + Send + Sync + 'static,
    ) {
        self.add(name, move |route, ask| {
            let target = route.target("held-1");
            let changed = change(&target);
            (changed != target).then(|| ask.to(&changed))
        });
        if let Some(trick) = self.0.last_mut() {
            trick.other_path = true;
        }
    }
}

/// Every trick. `key` opens everything, and none of the tricks shows it as it has to be shown.
pub(crate) async fn all(house: &House, key: &str) -> Vec<Trick> {
    let mut list = List(Vec::new());
    list.add("no key", |_, ask| Some(ask));
    shown::schemes(&mut list, key);
    shown::keys(&mut list, house, key);
    elsewhere::headers(&mut list, key);
    elsewhere::paths(&mut list);
    shown::sessions(&mut list, house, key).await;
    list.0
}
