//! Conversations with a small server on a real socket.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::words::tests::invitation;

/// What the server says to a command that begins so; an empty answer ends the connection, `silence` is none.
type Script = &'static [(&'static str, &'static str)];

const FRIENDLY: Script = &[
    ("", "220 mx.example.org"),
    ("EHLO", "250-mx.example.org\r\n250 AUTH PLAIN"),
    ("MAIL", "250 ok"),
    ("RCPT", "250 ok"),
    ("DATA", "354 go on"),
    (".", "250 taken"),
    ("QUIT", "221 bye"),
];

/// A server; what it heard stands in the list.
async fn server(script: Vec<(&'static str, &'static str)>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(vec![]));
    tokio::spawn({
        let heard = heard.clone();
        async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = talk(stream, &script, &heard).await;
            }
        }
    });
    (port, heard)
}

async fn talk(stream: TcpStream, script: &[(&'static str, &'static str)], heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let (mut stream, mut line) = (BufReader::new(stream), String::new());
    loop {
        let command = line.trim_end();
        let fits = |begin: &str| begin.is_empty() == command.is_empty() && command.starts_with(begin);
        let answer = script.iter().rev().find(|(begin, _)| fits(begin)).map_or("500 what?", |(_, answer)| *answer);
        match answer {
            "" => return Ok(()),
            "silence" => {}
            answer => stream.write_all(format!("{answer}\r\n").as_bytes()).await?,
        }
        // The mail itself is heard until its end, without an answer to each line.
        let until = if answer.starts_with("354") { ".\r\n" } else { "" };
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            heard.lock().unwrap().push(line.trim_end().to_owned());
            if until.is_empty() || line == until {
                break;
            }
        }
    }
}

fn settings(port: u16) -> Settings {
    Settings {
        host: "127.0.0.1".into(),
        port,
        encryption: Encryption::None,
        sign_in: None,
        from: "Front desk <desk@example.org>".into(),
        limit: Duration::from_secs(5),
    }
}

/// What becomes of a mail where the server says something else than usual.
async fn sent(change: (&'static str, &'static str), to: &str, settings: impl Fn(u16) -> Settings) -> Result<(), Failure> {
    let (port, _) = server([FRIENDLY, &[change]].concat()).await;
    Mailer::new(settings(port)).unwrap().send(&Invitation { address: to.into(), ..invitation() }).await
}

#[tokio::test]
async fn a_mail_is_handed_over() {
    let (port, heard) = server(FRIENDLY.to_vec()).await;
    Mailer::new(settings(port)).unwrap().send(&invitation()).await.unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!(heard[..4], ["EHLO example.org", "MAIL FROM:<desk@example.org>", "RCPT TO:<wu@example.com>", "DATA"]);
    assert!(heard.iter().any(|line| line == "From: \"Front desk\" <desk@example.org>"), "{heard:?}");
    assert_eq!(heard.last().unwrap(), "QUIT");
}

#[tokio::test]
async fn which_refusals_are_for_good() {
    for (command, answer, retryable) in [
        ("MAIL", "451 later", true),
        ("MAIL", "530 sign in first", true),
        ("MAIL", "550 not from you", false),
        ("RCPT", "450 busy", true),
        ("RCPT", "550 nobody wu@example.com here", false),
        ("RCPT", "552 full", false),
        ("DATA", "451 later", true),
        (".", "452 no space", true),
        (".", "554 spam", false),
        (".", "", true),
        ("", "554 not you", true),
        ("", "421 closing", true),
        ("", "", true),
        ("", "HTTP/1.1 400 Bad Request", true),
        ("EHLO", "502 no", true),
    ] {
        let failure = sent((command, answer), "wu@example.com", settings).await.unwrap_err();
        assert_eq!(failure.is_retryable(), retryable, "{command} {answer}: {failure}");
        assert!(!failure.reason.contains("wu") && !failure.reason.contains("example"), "{failure}");
        let code = answer.get(..3).filter(|code| code.parse::<u16>().is_ok());
        assert!(code.is_none_or(|code| failure.reason.ends_with(code)), "{command} {answer}: {failure}");
    }
}

#[tokio::test]
async fn a_silent_server_and_none_at_all() {
    for command in ["", "RCPT", "."] {
        let short = |port| Settings { limit: Duration::from_millis(300), ..settings(port) };
        let failure = sent((command, "silence"), "wu@example.com", short).await.unwrap_err();
        assert!(failure.is_retryable(), "{command}: {failure}");
    }
    // Taken is taken, whether it says farewell or not.
    sent(("QUIT", "silence"), "wu@example.com", settings).await.unwrap();
    let nobody = Mailer::new(settings(1)).unwrap().send(&invitation()).await.unwrap_err();
    assert!(nobody.is_retryable() && nobody.reason == "the mail server could not be reached", "{nobody}");
}

#[tokio::test]
async fn letters_that_a_server_does_not_take() {
    let failure = sent(("QUIT", "221 bye"), "吳@example.com", settings).await.unwrap_err();
    assert!(!failure.is_retryable(), "{failure}");
    let more = ("EHLO", "250-mx.example.org\r\n250-SMTPUTF8\r\n250 8BITMIME");
    sent(more, "吳@example.com", settings).await.unwrap();
}

#[tokio::test]
async fn nothing_is_sent_without_the_encryption_that_was_asked_for() {
    let (port, heard) = server(FRIENDLY.to_vec()).await;
    for encryption in [Encryption::Starttls, Encryption::Tls] {
        let sign_in = Some(("desk".to_owned(), "secret".to_owned()));
        let mailer = Mailer::new(Settings { encryption, sign_in, limit: Duration::from_secs(1), ..settings(port) }).unwrap();
        let failure = mailer.send(&invitation()).await.unwrap_err();
        assert!(failure.is_retryable(), "{failure}");
    }
    assert!(heard.lock().unwrap().iter().all(|line| !line.starts_with("MAIL") && !line.starts_with("AUTH")));
}

#[test]
fn settings_that_cannot_be() {
    let bad = |settings| Mailer::new(settings).map(drop).unwrap_err();
    assert_eq!(bad(Settings { from: "nobody".into(), ..settings(25) }), BadSettings::From);
    assert_eq!(bad(Settings { sign_in: Some(("a".into(), "b".into())), ..settings(25) }), BadSettings::Password);
}
