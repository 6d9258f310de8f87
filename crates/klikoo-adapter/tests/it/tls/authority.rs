//! Certificates made on the spot: good ones, and each kind of bad one.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What a server shows: its chain and key.
pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let params = authority_params(name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    /// The root certificate, to be trusted.
    pub(super) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for `localhost` and 127.0.0.1, changed by `change`.
    pub(super) fn issue(&self, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = server_params();
        change(&mut params);
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        identity(vec![leaf.der().clone()], &key)
    }

    /// A good certificate whose issuer may only issue for `example.com`.
    pub(super) fn issue_by_a_constrained_intermediate(&self) -> Identity {
        let mut params = authority_params("constrained");
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("example.com".to_owned())],
            excluded_subtrees: Vec::new(),
        });
        self.issue_by(params)
    }

    /// A good certificate whose issuer is none: a server's certificate that signs another.
    pub(super) fn issue_by_a_server(&self) -> Identity {
        self.issue_by(server_params())
    }

    fn issue_by(&self, intermediate: CertificateParams) -> Identity {
        let between =
            CertifiedIssuer::signed_by(intermediate, KeyPair::generate().unwrap(), &self.issuer)
                .unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf = server_params().signed_by(&key, &between).unwrap();
        identity(vec![leaf.der().clone(), between.der().clone()], &key)
    }
}

/// A certificate that vouches for itself.
pub(super) fn self_signed() -> Identity {
    let key = KeyPair::generate().unwrap();
    let leaf = server_params().self_signed(&key).unwrap();
    identity(vec![leaf.der().clone()], &key)
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn server_params() -> CertificateParams {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut params = CertificateParams::new(names).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn identity(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Identity {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Identity { chain, key }
}
