//! Encrypted connections.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_outbound::{CertificateDer, Client, Settings};
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::server::{Script, Seen, Step, answer, fetch, permanent, post_of, retryable, serve, settings, talk};

/// A server for `hooks.example`; its port and certificate.
async fn secure(last_year: i32) -> (u16, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["hooks.example".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(last_year, 1, 1);
    let certificate = params.self_signed(&key).unwrap().der().clone();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.clone()], key).unwrap();
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(talk(stream, Seen::default(), answer("200 OK", "content-type: audio/wav\r\n", b"secret")));
            }
        }
    });
    (port, certificate)
}

fn trusting(roots: &[CertificateDer<'static>], connect_timeout: Duration) -> Client {
    let settings = Settings { more_roots: roots.to_vec(), connect_timeout, ..settings(&["127.0.0.1"]) };
    Client::with_resolver(settings, Arc::new(Script::new(&[&["127.0.0.1"]])))
}

#[tokio::test]
async fn a_certificate_is_judged() {
    let (port, root) = secure(2999).await;
    let (url, other) = (format!("https://hooks.example:{port}/"), format!("https://other.example:{port}/"));
    let known = trusting(std::slice::from_ref(&root), Duration::from_secs(10));
    assert_eq!(&known.post(post_of(&url)).await.unwrap().body[..], b"secret");
    assert_eq!(fetch(&known, &url).await.unwrap().bytes, 6);
    retryable(&known.post(post_of(&other)).await.unwrap_err(), "the certificate of other.example is for another name");
    let stranger = trusting(&[], Duration::from_secs(10));
    retryable(&fetch(&stranger, &url).await.unwrap_err(), "is from no authority that this server trusts");

    let (port, root) = secure(2001).await;
    let known = trusting(&[root], Duration::from_secs(10));
    let failure = known.post(post_of(&format!("https://hooks.example:{port}/"))).await.unwrap_err();
    retryable(&failure, "the certificate of hooks.example has expired");
}

#[tokio::test]
async fn who_does_not_speak_tls() {
    let (plain, _) = serve(answer("400 Bad Request", "", b"")).await;
    let url = format!("https://hooks.example:{plain}/");
    let patient = trusting(&[], Duration::from_secs(10));
    // The server waits for the end of a head, which a TLS greeting has none of.
    let hasty = trusting(&[], Duration::from_millis(150));
    retryable(&hasty.post(post_of(&url)).await.unwrap_err(), "no connection to hooks.example came about in time");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://hooks.example:{}/", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"SSH-2.0-OpenSSH_9.2\r\n").await.unwrap();
        }
    });
    retryable(&patient.post(post_of(&url)).await.unwrap_err(), "no encrypted connection to hooks.example came about");
}

#[tokio::test]
async fn the_guard_comes_before_encryption() {
    let (port, seen) = serve(vec![Step::Close]).await;
    let client = Client::new(settings(&[]));
    permanent(&client.post(post_of(&format!("https://localhost:{port}/"))).await.unwrap_err(), "not at a public address");
    assert_eq!(seen.connections(), 0);
}
