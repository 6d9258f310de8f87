//! The certificate with which the gateway is served.

use std::sync::Arc;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

use crate::settings::{Mistake, Mistakes, TlsFiles};

/// Encrypts with the certificate of `files`.
///
/// # Errors
///
/// Every file that cannot be used.
pub(super) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, Mistakes> {
    let mistake = |mistake: Mistake| Mistakes(vec![mistake]);
    let certificates = files.certificate.text().map_err(mistake)?;
    let certificates: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(certificates.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| mistake(files.certificate.mistake("holds no readable PEM")))?;
    let key = files.key.text().map_err(mistake)?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
        .map_err(|_| mistake(files.key.mistake("holds no private key as PEM")))?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(certificates, key)
        })
        .map_err(|error| {
            let message = format!("cannot be used with {}: {error}", files.key.path.display());
            mistake(files.certificate.mistake(&message))
        })?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
