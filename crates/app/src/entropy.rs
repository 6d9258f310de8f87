//! Chance, in one place.

/// Fills `bytes` with what nobody can guess; `false` where the system gives nothing.
pub(crate) fn fill(bytes: &mut [u8]) -> bool {
    aws_lc_rs::rand::fill(bytes).is_ok()
}

/// So many bytes of it.
///
/// # Errors
///
/// The system gives no randomness.
pub(crate) fn bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    anyhow::ensure!(fill(&mut bytes), "the system gives no randomness");
    Ok(bytes)
}
