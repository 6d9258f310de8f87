//! Places in the forms that a reply may have.

use super::{places_of, why};

async fn shown(data: &str) -> Vec<String> {
    let found = places_of(data).await.unwrap();
    found
        .iter()
        .map(|place| format!("{} {} {:?}", place.id, place.name, place.address))
        .collect()
}

#[tokio::test]
async fn numbers_texts_and_gaps_are_read() {
    let data = r#"{"cities":[
        {"id":1,"name":"Jakarta","address":"DKI","type":"CITY"},
        {"id":"2","name":" Bandung ","address":""},
        {"id":"JKT","name":7,"address":null,"type":"city","x":[{}]}
    ],"terminals":[{"id":101,"name":"Satu","type":"LOCATION"}],"more":1}"#;
    assert_eq!(
        shown(data).await,
        [
            "city:1 Jakarta Some(\"DKI\")",
            "city:2 Bandung None",
            "city:JKT 7 None",
            "location:101 Satu None",
        ]
    );
    for (data, count) in [
        (r#"{"cities":[]}"#, 0),
        (r#"{"cities":null,"terminals":[]}"#, 0),
        (r#"{"terminals":[{"id":1,"name":"a"}]}"#, 1),
    ] {
        assert_eq!(shown(data).await.len(), count, "{data}");
    }
}

#[tokio::test]
async fn a_place_of_another_kind_than_its_list_says_so() {
    let data =
        r#"{"cities":[{"id":1,"name":"a","type":"LOCATION"},{"id":2,"name":"b","type":"PORT"}]}"#;
    assert_eq!(shown(data).await, ["location:1 a None"]);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_left_out_and_nothing_is_listed_twice() {
    let data = format!(
        r#"{{"cities":[{{"id":1,"name":"a"}},{{"id":1,"name":"b"}},{{"id":"1","name":"c"}},
        {{"id":2}},{{"name":"d"}},{{"id":3,"name":" "}},{{"id":"","name":"e"}},{{"id":"a b","name":"f"}},
        {{"id":"{}","name":"g"}},{{"id":1.5,"name":"h"}},{{"id":null,"name":"i"}},7,null,[]],
        "terminals":[{{"id":1,"name":"j"}}]}}"#,
        "9".repeat(65)
    );
    assert_eq!(shown(&data).await, ["city:1 a None", "location:1 j None"]);
    let error = places_of(r#"{"cities":[{"name":"d"}]}"#).await.unwrap_err();
    assert_eq!(why(&error), "unreadable");
}

#[tokio::test]
async fn names_are_bounded_and_fit_to_print() {
    let long = "é".repeat(2_000);
    let data = serde_json::json!({"cities": [
        {"id": 1, "name": "a\u{1b}[31m\u{202e}b\nc", "address": long},
    ]});
    let found = places_of(&data.to_string()).await.unwrap();
    assert_eq!(found[0].name, "a\\u{1b}[31m\\u{202e}b\\u{a}c");
    assert_eq!(found[0].address.as_ref().unwrap().chars().count(), 300);
}

#[tokio::test]
async fn a_list_without_end_is_cut() {
    let cities: Vec<_> = (0..6_000)
        .map(|id| serde_json::json!({"id": id, "name": "a"}))
        .collect();
    let data = serde_json::json!({"cities": cities, "terminals": []});
    assert_eq!(places_of(&data.to_string()).await.unwrap().len(), 5_000);
}
