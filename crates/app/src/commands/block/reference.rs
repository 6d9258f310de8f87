//! Partner references: made where an order has none, found where an order is invalid.

use anyhow::anyhow;
use booking_domain::PartnerReference;
use booking_domain::limits::DOCUMENT_MAX;
use serde::Deserialize;
use uuid::Uuid;

/// A new reference: a UUID v4.
///
/// # Errors
///
/// Never in practice: a UUID keeps the rule of references.
pub(crate) fn new() -> anyhow::Result<PartnerReference> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that makes references"
    )]
    let uuid = Uuid::new_v4();
    PartnerReference::new(uuid.to_string()).map_err(|fault| anyhow!("a new reference {fault}"))
}

/// The reference of a document that is no order, so that the answer can name it; `None` where it
/// is absent or breaks its own rule.
pub(crate) fn in_document(document: &[u8]) -> Option<PartnerReference> {
    #[derive(Deserialize)]
    struct Referenced {
        partner_reference_no: String,
    }
    if document.len() > DOCUMENT_MAX {
        return None;
    }
    let referenced: Referenced = serde_json::from_slice(document).ok()?;
    PartnerReference::new(referenced.partner_reference_no).ok()
}
