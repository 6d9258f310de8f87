//! Reads an order document and finds everything that is wrong with it, not the first thing only.
//!
//! serde stops at the first missing field or wrong type. A person who mends an order wants the
//! whole list, so the document is read into a tree first and walked field by field; what cannot be
//! used is replaced by a placeholder whose own faults are left out.

mod node;
mod reader;

use node::parse;
use reader::Reader;
use time::Date;

use crate::fault::Faults;
use crate::order::{BlockOrder, PartnerReference, check};

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
