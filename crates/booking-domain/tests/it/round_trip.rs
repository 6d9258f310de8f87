//! An order made a draft again is the same order.

use booking_domain::{ContactDraft, LegDraft, OrderDraft, PassengerDraft};
use proptest::prelude::*;

use crate::documents::{TODAY, read};

fn name() -> impl Strategy<Value = String> {
    // Any script, spaces within and around, no control characters; never blank.
    (
        "[ ]{0,3}",
        "[\\p{L}'.-][\\p{L}\\p{M} '.-]{0,60}[\\p{L}.]",
        "[ ]{0,3}",
    )
        .prop_map(|(before, name, after)| format!("{before}{name}{after}"))
}

fn contact() -> impl Strategy<Value = ContactDraft> {
    (
        name(),
        "[a-z0-9_+-]{1,20}(\\.[a-z0-9]{1,9})?@[a-z0-9]{1,20}(\\.[a-z]{2,6}){1,2}",
        "(08[0-9]{6,13}|\\+[1-9][0-9]{7,14})",
    )
        .prop_map(|(name, email, phone_number)| ContactDraft {
            name,
            email,
            phone_number,
        })
}

fn passenger() -> impl Strategy<Value = PassengerDraft> {
    (name(), 0_i64..46_348, any::<bool>(), "[A-Za-z0-9]{6,32}").prop_map(
        |(name, age_in_days, female, id_card_number)| PassengerDraft {
            seat_name: String::new(),
            name,
            dob: (TODAY - time::Duration::days(age_in_days)).to_string(),
            gender: if female { "female" } else { "male" }.to_owned(),
            id_card_number,
        },
    )
}

fn leg(trip: std::ops::Range<i64>) -> impl Strategy<Value = LegDraft> {
    (trip, prop::collection::vec(passenger(), 1..=6)).prop_map(|(trip_id, mut passengers)| {
        for (index, passenger) in passengers.iter_mut().enumerate() {
            passenger.seat_name = format!("{index}é");
        }
        LegDraft {
            trip_id,
            passengers,
        }
    })
}

prop_compose! {
    fn draft()(
        product_code in "[A-Za-z0-9_-]{1,32}",
        price in 1_u64..=9_999_999_999,
        reference in "[!-~]{1,64}",
        order_detail in contact(),
        departure in leg(1..1_000),
        return_leg in prop::option::of(leg(1_000..i64::MAX)),
    ) -> OrderDraft {
        OrderDraft {
            product_code,
            selling_price: price.to_string(),
            partner_reference_no: Some(reference),
            order_detail,
            departure,
            return_leg,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_order_made_a_draft_again_is_the_same_order(draft in draft()) {
        let order = draft.clone().check(TODAY).unwrap();
        let again = OrderDraft::from(&order);
        prop_assert_eq!(&again.clone().check(TODAY).unwrap(), &order);
        // What the order changes, trimming and upper-casing, is changed once and for all.
        prop_assert_eq!(OrderDraft::from(&again.clone().check(TODAY).unwrap()), again);
    }

    #[test]
    fn a_document_and_a_draft_are_read_alike(draft in draft()) {
        let document = serde_json::to_vec(&draft).unwrap();
        prop_assert_eq!(read(&document).unwrap(), draft.check(TODAY).unwrap());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn any_json_is_read_without_a_panic(
        json in prop_oneof![
            Just("null".to_owned()),
            "[\\[\\]{},:\"a-z0-9 ]{0,60}",
            "\\{\"(departure|return|order_detail)\":(\\{\\}|\\[\\]|1|null)\\}",
        ],
    ) {
        prop_assert!(read(json.as_bytes()).is_err());
    }
}
