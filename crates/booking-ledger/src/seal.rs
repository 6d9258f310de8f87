//! Orders, sealed so that a copy of the ledger tells nothing about people.
//!
//! Each order has a random key of its own, which the ledger's key wraps. Both are AES-256-GCM with
//! a random nonce before the text and the reference beside it, so that nothing can be moved from
//! one reference to another.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use booking_domain::{BlockOrder, OrderDraft, PartnerReference};
use booking_ports::LedgerError;
use time::Date;
use zeroize::Zeroizing;

use crate::entropy::random;
use crate::key::LedgerKey;

pub(crate) struct Sealer {
    wrapping: LessSafeKey,
}

/// An order as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SealedOrder {
    /// The order's key, wrapped. Without it the body can never be read again.
    pub(crate) row_key: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

impl Sealer {
    pub(crate) fn new(key: &LedgerKey) -> Result<Self, LedgerError> {
        let wrapping = gcm(key.derive("booking-ledger v1 wrapping").as_slice())?;
        Ok(Self { wrapping })
    }

    pub(crate) fn seal(&self, order: &BlockOrder) -> Result<SealedOrder, LedgerError> {
        let row_key = Zeroizing::new(random::<32>()?);
        let plain = serde_json::to_vec(&OrderDraft::from(order)).map_err(|_| failed())?;
        let aad = order.reference().as_str();
        Ok(SealedOrder {
            body: encrypt(&gcm(row_key.as_slice())?, aad, &Zeroizing::new(plain))?,
            row_key: encrypt(&self.wrapping, aad, row_key.as_slice())?,
        })
    }

    /// The order again, as it was valid on `day`.
    pub(crate) fn open(
        &self,
        reference: &PartnerReference,
        sealed: &SealedOrder,
        day: Date,
    ) -> Result<BlockOrder, LedgerError> {
        let damaged = |what: &str| LedgerError::Damaged {
            message: format!("the sealed order of {reference} {what}"),
        };
        let unseal = |key: &LessSafeKey, sealed: &[u8]| {
            decrypt(key, reference.as_str(), sealed).ok_or_else(|| damaged("was altered"))
        };
        let row_key = unseal(&self.wrapping, &sealed.row_key)?;
        let plain = unseal(&gcm(&row_key)?, &sealed.body)?;
        let draft: OrderDraft =
            serde_json::from_slice(&plain).map_err(|_| damaged("cannot be read"))?;
        draft.check(day).map_err(|_| damaged("is no valid order"))
    }
}

fn gcm(key: &[u8]) -> Result<LessSafeKey, LedgerError> {
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| failed())?;
    Ok(LessSafeKey::new(key))
}

/// Nonce, then text and tag.
fn encrypt(key: &LessSafeKey, aad: &str, plain: &[u8]) -> Result<Vec<u8>, LedgerError> {
    let nonce = random::<NONCE_LEN>()?;
    // Room for all of it, so that no copy of the plain text stays behind.
    let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let tag = key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(aad),
            &mut sealed[NONCE_LEN..],
        )
        .map_err(|_| failed())?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

fn decrypt(key: &LessSafeKey, aad: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut plain = Zeroizing::new(text.to_vec());
    let length = key
        .open_in_place(nonce, Aad::from(aad), &mut plain)
        .ok()?
        .len();
    plain.truncate(length);
    Some(plain)
}

fn failed() -> LedgerError {
    LedgerError::Unavailable {
        message: "an order could not be sealed, so nothing was written".to_owned(),
        cause: None,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const DAY: Date = date!(2026 - 11 - 24);

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&LedgerKey::new([byte; 32])).unwrap()
    }

    fn order() -> BlockOrder {
        OrderDraft::sample().check(DAY).unwrap()
    }

    #[test]
    fn an_order_comes_back_whole_and_shows_nothing() {
        let sealed = sealer(1).seal(&order()).unwrap();
        let opened = sealer(1).open(order().reference(), &sealed, DAY).unwrap();
        assert_eq!(opened, order());
        for personal in order().personal_texts() {
            let shown = sealed
                .body
                .windows(personal.len())
                .any(|part| part == personal.as_bytes());
            assert!(!shown, "{personal}");
        }
        let again = sealer(1).seal(&order()).unwrap();
        assert_ne!(again.body, sealed.body);
    }

    #[test]
    fn another_key_another_reference_or_a_changed_byte_opens_nothing() {
        let sealed = sealer(1).seal(&order()).unwrap();
        let reference = order().reference().clone();
        let moved = PartnerReference::new("1239").unwrap();
        assert!(sealer(2).open(&reference, &sealed, DAY).is_err());
        assert!(sealer(1).open(&moved, &sealed, DAY).is_err());
        for change in [
            |sealed: &mut SealedOrder| sealed.body[NONCE_LEN + 3] ^= 1,
            |sealed: &mut SealedOrder| sealed.row_key[NONCE_LEN + 3] ^= 1,
            |sealed: &mut SealedOrder| sealed.body.truncate(5),
        ] {
            let mut changed = sealed.clone();
            change(&mut changed);
            let error = sealer(1).open(&reference, &changed, DAY).unwrap_err();
            assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
        }
    }
}
