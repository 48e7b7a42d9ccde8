//! The commands of the program, run as somebody at a console runs them.

use std::{
    path::Path,
    process::{Command, Output},
};

use jiff::Timestamp;
use server::log::{Action, Actor, Entry};

use crate::support::{Database, program::Program};

/// Runs the program with `directory` as its data directory and nothing else set.
fn meridian(directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_meridian"))
        .args(arguments)
        .env_clear()
        .env("MERIDIAN_DATA_DIR", directory)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn audit_verify_names_the_first_broken_entry_and_fails() {
    let database = Database::sqlite();
    let directory = database.directory.path();
    let store = database.open().await;
    for _ in 0..3 {
        store.log_alone(&Entry::new(Timestamp::UNIX_EPOCH, Actor::System, Action::SignedIn)).await.unwrap();
    }
    store.close().await;
    let whole = meridian(directory, &["audit", "verify"], &[]);
    assert!(whole.status.success(), "{}", text(&whole));
    assert!(text(&whole).contains("3 entries"), "{}", text(&whole));

    let head = text(&whole).rsplit("head ").next().unwrap().trim().to_owned();
    let noted = meridian(directory, &["audit", "verify", "--expect", &head], &[]);
    assert!(noted.status.success() && text(&noted).contains("that of entry 3"), "{}", text(&noted));
    let other = meridian(directory, &["audit", "verify", "--expect", &"0".repeat(64)], &[]);
    assert_eq!(other.status.code(), Some(1));
    assert!(text(&other).contains("none has the expected hash") && text(&other).contains(&head), "{}", text(&other));
    let typo = meridian(directory, &["audit", "verify", "--expect", "abc"], &[]);
    assert!(text(&typo).contains("64 hexadecimal digits"), "{}", text(&typo));

    database.tamper("drop trigger log_refuses_update").await;
    database.tamper("update log set entry = replace(entry, 'system', 'nobody') where seq = 2").await;
    let broken = meridian(directory, &["audit", "verify"], &[]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken).contains("entry 2"), "{}", text(&broken));
}

#[test]
fn commands_about_an_installation_do_not_make_one() {
    let directory = tempfile::tempdir().unwrap();
    for arguments in [&["audit", "verify"][..], &["user", "list"], &["user", "add", "ana"]] {
        let output = meridian(directory.path(), arguments, &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output).contains("there is no database at"), "{}", text(&output));
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn people_are_looked_after_from_the_console() {
    let database = Database::sqlite();
    let directory = database.directory.path();
    database.open().await.close().await;
    let added = meridian(directory, &["user", "add", "Ana", "--name", "Ana A", "--role", "administrator"], &[]);
    assert!(added.status.success() && text(&added).contains("http://127.0.0.1:7420/link/"), "{}", text(&added));
    let twice = meridian(directory, &["user", "add", "ana"], &[]);
    assert!(text(&twice).contains("somebody has the user name ana already"), "{}", text(&twice));
    let list = text(&meridian(directory, &["user", "list"], &[]));
    assert!(list.contains("ana") && list.contains("no password yet") && list.contains("administrator"), "{list}");
    let reset = meridian(directory, &["user", "reset-password", "ANA"], &[]);
    assert!(reset.status.success() && text(&reset).contains("/link/"), "{}", text(&reset));
    let nobody = meridian(directory, &["user", "reset-password", "bob"], &[]);
    assert!(text(&nobody).contains("there is nobody"), "{}", text(&nobody));

    let store = database.open().await;
    let rows = store.list_log(&server::store::LogFilter::default(), 9, 0).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.written.actor.name.as_str(), row.written.action.as_str())).collect();
    assert_eq!(told, [("console", "person.reset_started"), ("console", "person.added")]);
}

#[tokio::test]
async fn wrong_circumstances_are_told_in_one_sentence_before_anything_is_changed() {
    let database = Database::sqlite();
    let directory = database.directory.path();
    let store = database.open().await;
    let keys = server::sealing::Keys::generate();
    let source = server::sealing::KeySource::Given { text: keys.to_text().as_str().into(), origin: "test".to_owned() };
    server::sealing::unlock(&store, &source).await.unwrap();
    store.close().await;

    let listen = ("MERIDIAN_LISTEN", "127.0.0.1:0");
    let other = server::sealing::Keys::generate().to_text();
    for (variables, arguments, expected) in [
        (vec![listen], &["serve"][..], "there is no key in"),
        (vec![listen, ("MERIDIAN_KEY", other.trim())], &["serve"], "which is not the one from MERIDIAN_KEY"),
        (vec![listen, ("MERIDIAN_KEY", "k1/c2hvcnQ=")], &["serve"], "5 bytes instead of 32"),
        (vec![("MERIDIAN_LISTEN", "0.0.0.0:0")], &["serve", "--demo"], "only listens on this machine"),
        (vec![("MERIDIAN_LISTN", "127.0.0.1:0")], &["serve"], "did you mean MERIDIAN_LISTEN?"),
    ] {
        let output = meridian(directory, arguments, &variables);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(expected), "{expected}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(said.matches(expected).count(), 1, "{said}");
        assert!(!said.contains(other.trim()) && !said.contains("c2hvcnQ="), "{said}");
    }
    assert!(!directory.join("key").exists());
}

#[test]
fn a_port_in_use_is_told_before_anything_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for arguments in [&["serve"][..], &["serve", "--demo"]] {
        let output = meridian(directory.path(), arguments, &[("MERIDIAN_LISTEN", &address)]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output).contains("choose another address with MERIDIAN_LISTEN"), "{}", text(&output));
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn two_servers_do_not_share_a_file_and_other_commands_do() {
    let directory = tempfile::tempdir().unwrap();
    let first = Program::start(directory.path(), "http://127.0.0.1:1", None);
    let listen = ("MERIDIAN_LISTEN", "127.0.0.1:0");
    let second = meridian(directory.path(), &["serve"], &[listen]);
    assert_eq!(second.status.code(), Some(1));
    assert!(text(&second).contains("another `meridian serve` is running"), "{}", text(&second));
    assert_eq!(text(&second).lines().count(), 1, "{}", text(&second));
    for arguments in [&["user", "add", "ana"][..], &["user", "list"], &["audit", "verify"]] {
        let output = meridian(directory.path(), arguments, &[listen]);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
    }
    first.kill();
    // The lock went with the process, however it ended.
    Program::start(directory.path(), "http://127.0.0.1:1", None).kill();
}
