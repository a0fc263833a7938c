//! Encrypted connections.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use frontdesk_api::{ServeOptions, Tls};
use frontdesk_server::settings::Settings;
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::harness::app::{App, options};
use crate::harness::database::MIGRATED;

fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

/// The answer to a GET by a client that trusts this certificate alone.
fn get(address: &str, path: &str, trusted: &CertifiedKey<KeyPair>) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[tokio::test]
async fn connections_are_encrypted() {
    let (mine, other) = (certificate(), certificate());
    let tls = Tls::of_pem(mine.cert.pem().as_bytes(), mine.signing_key.serialize_pem().as_bytes()).unwrap();
    let app = App::held_to(&MIGRATED, ServeOptions { tls: Some(tls), ..options() });
    let address = app.url.strip_prefix("http://").unwrap().to_owned();
    let answer = get(&address, "/healthz", &mine).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(r#"{"message":"ok"}"#), "{answer}");
    assert!(answer.to_lowercase().contains("\r\nstrict-transport-security: max-age=31536000\r\n"), "{answer}");
    assert!(get(&address, "/api/v1/ticket", &mine).unwrap().starts_with("HTTP/1.1 401"));
    assert!(get(&address, "/healthz", &other).is_err(), "a client takes a certificate that it does not trust");
    assert!(reqwest::get(format!("http://{address}/healthz")).await.is_err(), "answers without encryption");
}

#[test]
fn what_is_wrong_with_a_certificate_is_told() {
    let (mine, other) = (certificate(), certificate());
    let (pem, key) = (mine.cert.pem(), mine.signing_key.serialize_pem());
    for (pem, key, text) in [
        ("", key.as_str(), "no certificate"),
        (key.as_str(), key.as_str(), "no certificate"),
        (pem.as_str(), "", "no usable key"),
        (pem.as_str(), pem.as_str(), "no usable key"),
        (pem.as_str(), other.signing_key.serialize_pem().as_str(), "of no use"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key.as_str(), "of no use"),
    ] {
        let error = Tls::of_pem(pem.as_bytes(), key.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(text), "{error}");
    }
}

#[test]
fn the_settings_name_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    let read = |certificate: &Path, key: &Path| {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let environment = [("FRONTDESK__SERVER__TLS_CERTIFICATE", text(certificate)), ("FRONTDESK__SERVER__TLS_KEY", text(key))];
        let settings = Settings::read(None, environment.map(|(name, value)| (name.to_owned(), value))).unwrap();
        settings.server.tls().map(|tls| tls.is_some()).map_err(|error| format!("{error:#}"))
    };
    let none = Path::new("");
    assert_eq!(read(none, none), Ok(false));
    assert!(read(&certificate, none).unwrap_err().contains("server.tls_key"));
    assert!(read(none, &key).unwrap_err().contains("server.tls_certificate"));
    assert!(read(&certificate, &key).unwrap_err().contains("(server.tls_certificate)"));
    let made = self::certificate();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    assert!(read(&certificate, &key).unwrap_err().contains("(server.tls_key)"));
    std::fs::write(&key, "nonsense").unwrap();
    assert!(read(&certificate, &key).unwrap_err().contains("no usable key"));
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    assert_eq!(read(&certificate, &key), Ok(true));
}
