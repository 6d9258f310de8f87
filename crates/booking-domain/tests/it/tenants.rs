//! Whose order it is.

use booking_domain::{BlockOrder, FaultCode, OrderDraft, Tenant, limits::TENANT_MAX};
use time::macros::date;

fn order() -> BlockOrder {
    OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap()
}

#[test]
fn a_tenant_is_a_short_lower_case_word() {
    let longest = "a".repeat(usize::try_from(TENANT_MAX).unwrap());
    for accepted in ["a", "7", "acme", "acme-2", "2-go", &longest] {
        assert_eq!(Tenant::new(accepted).unwrap().to_string(), accepted);
    }
    for (refused, code) in [
        ("", FaultCode::Empty),
        (&*format!("{longest}a"), FaultCode::TooLong),
        ("-acme", FaultCode::BadCharacters),
        ("Acme", FaultCode::BadCharacters),
        ("ac me", FaultCode::BadCharacters),
        ("acme\n", FaultCode::BadCharacters),
        ("café", FaultCode::BadCharacters),
        ("a_b", FaultCode::BadCharacters),
    ] {
        let fault = Tenant::new(refused).unwrap_err();
        assert_eq!(fault.code, code, "{refused:?}");
        assert_eq!(fault.path, "tenant");
    }
}

#[test]
fn an_order_of_another_tenant_is_another_order() {
    let of = |name: &str| order().with_tenant(Tenant::new(name).unwrap());
    assert_eq!(of("acme"), of("acme"));
    assert_ne!(of("acme"), of("other"));
    assert_ne!(of("acme"), order());
    assert_eq!(of("acme").tenant().unwrap().as_str(), "acme");
}

#[test]
fn no_document_and_no_draft_tells_the_tenant() {
    let of_acme = order().with_tenant(Tenant::new("acme").unwrap());
    assert_eq!(
        serde_json::to_string(&OrderDraft::from(&of_acme)).unwrap(),
        serde_json::to_string(&OrderDraft::from(&order())).unwrap()
    );
}
