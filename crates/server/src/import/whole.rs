//! A whole organization at once, in one transaction: for records that are known to be good and few.

use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_store::Tx;
use frontdesk_store::import::{Facts, Key, Space, reserve};
use serde_json::Value;

use super::loaders;

/// Writes the records of the caller's organization, which the store does not have yet and whose id is reserved, its own line
/// among them. A bad line fails the write.
pub async fn whole(tx: &Tx, lines: &[Value]) -> Result<()> {
    let of = |kind: Kind| lines.iter().filter(|line| line["record"] == kind.word()).cloned().collect::<Vec<_>>();
    let mut highest = HashMap::new();
    for loader in loaders() {
        for line in &of(loader.kind) {
            raise(&mut highest, (loader.read)(line, &tx.caller().zone).0);
        }
    }
    for (space, id) in highest {
        reserve(tx, space, id).await?;
    }
    (frontdesk_directory::import::ORGANIZATION.insert)(tx, &of(Kind::Organization)).await?;
    for loader in loaders() {
        (loader.insert)(tx, &of(loader.kind)).await?;
    }
    for (loader, finish) in loaders().filter_map(|loader| Some((loader, loader.finish?))) {
        finish(tx, &of(loader.kind)).await?;
    }
    Ok(())
}

fn raise(highest: &mut HashMap<Space, i64>, facts: Facts) {
    let names = facts.names.into_iter().map(|name| (name.space, name.key));
    for (space, key) in names.chain([facts.identity]) {
        if let (Key::Number(id), true) = (key, space.store_wide()) {
            let known = highest.entry(space).or_insert(id);
            *known = (*known).max(id);
        }
    }
}
