//! Encrypted connections.

use std::io::{Error, ErrorKind, Result};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate with its key, for TLS 1.2 and 1.3.
#[derive(Clone, Debug)]
pub struct Tls(pub(crate) ServerConfig);

impl Tls {
    /// Reads a chain of certificates, the server's own first, and the key of that one from PEM texts.
    pub fn of_pem(certificates: &[u8], key: &[u8]) -> Result<Self> {
        let wrong = |text: String| Error::new(ErrorKind::InvalidData, text);
        let chain = CertificateDer::pem_slice_iter(certificates).collect::<std::result::Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| wrong(format!("the certificate is no PEM: {error}")))?;
        if chain.is_empty() {
            return Err(wrong("there is no certificate in the PEM text".into()));
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| wrong(format!("there is no usable key in the PEM text: {error}")))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
        let config = config.and_then(|config| config.with_no_client_auth().with_single_cert(chain, key));
        config.map(Self).map_err(|error| wrong(format!("the certificate and the key are of no use: {error}")))
    }
}
