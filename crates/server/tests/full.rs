//! `frontdesk serve` on a SQLite store whose file cannot grow: what is in the journal stays there, and nothing is lost.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::tempdir;

/// Takes 200 KB wherever it is written.
fn long() -> String {
    "字".repeat(65_535)
}

fn frontdesk(folder: &Path, command: &mut Command) -> Child {
    let log = File::create(folder.join("log")).unwrap();
    command.current_dir(folder).env("FRONTDESK__DATABASE__URL", "sqlite://store.db").env("FRONTDESK__SERVER__LISTEN", "127.0.0.1:0");
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) {
    let status = frontdesk(folder, Command::new(env!("CARGO_BIN_EXE_frontdesk")).args(arguments)).wait().unwrap();
    assert!(status.success(), "{arguments:?}: {}", log(folder));
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap()
}

/// Where the server listens, once it does.
fn address(folder: &Path) -> String {
    for _ in 0..1000 {
        if let Some((_, rest)) = log(folder).split_once("listens on http://")
            && let Some((address, _)) = rest.split_once('\n')
        {
            return address.to_owned();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the server does not start: {}", log(folder));
}

/// The status of the answer to a request of the demo's service key.
fn status(address: &str, method: &str, path: &str, body: &str) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer fdk_demo-key\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_file_that_cannot_grow_loses_nothing() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    done(folder, &["demo", "--migrate"]);
    // The file is to have more pages than the journal may have before they are moved.
    let mut lines = String::new();
    for id in 1001..1081 {
        writeln!(lines, "{{\"record\":\"ticket\",\"id\":{id},\"subject\":\"before\",\"content\":\"{}\",\"status\":0}}", long()).unwrap();
    }
    fs::write(folder.join("more.ndjson"), lines).unwrap();
    done(folder, &["import", "more.ndjson"]);
    let blocks = fs::metadata(folder.join("store.db")).unwrap().len() / 512 + 1000;
    // What would grow beyond the limit fails, and no signal ends the program.
    let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" serve");
    let mut server = frontdesk(folder, Command::new("sh").args(["-c", &limited, env!("CARGO_BIN_EXE_frontdesk")]));
    let at = address(folder);
    let body = format!("{{\"subject\":\"after\",\"content\":\"{}\",\"status\":0}}", long());
    let mut made = 0;
    while made < 200 {
        match status(&at, "POST", "/api/v1/ticket", &body) {
            201 => made += 1,
            refused => {
                assert_eq!(refused, 503);
                break;
            }
        }
    }
    assert!((20..200).contains(&made), "{made}");
    assert_eq!(status(&at, "GET", "/api/v1/ticket/1001", ""), 200);
    server.kill().unwrap();
    server.wait().unwrap();
    let told = log(folder);
    assert_eq!(told.matches("the journal cannot be moved into the database").count(), 1, "{told}");
    done(folder, &["verify"]);
    let mut server = frontdesk(folder, Command::new(env!("CARGO_BIN_EXE_frontdesk")).arg("serve"));
    let at = address(folder);
    for id in 1081..1081 + made {
        assert_eq!(status(&at, "GET", &format!("/api/v1/ticket/{id}"), ""), 200, "{id}");
    }
    assert_eq!(status(&at, "POST", "/api/v1/ticket", &body), 201);
    server.kill().unwrap();
    server.wait().unwrap();
}
