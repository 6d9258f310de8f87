//! Reads an order document and finds everything that is wrong with it, not the first thing only.
//!
//! serde stops at the first missing field or wrong type. A person who mends an order wants the
//! whole list, so the document is read into a [`Node`] tree first and walked field by field; what
//! cannot be used is replaced by a placeholder whose own faults are left out.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use time::Date;

use crate::fault::{Fault, FaultCode, Faults};
use crate::order::limits::{DOCUMENT_MAX, PASSENGERS_MAX};
use crate::order::{
    BlockOrder, ContactDraft, LegDraft, OrderDraft, PartnerReference, PassengerDraft, check,
    passenger_count,
};

impl BlockOrder {
    /// Reads an order document: JSON of the given document's request body, where `return` may be
    /// absent or `null`, and so may `partner_reference_no`: then `make_reference` makes one.
    /// A byte order mark before it is passed over.
    ///
    /// `today` is the day in Jakarta.
    ///
    /// # Errors
    ///
    /// All faults at once: those of the document (not JSON, too large, missing, unknown or
    /// repeated fields, wrong types) and those of its values.
    ///
    /// ```
    /// use booking_domain::{BlockOrder, FaultCode, PartnerReference};
    /// use time::macros::date;
    ///
    /// let make_reference = || PartnerReference::new("order-7").unwrap();
    /// let document = br#"{"product_code": "BUS", "selling_price": 20000}"#;
    /// let faults = BlockOrder::from_json(document, date!(2026 - 11 - 24), make_reference).unwrap_err();
    /// assert_eq!(faults.len(), 3); // a number for a price, no order_detail, no departure
    /// assert_eq!(faults[0].code, FaultCode::WrongType);
    /// ```
    pub fn from_json(
        document: &[u8],
        today: Date,
        make_reference: impl FnOnce() -> PartnerReference,
    ) -> Result<Self, Faults> {
        let node = parse(document).map_err(Faults::single)?;
        let mut reader = Reader::default();
        let draft = reader.order(node).or_reference(make_reference);
        check(draft, today, reader.faults, &reader.unusable)
    }
}

fn parse(document: &[u8]) -> Result<Node, Fault> {
    let document_fault = |code, message: String| Fault::new("$", code, message);
    if document.len() > DOCUMENT_MAX {
        return Err(document_fault(
            FaultCode::DocumentTooLarge,
            format!("has more than {DOCUMENT_MAX} bytes; an order never needs as many"),
        ));
    }
    let text = std::str::from_utf8(document).map_err(|error| {
        let at = error.valid_up_to();
        document_fault(
            FaultCode::NotUtf8,
            format!("is not UTF-8 at byte {at}; save the file as UTF-8"),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        // serde_json's own words may quote what it read, and that may be anybody's name.
        let reason = match error.classify() {
            serde_json::error::Category::Eof if text.trim().is_empty() => "is empty".to_owned(),
            serde_json::error::Category::Eof => "ends in the middle of its JSON".to_owned(),
            _ if error.to_string().starts_with("recursion limit") => {
                format!("nests deeper than {NESTING_MAX} levels")
            }
            _ => format!(
                "is not JSON at line {}, column {}",
                error.line(),
                error.column()
            ),
        };
        document_fault(
            FaultCode::NotJson,
            format!("{reason}; an order is a JSON object such as docs/examples/one-way.json"),
        )
    })
}

/// The limit of `serde_json` itself, which guards the stack.
const NESTING_MAX: usize = 128;

/// A JSON value that keeps what serde's maps lose: repeated keys.
enum Node {
    Null,
    Bool,
    Integer(i64),
    OtherNumber,
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Integer(_) => "a number",
            Self::OtherNumber => "a number that is no whole number of this range",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Bool)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(i64::try_from(number).map_or(Node::OtherNumber, Node::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::OtherNumber)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Node::Object(object))
    }
}

/// Walks the tree; collects what is wrong and which paths hold placeholders.
#[derive(Default)]
struct Reader {
    faults: Vec<Fault>,
    unusable: Vec<String>,
}

/// The members of one object that has been checked for unknown and repeated names.
struct Members {
    path: String,
    entries: Vec<(String, Node)>,
}

impl Members {
    fn path_of(&self, name: &str) -> String {
        if self.path == "$" {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    fn take(&mut self, name: &str) -> Option<Node> {
        let at = self.entries.iter().position(|(key, _)| key == name)?;
        Some(self.entries.swap_remove(at).1)
    }
}

impl Reader {
    fn order(&mut self, node: Node) -> OrderDraft {
        const FIELDS: [&str; 6] = [
            "product_code",
            "selling_price",
            "partner_reference_no",
            "order_detail",
            "departure",
            "return",
        ];
        let Some(mut members) = self.object("$".to_owned(), node, &FIELDS) else {
            return OrderDraft::default();
        };
        OrderDraft {
            product_code: self.text(&mut members, "product_code"),
            selling_price: self.text(&mut members, "selling_price"),
            partner_reference_no: self.optional_text(&mut members, "partner_reference_no"),
            order_detail: self.contact(&mut members),
            departure: match self.required(&mut members, "departure") {
                Some((path, node)) => self.leg(path, node),
                None => LegDraft::default(),
            },
            return_leg: match members.take("return") {
                None | Some(Node::Null) => None,
                Some(node) => Some(self.leg("return".to_owned(), node)),
            },
        }
    }

    fn contact(&mut self, members: &mut Members) -> ContactDraft {
        let Some((path, node)) = self.required(members, "order_detail") else {
            return ContactDraft::default();
        };
        match self.object(path, node, &["name", "email", "phone_number"]) {
            None => ContactDraft::default(),
            Some(mut members) => ContactDraft {
                name: self.text(&mut members, "name"),
                email: self.text(&mut members, "email"),
                phone_number: self.text(&mut members, "phone_number"),
            },
        }
    }

    fn leg(&mut self, path: String, node: Node) -> LegDraft {
        let Some(mut members) = self.object(path, node, &["trip_id", "passengers"]) else {
            return LegDraft::default();
        };
        let trip_id = match self.required(&mut members, "trip_id") {
            None => 0,
            Some((_, Node::Integer(id))) => id,
            Some((path, other)) => {
                self.wrong_type(
                    path,
                    &other,
                    "a whole number without quotes, such as 188336",
                );
                0
            }
        };
        let passengers = match self.required(&mut members, "passengers") {
            None => Vec::new(),
            Some((path, Node::List(nodes))) => self.passengers(&path, nodes),
            Some((path, other)) => {
                self.wrong_type(path, &other, "a list of passengers, [{…}]");
                Vec::new()
            }
        };
        LegDraft {
            trip_id,
            passengers,
        }
    }

    fn passengers(&mut self, path: &str, nodes: Vec<Node>) -> Vec<PassengerDraft> {
        // Beyond the limit only the count matters, however long a list a document can carry.
        if nodes.len() > PASSENGERS_MAX {
            self.faults.extend(passenger_count(path, nodes.len()));
        }
        nodes
            .into_iter()
            .take(PASSENGERS_MAX)
            .enumerate()
            .map(|(index, node)| self.passenger(format!("{path}[{index}]"), node))
            .collect()
    }

    fn passenger(&mut self, path: String, node: Node) -> PassengerDraft {
        const FIELDS: [&str; 5] = ["seat_name", "name", "dob", "gender", "id_card_number"];
        match self.object(path, node, &FIELDS) {
            None => PassengerDraft::default(),
            Some(mut members) => PassengerDraft {
                seat_name: self.text(&mut members, "seat_name"),
                name: self.text(&mut members, "name"),
                dob: self.text(&mut members, "dob"),
                gender: self.text(&mut members, "gender"),
                id_card_number: self.text(&mut members, "id_card_number"),
            },
        }
    }

    /// The members of the object at `path`, after naming every unknown and every repeated one.
    fn object(&mut self, path: String, node: Node, fields: &[&str]) -> Option<Members> {
        let Node::Object(entries) = node else {
            self.wrong_type(path, &node, "an object, {…}");
            return None;
        };
        let mut members = Members {
            path,
            entries: Vec::with_capacity(entries.len()),
        };
        for (name, value) in entries {
            let known = fields.contains(&name.as_str());
            let repeated = members.entries.iter().any(|(earlier, _)| *earlier == name);
            if !known {
                self.faults.push(Fault::new(
                    members.path_of(&shown_name(&name)),
                    FaultCode::UnknownField,
                    format!(
                        "is no field of an order here; the fields are {}",
                        fields.join(", ")
                    ),
                ));
            } else if repeated {
                self.faults.push(Fault::new(
                    members.path_of(&name),
                    FaultCode::DuplicateKey,
                    "stands twice in this object; readers differ in which of the two they take, so keep one",
                ));
            } else {
                members.entries.push((name, value));
            }
        }
        Some(members)
    }

    fn required(&mut self, members: &mut Members, name: &str) -> Option<(String, Node)> {
        let path = members.path_of(name);
        match members.take(name) {
            Some(node) if !matches!(node, Node::Null) => Some((path, node)),
            absent => {
                let what = if absent.is_some() {
                    "is null"
                } else {
                    "is missing"
                };
                self.faults.push(Fault::new(
                    path.clone(),
                    FaultCode::Missing,
                    format!("{what}; an order needs it"),
                ));
                self.unusable.push(path);
                None
            }
        }
    }

    fn text(&mut self, members: &mut Members, name: &str) -> String {
        match self.required(members, name) {
            None => String::new(),
            Some((_, Node::Text(text))) => text,
            Some((path, other)) => {
                self.wrong_type(path, &other, "a string in quotes");
                String::new()
            }
        }
    }

    fn optional_text(&mut self, members: &mut Members, name: &str) -> Option<String> {
        match members.take(name) {
            None | Some(Node::Null) => None,
            Some(Node::Text(text)) => Some(text),
            Some(other) => {
                self.wrong_type(
                    members.path_of(name),
                    &other,
                    "a string in quotes, or nothing",
                );
                Some(String::new())
            }
        }
    }

    fn wrong_type(&mut self, path: String, found: &Node, wanted: &str) {
        self.faults.push(Fault::new(
            path.clone(),
            FaultCode::WrongType,
            format!("is {}; it has to be {wanted}", found.kind()),
        ));
        self.unusable.push(path);
    }
}

/// An unknown name as a path can carry it: whatever stood there, it is short and of one line.
fn shown_name(name: &str) -> String {
    const LONGEST: usize = 40;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.len() <= LONGEST && name.chars().all(plain) {
        return name.to_owned();
    }
    let mut shown: String = name
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if name.chars().count() > LONGEST {
        shown.push('…');
    }
    format!("\"{shown}\"")
}
