//! The certificate with which the gateway is served.

use std::sync::Arc;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

use crate::settings::{Mistake, Mistakes, NamedFile, TlsFiles};

/// Encrypts with the certificate of `files`.
///
/// # Errors
///
/// Every file that cannot be used.
pub(crate) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, Mistakes> {
    let (certificates, key) = match (certificates(&files.certificate), key(&files.key)) {
        (Ok(certificates), Ok(key)) => (certificates, key),
        (certificates, key) => {
            return Err(Mistakes(
                certificates.err().into_iter().chain(key.err()).collect(),
            ));
        }
    };
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(certificates, key)
        })
        .map_err(|error| {
            let message = format!("cannot be used with {}: {error}", files.key.path.display());
            Mistakes(vec![files.certificate.mistake(&message)])
        })?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(file: &NamedFile) -> Result<Vec<CertificateDer<'static>>, Mistake> {
    let text = file.text()?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(file.mistake("holds no certificate as PEM")),
        Err(_) => Err(file.mistake("holds no readable PEM")),
    }
}

fn key(file: &NamedFile) -> Result<PrivateKeyDer<'static>, Mistake> {
    PrivateKeyDer::from_pem_slice(file.text()?.as_bytes())
        .map_err(|_| file.mistake("holds no private key as PEM"))
}
