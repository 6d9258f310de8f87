//! The one place where this crate gets randomness: keys and nonces.

use booking_ports::LedgerError;

/// `N` bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], LedgerError> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| LedgerError::Unavailable {
        message: "this host gives no random bytes".to_owned(),
        cause: None,
    })?;
    Ok(bytes)
}
