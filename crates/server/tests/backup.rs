//! `frontdesk backup`, `restore` and `verify` as programs, on SQLite: their exit status and what they say.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use tempfile::{TempDir, tempdir};

fn frontdesk(folder: &Path, store: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    command.args(arguments).current_dir(folder).env("FRONTDESK__DATABASE__URL", format!("sqlite://{store}"));
    command.output().unwrap()
}

#[track_caller]
fn done(folder: &TempDir, store: &str, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = frontdesk(folder.path(), store, arguments);
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Fails with one line on standard error and nothing on standard output.
#[track_caller]
fn refused(folder: &TempDir, store: &str, arguments: &[&str], why: &str) {
    let Output { status, stdout, stderr } = frontdesk(folder.path(), store, arguments);
    assert_eq!((status.code(), stdout), (Some(1), vec![]), "{arguments:?}");
    assert_eq!(String::from_utf8(stderr).unwrap(), format!("frontdesk: {why}\n"), "{arguments:?}");
}

/// A folder with the demo organization in `store.db`.
fn demo() -> TempDir {
    let folder = tempdir().unwrap();
    done(&folder, "store.db", &["demo"]);
    folder
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_store_comes_back() {
    let folder = demo();
    assert_eq!(done(&folder, "store.db", &["backup", "store.backup"]), "");
    let backup = folder.path().join("store.backup");
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    let verified = done(&folder, "store.db", &["verify"]);
    assert!(verified.contains("\nticket: 26 records, 26 changes, 0 events\n") && verified.ends_with("\nall agrees\n"), "{verified}");
    assert_eq!(done(&folder, "new/back.db", &["restore", "store.backup"]), verified);
    assert_eq!(fs::metadata(folder.path().join("new/back.db")).unwrap().permissions().mode() & 0o777, 0o600);
    for file in ["one", "two"] {
        let store = if file == "one" { "store.db" } else { "new/back.db" };
        done(&folder, store, &["export", file]);
    }
    assert_eq!(fs::read(folder.path().join("one")).unwrap(), fs::read(folder.path().join("two")).unwrap());
    assert_eq!(names(&folder), ["new", "one", "store.backup", "store.db", "two"]);
}

#[test]
fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
    let folder = demo();
    fs::write(folder.path().join("mine"), "mine").unwrap();
    let mine = folder.path().join("mine");
    refused(&folder, "store.db", &["backup", "mine"], &format!("{} is there already; --force replaces it", mine.display()));
    assert_eq!(fs::read(&mine).unwrap(), b"mine");
    done(&folder, "store.db", &["backup", "mine", "--force"]);
    assert!(fs::read(&mine).unwrap().starts_with(b"SQLite format 3\0"));
    let store = fs::canonicalize(folder.path().join("store.db")).unwrap();
    refused(&folder, "store.db", &["backup", "store.db", "--force"], &format!("{} is the store itself", store.display()));
    refused(&folder, "store.db", &["backup", "missing/b"], "cannot write missing/b: entity not found");
    refused(&folder, "none.db", &["backup", "b"], "there is no store at none.db");
    assert_eq!(names(&folder), ["mine", "store.db"]);
}

#[test]
fn a_store_that_is_there_stays() {
    let folder = demo();
    done(&folder, "store.db", &["backup", "b"]);
    let before = fs::read(folder.path().join("store.db")).unwrap();
    let there = "store.db is a store with organizations in it; a backup is restored where there is none";
    refused(&folder, "store.db", &["restore", "b"], there);
    assert_eq!(fs::read(folder.path().join("store.db")).unwrap(), before);
    fs::write(folder.path().join("new.db-wal"), "x").unwrap();
    refused(&folder, "new.db", &["restore", "b"], "new.db-wal is left of another store; move it away first");
    fs::write(folder.path().join("text.db"), "a text that is longer than the header of a database, which has a hundred bytes or so: no")
        .unwrap();
    let output = frontdesk(folder.path(), "text.db", &["restore", "b"]);
    assert_eq!(output.status.code(), Some(1));
    done(&folder, "empty.db", &["migrate"]);
    fs::write(folder.path().join("blank.db"), "").unwrap();
    for store in ["empty.db", "blank.db"] {
        assert!(done(&folder, store, &["restore", "b"]).ends_with("\nall agrees\n"));
    }
}

#[test]
fn a_store_that_somebody_made_meanwhile_stays() {
    let folder = demo();
    done(&folder, "store.db", &["backup", "b"]);
    let at = |name: &str| folder.path().join(name);
    let (backup, made) = (fs::read(at("b")).unwrap(), fs::read(at("store.db")).unwrap());
    // A pipe, so that the restore waits where the test wants it.
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    fs::write(at("new.db"), "").unwrap();
    thread::scope(|scope| {
        let why = "new.db is a store with organizations in it; a backup is restored where there is none";
        scope.spawn(|| refused(&folder, "new.db", &["restore", "pipe"], why));
        // It is opened for reads as well, or a write would fail between the two times that the restore opens it.
        let mut pipe = fs::OpenOptions::new().read(true).write(true).open(at("pipe")).unwrap();
        pipe.write_all(&backup[..16]).unwrap();
        while !names(&folder).iter().any(|name| name.starts_with(".frontdesk-")) {
            thread::yield_now();
        }
        fs::write(at("new.db"), &made).unwrap();
        pipe.write_all(&backup).unwrap();
    });
    assert_eq!(fs::read(at("new.db")).unwrap(), made);
    assert_eq!(names(&folder), ["b", "new.db", "pipe", "store.db"]);
}

#[test]
fn what_is_no_good_backup_is_refused_and_leaves_nothing() {
    let folder = demo();
    done(&folder, "store.db", &["backup", "b"]);
    let good = fs::read(folder.path().join("b")).unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    put("text", b"{\"record\":\"organization\"}\n");
    put("short", &good[..good.len() / 2]);
    let mut scratched = good.clone();
    let middle = good.len() / 2;
    scratched[middle..middle + 4096].fill(0xAA);
    put("scratched", &scratched);
    put("postgres", b"PGDMP and so on");
    refused(&folder, "new.db", &["restore", "text"], "text is no backup");
    refused(&folder, "new.db", &["restore", "none"], "cannot read none: No such file or directory (os error 2)");
    let other = "postgres is a backup of a store on PostgreSQL, and this one is on SQLite; \
                 from one to the other goes with `frontdesk export` and `frontdesk import`";
    refused(&folder, "new.db", &["restore", "postgres"], other);
    for damaged in ["short", "scratched"] {
        let output = frontdesk(folder.path(), "new.db", &["restore", damaged]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && text.starts_with(&format!("frontdesk: {damaged} is damaged: ")), "{text}");
    }
    assert_eq!(names(&folder), ["b", "postgres", "scratched", "short", "store.db", "text"]);
}

#[test]
fn a_store_that_cannot_be_verified() {
    let folder = tempdir().unwrap();
    let fails = |store: &str, why: &str| {
        let Output { status, stdout, stderr } = frontdesk(folder.path(), store, &["verify"]);
        assert_eq!((status.code(), String::from_utf8(stdout).unwrap().as_str()), (Some(2), ""));
        let text = String::from_utf8(stderr).unwrap();
        assert!(text.starts_with(&format!("frontdesk: {why}")), "{text}");
    };
    fails("none.db", "there is no store at none.db");
    fs::write(folder.path().join("blank.db"), "").unwrap();
    fails("blank.db", "the store lacks m0001_directory, ");
    assert!(!folder.path().join("none.db").exists());
}
