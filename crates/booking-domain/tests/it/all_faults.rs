//! One document with a fault in every field: all are told at once, in the order of the document.

use serde_json::json;

use crate::documents::{TOMORROW, listed, round_trip};

#[test]
fn every_fault_is_told_at_once_in_document_order() {
    let mut document = round_trip();
    document["product_code"] = json!("BUS 1");
    document["selling_price"] = json!("20.000");
    document["partner_reference_no"] = json!("");
    document["order_detail"] = json!({"name": " ", "email": "nobody", "phone_number": "021"});
    document["departure"] = json!({
        "trip_id": 0,
        "passengers": [
            {"seat_name": "8", "name": "", "dob": "1996-02-30", "gender": "x", "id_card_number": "1"},
            {"seat_name": "8", "name": "a\u{0}", "dob": TOMORROW, "gender": 1, "id_card_number": "12-345"},
        ],
    });
    document["return"] = json!({"trip_id": "188400", "passengers": [], "note": "window seats"});
    document["voucher"] = json!("X");
    insta::assert_snapshot!(listed(document.to_string().as_bytes()), @r#"
    product_code: bad_characters: has other characters than letters A to Z, digits, '-' and '_'; the code of bus tickets is BUS
    selling_price: bad_format: is not whole rupiah; write digits only, without sign, separators or decimals, such as "20000"
    partner_reference_no: empty: is empty; 1 to 64 characters are accepted
    order_detail.name: empty: is empty; 1 to 100 characters are accepted
    order_detail.email: bad_format: is not an email address such as name@example.co.id
    order_detail.phone_number: bad_format: is neither a local number (08…) nor an international one (+62…); write digits only after the beginning, without spaces or dashes
    departure.trip_id: out_of_range: is below 1; give the trip's number as the trip search states it
    departure.passengers[0].name: empty: is empty; 1 to 100 characters are accepted
    departure.passengers[0].dob: not_a_date: is not a day of the calendar written YYYY-MM-DD, such as 1996-12-09
    departure.passengers[0].gender: not_one_of: is neither "male" nor "female", in small letters
    departure.passengers[0].id_card_number: too_short: has 1 characters; 6 to 32 are accepted
    departure.passengers[1].seat_name: duplicate_seat: is the seat of an earlier passenger of this leg; each passenger needs a seat of their own
    departure.passengers[1].name: control_character: has a control character such as a line break, a tab or NUL; remove it
    departure.passengers[1].dob: date_out_of_range: is after 2026-11-24, today in Jakarta
    departure.passengers[1].gender: wrong_type: is a number; it has to be a string in quotes
    departure.passengers[1].id_card_number: bad_characters: has other characters than letters A to Z and digits; write a NIK or passport number without spaces or dashes
    return.trip_id: wrong_type: is a string; it has to be a whole number without quotes, such as 188336
    return.passengers: passenger_count: has 0 passengers; 1 to 40 are accepted
    return.note: unknown_field: is no field of an order here; the fields are trip_id, passengers
    voucher: unknown_field: is no field of an order here; the fields are product_code, selling_price, partner_reference_no, order_detail, departure, return
    "#);
}

#[test]
fn one_sentence_tells_them_all() {
    let mut document = round_trip();
    document["selling_price"] = json!("0");
    document["departure"]["trip_id"] = json!(-4);
    let faults = crate::documents::read(document.to_string().as_bytes()).unwrap_err();
    insta::assert_snapshot!(faults, @"the order has 2 faults: selling_price: is not from 1 to 9999999999 rupiah; departure.trip_id: is below 1; give the trip's number as the trip search states it");
}

#[test]
fn faults_are_written_as_a_list_of_path_code_bound_and_message() {
    let mut document = round_trip();
    document["departure"]["passengers"][1]["seat_name"] = json!("ABCDEFGHIJK");
    let faults = crate::documents::read(document.to_string().as_bytes()).unwrap_err();
    insta::assert_json_snapshot!(faults, @r#"
    [
      {
        "path": "departure.passengers[1].seat_name",
        "code": "too_long",
        "bound": {
          "min": null,
          "max": "10"
        },
        "message": "has 11 characters; at most 10 are accepted"
      }
    ]
    "#);
}
