//! The workspace as cargo and the file system see it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cargo_metadata::{Metadata, MetadataCommand, Package};

static METADATA: LazyLock<Metadata> =
    LazyLock::new(|| MetadataCommand::new().manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).no_deps().exec().unwrap());

/// The members of the workspace by name.
pub(crate) fn members() -> BTreeMap<&'static str, &'static Package> {
    METADATA.packages.iter().map(|package| (package.name.as_str(), package)).collect()
}

/// The sources of the members that `wanted` picks by name.
pub(crate) fn sources_of(wanted: impl Fn(&str) -> bool) -> Vec<(PathBuf, String)> {
    let packages = members().into_iter().filter(|(name, _)| wanted(name));
    packages.flat_map(|(_, package)| sources(package.manifest_path.parent().unwrap().join("src").as_std_path())).collect()
}

/// Rust files under `folder`, with their text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}
