//! Whether two orders are the same, without keeping either.

use aws_lc_rs::hmac;
use booking_domain::{BlockOrder, LegDraft, OrderDraft};
use zeroize::Zeroizing;

use crate::key::LedgerKey;

/// Makes fingerprints that nobody can compare with guesses who does not have the key.
pub(crate) struct Fingerprinter(hmac::Key);

impl Fingerprinter {
    pub(crate) fn derived(key: &LedgerKey) -> Self {
        Self::of_secret(key.derive("booking-ledger v1 fingerprint").as_slice())
    }

    pub(crate) fn of_secret(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// By what to recognise this key again.
    pub(crate) fn mark(&self) -> Vec<u8> {
        hmac::sign(&self.0, b"mark").as_ref().to_vec()
    }

    pub(crate) fn of(&self, order: &BlockOrder) -> Vec<u8> {
        hmac::sign(&self.0, &canonical(order)).as_ref().to_vec()
    }

    pub(crate) fn matches(&self, order: &BlockOrder, fingerprint: &[u8]) -> bool {
        hmac::verify(&self.0, &canonical(order), fingerprint).is_ok()
    }
}

/// Every value of the order with its length before it, so that no two orders give the same bytes.
/// It must never change: a stored fingerprint cannot be made anew. A field that is added to orders
/// comes last, and only where an order has it.
fn canonical(order: &BlockOrder) -> Zeroizing<Vec<u8>> {
    let draft = OrderDraft::from(order);
    let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
    let mut put = |text: &str| {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    };
    put("order v1");
    put(&draft.product_code);
    put(&draft.selling_price);
    put(order.reference().as_str());
    put(&draft.order_detail.name);
    put(&draft.order_detail.email);
    put(&draft.order_detail.phone_number);
    put_leg(&draft.departure, &mut put);
    if let Some(leg) = &draft.return_leg {
        put_leg(leg, &mut put);
    }
    if let Some(tenant) = order.tenant() {
        put("tenant");
        put(tenant.as_str());
    }
    bytes
}

fn put_leg(leg: &LegDraft, put: &mut impl FnMut(&str)) {
    put("leg");
    put(&leg.trip_id.to_string());
    put(&leg.passengers.len().to_string());
    for passenger in &leg.passengers {
        put(&passenger.seat_name);
        put(&passenger.name);
        put(&passenger.dob);
        put(&passenger.gender);
        put(&passenger.id_card_number);
    }
}

#[cfg(test)]
mod tests {
    use booking_domain::Tenant;
    use time::macros::date;

    use super::*;

    fn order(change: impl FnOnce(&mut OrderDraft)) -> BlockOrder {
        let mut draft = OrderDraft::sample();
        change(&mut draft);
        draft.check(date!(2026 - 11 - 24)).unwrap()
    }

    #[test]
    fn it_stays_what_it_was_when_ledgers_were_first_written() {
        let print = Fingerprinter::of_secret(&[7; 32]).of(&order(|_| ()));
        assert_eq!(
            hex::encode(print),
            "5747255dc0d04aa2ea8452b8c1d83f67f9e9f6cf0a0d2d272bd10f981c169acb"
        );
    }

    #[test]
    fn each_value_and_the_key_change_it() {
        let key = Fingerprinter::of_secret(&[7; 32]);
        let print = key.of(&order(|_| ()));
        assert!(key.matches(&order(|_| ()), &print));
        let changes: [fn(&mut OrderDraft); 11] = [
            |draft| draft.product_code = "TRAIN".into(),
            |draft| draft.selling_price = "20001".into(),
            |draft| draft.partner_reference_no = Some("1239".into()),
            |draft| draft.order_detail.name = "Pandu Dua".into(),
            |draft| draft.order_detail.email = "other@pvg.co.id".into(),
            |draft| draft.order_detail.phone_number = "082122274130".into(),
            |draft| draft.departure.trip_id = 188_337,
            |draft| draft.departure.passengers[0].seat_name = "9".into(),
            |draft| draft.departure.passengers[0].dob = "1996-12-08".into(),
            |draft| draft.departure.passengers[0].gender = "female".into(),
            |draft| draft.departure.passengers[0].id_card_number = "31741009219923331".into(),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            assert!(!key.matches(&order(change), &print), "change {number}");
        }
        let of = |name| order(|_| ()).with_tenant(Tenant::new(name).unwrap());
        assert!(!key.matches(&of("acme"), &print));
        let own = key.of(&of("acme"));
        assert!(key.matches(&of("acme"), &own));
        assert!(!key.matches(&of("beta"), &own) && !key.matches(&order(|_| ()), &own));
        assert!(!Fingerprinter::of_secret(&[8; 32]).matches(&order(|_| ()), &print));
    }
}
