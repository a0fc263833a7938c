//! `frontdesk export` as a program: its exit status and what it says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::{TempDir, tempdir};

fn frontdesk(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    command.args(arguments).current_dir(folder).env("FRONTDESK__DATABASE__URL", "sqlite://store.db");
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    frontdesk(folder.path(), arguments).output().unwrap()
}

fn done(folder: &TempDir, arguments: &[&str]) -> (String, String) {
    let Output { status, stdout, stderr } = run(folder, arguments);
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{arguments:?}: {stderr}");
    (stdout, stderr)
}

/// Fails with one line on standard error and nothing on standard output.
#[track_caller]
fn refused(folder: &TempDir, arguments: &[&str], why: &str) {
    let Output { status, stdout, stderr } = run(folder, arguments);
    assert_eq!((status.code(), stdout), (Some(1), vec![]), "{arguments:?}");
    assert_eq!(String::from_utf8(stderr).unwrap(), format!("frontdesk: {why}\n"), "{arguments:?}");
}

fn store(organizations: &[&str]) -> TempDir {
    let folder = tempdir().unwrap();
    for name in organizations {
        done(&folder, &["admin", "organization", "add", "--name", name, "--time-zone", "Asia/Taipei"]);
    }
    folder
}

#[test]
fn a_file_or_standard_output_and_a_count_of_each_kind() {
    let folder = store(&["One"]);
    done(&folder, &["admin", "employee", "add", "--employee-no", "e", "--first-name", "E", "--role", "agent"]);
    let (nothing, counts) = done(&folder, &["export", "one.ndjson"]);
    assert_eq!((nothing.as_str(), counts.as_str()), ("", "organization: 1\nemployee: 1\n"));
    let file = fs::read_to_string(folder.path().join("one.ndjson")).unwrap();
    assert_eq!(file.lines().count(), 2);
    for arguments in [&["export"][..], &["export", "-"], &["export", "--organization", "1"]] {
        assert_eq!(done(&folder, arguments), (file.clone(), counts.clone()), "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
    let folder = store(&["One"]);
    let file = folder.path().join("one.ndjson");
    fs::write(&file, "mine").unwrap();
    refused(&folder, &["export", "one.ndjson"], &format!("{} is there already; --force replaces it", file.display()));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    done(&folder, &["export", "one.ndjson", "--force"]);
    assert!(fs::read_to_string(&file).unwrap().starts_with("{\"record\":\"organization\",\"id\":1,"));
}

#[test]
fn it_must_be_plain_which_organization() {
    let folder = store(&["One", "Two"]);
    refused(&folder, &["export", "all.ndjson"], "there are several organizations; say which with --organization");
    refused(&folder, &["export", "all.ndjson", "--organization", "7"], "there is no organization 7");
    assert!(!folder.path().join("all.ndjson").exists());
    let (two, _) = done(&folder, &["export", "--organization", "2"]);
    assert_eq!(two.lines().count(), 1);
    assert!(two.contains("\"slug\":\"two\""), "{two}");
    refused(&store(&[]), &["export"], "there is no organization; add one with `frontdesk admin organization add`");
}

#[test]
fn a_place_where_no_file_can_be() {
    let folder = store(&["One"]);
    refused(&folder, &["export", "missing/one.ndjson"], "cannot write missing/one.ndjson: entity not found");
    fs::create_dir(folder.path().join("folder")).unwrap();
    let there = folder.path().join("folder");
    refused(&folder, &["export", "folder", "--force"], &format!("{} is there already and is no regular file", there.display()));
    refused(&folder, &["export", "/dev/full", "--force"], "/dev/full is there already and is no regular file");
}

#[test]
fn a_reader_that_went_away_is_no_success() {
    let folder = store(&["One"]);
    let mut export = frontdesk(folder.path(), &["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(export.stdout.take());
    let Output { status, stderr, .. } = export.wait_with_output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(String::from_utf8(stderr).unwrap(), "frontdesk: cannot write the records: Broken pipe (os error 32)\n");
}
