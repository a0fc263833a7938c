//! The layers: which package may know which, and what is named where.

use std::fs;

use cargo_metadata::DependencyKind;
use toml::Value;

use crate::harness::members::{members, sources_of};

const DOMAINS: [&str; 4] = ["frontdesk-appointments", "frontdesk-callcenter", "frontdesk-events", "frontdesk-ticketing"];

/// The members that a member may depend on.
fn allowed(name: &str) -> Option<Vec<&'static str>> {
    let below = ["frontdesk-core", "frontdesk-store", "frontdesk-directory"];
    Some(match name {
        "frontdesk-core" | "frontdesk-mail" | "frontdesk-outbound" | "frontdesk-summary" => vec![],
        "frontdesk-store" | "frontdesk-migration" => below[..1].to_vec(),
        "frontdesk-directory" => below[..2].to_vec(),
        "frontdesk-events" => [&below[..], &["frontdesk-outbound"]].concat(),
        "frontdesk-callcenter" => [&below[..], &["frontdesk-outbound", "frontdesk-summary"]].concat(),
        "frontdesk-appointments" => [&below[..], &["frontdesk-mail"]].concat(),
        domain if DOMAINS.contains(&domain) => below.to_vec(),
        "frontdesk-api" => [&below[..], &DOMAINS].concat(),
        "frontdesk-server" => {
            [&below[..], &DOMAINS, &["frontdesk-api", "frontdesk-mail", "frontdesk-migration", "frontdesk-outbound"]].concat()
        }
        "frontdesk-tests" => {
            let above = ["frontdesk-api", "frontdesk-mail", "frontdesk-server", "frontdesk-migration", "frontdesk-outbound"];
            [&below[..], &DOMAINS, &above].concat()
        }
        _ => return None,
    })
}

/// Fails where a package outside `may` depends on one that `named` picks.
fn only(may: &[&str], what: &str, named: impl Fn(&str) -> bool) {
    for (name, package) in members().into_iter().filter(|(name, _)| !may.contains(name)) {
        let found: Vec<_> = package.dependencies.iter().map(|dependency| &dependency.name).filter(|name| named(name)).collect();
        assert!(found.is_empty(), "{name} names {what}: {found:?}");
    }
}

#[test]
fn arrows_point_one_way() {
    let members = members();
    assert!(members.len() >= 10, "{:?}", members.keys());
    for (name, package) in &members {
        let mut may = allowed(name).unwrap_or_else(|| panic!("{name} has no place among the layers"));
        for dependency in package.dependencies.iter().filter(|dependency| members.contains_key(dependency.name.as_str())) {
            if dependency.kind == DependencyKind::Development {
                // Examples make their own store.
                may.push("frontdesk-migration");
            }
            assert!(may.contains(&dependency.name.as_str()), "{name} must not know {}", dependency.name);
        }
    }
}

#[test]
fn libraries_stay_in_their_layer() {
    only(&["frontdesk-api", "frontdesk-server", "frontdesk-tests"], "the web framework", |name| name.contains("actix"));
    only(&["frontdesk-store", "frontdesk-migration"], "a database driver", |name| {
        ["sqlx", "rusqlite", "libsqlite3", "tokio-postgres", "diesel"].iter().any(|driver| name.starts_with(driver))
    });
    let databases = ["frontdesk-store", "frontdesk-directory", "frontdesk-migration", "frontdesk-server", "frontdesk-tests"];
    only(&[&databases[..], &DOMAINS].concat(), "SeaORM", |name| name.starts_with("sea-orm"));
    only(&["frontdesk-server"], "configuration", |name| name == "config" || name == "clap");
}

#[test]
fn other_servers_are_asked_through_one_package_alone() {
    only(&["frontdesk-mail"], "a client of mail servers", |name| name == "lettre");
    let clients = ["reqwest", "ureq", "curl", "isahc", "awc", "hyper", "hyper-util", "attohttpc", "tonic"];
    let may = ["frontdesk-outbound", "frontdesk-tests"];
    for (name, package) in members().into_iter().filter(|(name, _)| !may.contains(name)) {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        let found: Vec<_> = normal.map(|dependency| &dependency.name).filter(|name| clients.contains(&name.as_str())).collect();
        assert!(found.is_empty(), "{name} could ask other servers: {found:?}");
    }
    for (path, text) in sources_of(|name| !may.contains(&name)) {
        for banned in ["TcpStream::connect", "UdpSocket", "process::Command"] {
            assert!(!text.contains(banned), "{} says {banned}", path.display());
        }
    }
}

#[test]
fn lints_and_versions_come_from_the_workspace() {
    for (name, package) in members() {
        let manifest: Value = toml::from_str(&fs::read_to_string(&package.manifest_path).unwrap()).unwrap();
        let inherited = |value: Option<&Value>| value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true);
        assert!(inherited(manifest.get("lints")), "{name} has lints of its own");
        for key in ["version", "edition", "rust-version", "license"] {
            assert!(inherited(manifest["package"].get(key)), "{name} has its own {key}");
        }
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (dependency, value) in manifest.get(section).and_then(Value::as_table).into_iter().flatten() {
                assert!(inherited(Some(value)), "{name} has its own version of {dependency}");
            }
        }
    }
}

#[test]
fn only_the_server_reads_the_environment() {
    for (path, text) in sources_of(|name| name != "frontdesk-server") {
        for banned in ["env::var", "env::args", "use std::env", "std::process"] {
            assert!(!text.contains(banned), "{} says {banned}", path.display());
        }
    }
}

#[test]
fn only_entities_and_repositories_name_columns() {
    let files = sources_of(|name| name == "frontdesk-directory" || DOMAINS.contains(&name));
    assert!(files.len() > 20, "{}", files.len());
    for (path, text) in files {
        let keeper = path.ancestors().any(|part| part.file_stem().is_some_and(|stem| stem == "entity" || stem == "repo"));
        assert!(keeper || !text.contains("Column::"), "{} names columns", path.display());
    }
}
