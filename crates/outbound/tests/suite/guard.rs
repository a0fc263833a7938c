//! Nothing is connected to that may not be.

use std::sync::Arc;

use frontdesk_outbound::{Client, Reach, Settings};

use crate::server::{Script, answer, client, fetch, local, permanent, post_of, retryable, serve, serve_two, settings};

const REFUSED: &str = "is not at a public address";

/// Hosts of this machine and of networks that are nobody else's, in every notation.
const HOSTS: [&str; 44] = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127。0。0。1",
    "１２７.0.0.1",
    "%31%32%37.0.0.1",
    "127.0.0.1.",
    "127.255.255.254",
    "0.0.0.0",
    "0",
    "localhost",
    "LOCALHOST",
    "[::1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:10.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[fc00::1]",
    "[ff02::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "2852039166",
    "0xa9.0xfe.0xa9.0xfe",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
];

#[tokio::test]
async fn every_notation_is_refused() {
    let (port, seen) = serve(answer("200 OK", "", b"secret")).await;
    let client = Client::new(settings(&["127.0.0.1:1"]));
    for host in HOSTS {
        let url = format!("http://{host}:{port}/");
        permanent(&client.post(post_of(&url)).await.unwrap_err(), REFUSED);
        permanent(&fetch(&client, &url).await.unwrap_err(), REFUSED);
        permanent(&client.check(&url).await.unwrap_err(), REFUSED);
    }
    assert_eq!(seen.connections(), 0);
}

#[tokio::test]
async fn what_is_allowed_is_reached() {
    let (port, seen) = serve(answer("200 OK", "", b"")).await;
    let (by_net, by_host, by_port) = ("127.0.0.0/8".to_owned(), "hooks.corp".to_owned(), format!("hooks.corp:{port}"));
    let url = format!("http://hooks.corp:{port}/");
    for allowed in [by_net, by_host, by_port] {
        assert_eq!(client(&[&allowed]).post(post_of(&url)).await.unwrap().status, 200, "{allowed}");
    }
    assert_eq!(seen.connections(), 3);
    for other in ["127.0.0.0/32", "corp", "hooks.corp:1", "xhooks.corp"] {
        permanent(&client(&[other]).post(post_of(&url)).await.unwrap_err(), REFUSED);
    }
    let anywhere = Client::new(Settings { reach: Reach::Anywhere, ..settings(&[]) });
    assert_eq!(anywhere.post(post_of(&format!("http://localhost:{port}/"))).await.unwrap().status, 200);
    assert_eq!(seen.connections(), 4);
}

#[tokio::test]
async fn a_redirect_is_judged_like_the_address_itself() {
    let (secret, seen) = serve(answer("200 OK", "content-type: audio/wav\r\n", b"secret")).await;
    for (location, reason) in [
        (format!("http://127.0.0.1:{secret}/"), REFUSED),
        (format!("http://0177.1:{secret}/"), REFUSED),
        (format!("http://[::ffff:127.0.0.1]:{secret}/"), REFUSED),
        (format!("http://other.example:{secret}/"), REFUSED),
        (format!("//localhost:{secret}/"), REFUSED),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), REFUSED),
        ("http://u:p@files.example/".to_owned(), "a user name or a password"),
        ("file:///etc/passwd".to_owned(), "does not begin with http"),
        ("http://[".to_owned(), "to an address that is not a URL"),
        ("http://files.example:22/".to_owned(), "port 22 of files.example is not"),
    ] {
        let (port, _) = serve(answer("302 Found", &format!("location: {location}\r\n"), b"")).await;
        let client = client(&[&format!("files.example:{port}")]);
        let failure = fetch(&client, &format!("http://files.example:{port}/")).await.unwrap_err();
        permanent(&failure, reason);
    }
    assert_eq!(seen.connections(), 0);
}

#[tokio::test]
async fn redirects_are_followed_so_many_times_by_a_fetch_and_never_by_a_post() {
    let (end, _) = serve(answer("200 OK", "content-type: audio/wav\r\n", b"RIFF")).await;
    let (second, _) = serve(answer("307 Temporary Redirect", &format!("location: http://c.example:{end}/call.wav\r\n"), b"")).await;
    let (first, _) = serve(answer("301 Moved Permanently", &format!("location: http://b.example:{second}/\r\n"), b"")).await;
    let fetched = fetch(&local(), &format!("http://a.example:{first}/x")).await.unwrap();
    assert_eq!((fetched.bytes, fetched.name.as_deref()), (4, Some("call.wav")));

    let (around, seen) = serve(answer("302 Found", "location: /again\r\n", b"")).await;
    let failure = fetch(&local(), &format!("http://a.example:{around}/")).await.unwrap_err();
    permanent(&failure, "a.example redirected more than 3 times in a row");
    assert_eq!(seen.requests().len(), 4);

    let answer = local().post(post_of(&format!("http://a.example:{around}/"))).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(seen.requests().len(), 5);
    permanent(&answer.accepted().unwrap_err(), "status 302");
}

#[tokio::test]
async fn an_answer_that_changes_after_the_check_is_refused() {
    let (port, seen) = serve(answer("200 OK", "", b"")).await;
    let script = Script::new(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let client = Client::with_resolver(settings(&["127.0.0.2"]), Arc::new(script.clone()));
    let url = format!("http://rebind.example:{port}/");
    client.check(&url).await.unwrap();
    permanent(&client.post(post_of(&url)).await.unwrap_err(), REFUSED);
    permanent(&fetch(&client, &url).await.unwrap_err(), REFUSED);
    assert_eq!((seen.connections(), script.asked()), (0, 3));
}

#[tokio::test]
async fn what_was_judged_is_what_is_dialled() {
    let (port, good, evil) = serve_two(answer("200 OK", "connection: close\r\n", b"")).await;
    let script = Script::new(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let client = Client::with_resolver(settings(&["127.0.0.2"]), Arc::new(script.clone()));
    let url = format!("http://rebind.example:{port}/");
    assert_eq!(client.post(post_of(&url)).await.unwrap().status, 200);
    assert_eq!(script.asked(), 1, "one question for one connection");
    permanent(&client.post(post_of(&url)).await.unwrap_err(), REFUSED);
    assert_eq!((good.connections(), evil.connections()), (1, 0));
}

#[tokio::test]
async fn of_several_addresses_only_those_that_may_be_are_dialled() {
    let (port, good, evil) = serve_two(answer("200 OK", "", b"")).await;
    let script = Script::new(&[&["127.0.0.1", "::1", "127.0.0.3", "127.0.0.2"]]);
    // Nobody listens at 127.0.0.3, which is tried first.
    let client = Client::with_resolver(settings(&["127.0.0.2/31"]), Arc::new(script));
    assert_eq!(client.post(post_of(&format!("http://a.example:{port}/"))).await.unwrap().status, 200);
    assert_eq!((good.connections(), evil.connections()), (1, 0));
}

#[tokio::test]
async fn ports_of_other_services_are_refused() {
    let public = Client::with_resolver(settings(&["mail.corp:25"]), Arc::new(Script::new(&[&["8.8.8.8"]])));
    for port in [0, 1, 22, 25, 53, 79, 81, 111, 389, 442, 444, 445, 465, 587, 993, 1023] {
        let failure = public.check(&format!("http://a.example:{port}/")).await.unwrap_err();
        permanent(&failure, &format!("port {port} of a.example is not one that is allowed"));
    }
    for url in ["http://a.example/", "https://a.example/", "https://a.example:80/", "http://a.example:1024/", "http://mail.corp:25/"] {
        public.check(url).await.unwrap();
    }
}

#[tokio::test]
async fn reasons_name_the_host_alone() {
    let nobody = Client::with_resolver(settings(&[]), Arc::new(Script::new(&[])));
    let url = "https://files.example/org-7/call.wav?token=s3cret#part";
    retryable(&nobody.check(url).await.unwrap_err(), "the host files.example is not known");
    let free = serve(vec![]).await.0;
    let urls = [
        (url.to_owned(), local()),
        (format!("http://files.example:{free}/org-7/call.wav?token=s3cret"), client(&[])),
        ("http://alice:s3cret@files.example/org-7".to_owned(), local()),
        ("http://files.example:22/org-7?s3cret".to_owned(), client(&[])),
    ];
    for (url, client) in urls {
        for failure in [fetch(&client, &url).await.unwrap_err(), client.post(post_of(&url)).await.unwrap_err()] {
            let hidden = ["s3cret", "org-7", "call.wav", "alice", "127.0.0.1"];
            assert!(!hidden.iter().any(|secret| format!("{failure} {failure:?}").contains(secret)), "{failure:?}");
        }
    }
}
