//! From the tree to a draft, field by field.

use super::node::Node;
use crate::fault::{Fault, FaultCode};
use crate::order::limits::PASSENGERS_MAX;
use crate::order::{ContactDraft, LegDraft, OrderDraft, PassengerDraft, passenger_count};

/// Walks the tree; collects what is wrong and which paths hold placeholders.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) faults: Vec<Fault>,
    pub(super) unusable: Vec<String>,
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
    pub(super) fn order(&mut self, node: Node) -> OrderDraft {
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
