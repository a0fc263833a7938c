//! The first reading: what every line brings and needs, and what is wrong with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use frontdesk_core::id::Kind;
use frontdesk_store::Db;
use frontdesk_store::import::{Facts, Key, Loader, Named, Space, Tie, holders};

use super::lines::{At, Lines, parse};
use super::loaders;
use super::target::Target;
use crate::fault;
use crate::progress::Progress;

type Keys<T> = HashMap<Space, HashMap<Key, T>>;

/// What a reading of the file found.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// The places of each kind's lines.
    pub records: HashMap<Kind, Vec<At>>,
    /// What is wrong with which lines.
    pub bad: BTreeMap<u32, String>,
    identities: Keys<u32>,
    owned: Keys<u32>,
    shared: Keys<u32>,
    /// What bad lines would have brought.
    spoilt: Keys<u32>,
    needed: Keys<()>,
    missing: Keys<()>,
    present: HashSet<u32>,
}

fn loader(word: &str) -> Option<&'static Loader> {
    loaders().find(|loader| loader.kind.word() == word)
}

impl Checked {
    /// Reads the whole file.
    pub(super) fn scan(lines: &mut Lines, target: &Target) -> Result<Self> {
        let mut checked = Self::default();
        let mut progress = Progress::new("checking", lines.size()?);
        while let Some((at, line)) = lines.next()? {
            match parse(line) {
                Ok(value) => checked.line(at, &value, target),
                Err(text) => checked.note(at.line, text),
            }
            progress.add(line.len() as u64 + 1);
        }
        Ok(checked)
    }

    /// Whether a line is to be written.
    pub(super) fn is_new(&self, at: At) -> bool {
        !self.present.contains(&at.line) && !self.bad.contains_key(&at.line)
    }

    /// The lines of a kind that `of` lets through.
    pub(super) fn lines(&self, kind: Kind, of: impl Fn(At) -> bool) -> Vec<At> {
        self.records.get(&kind).into_iter().flatten().copied().filter(|at| of(*at)).collect()
    }

    /// How many records are there already.
    pub(super) fn present(&self) -> usize {
        self.present.len()
    }

    /// The highest id that good lines bring to each table.
    pub(super) fn highest(&self) -> HashMap<Space, i64> {
        let mut highest = HashMap::new();
        for (space, keys) in self.identities.iter().chain(&self.shared).filter(|(space, _)| space.store_wide()) {
            for (key, line) in keys {
                if let (Key::Number(id), false) = (key, self.bad.contains_key(line)) {
                    let known = highest.entry(*space).or_insert(*id);
                    *known = (*known).max(*id);
                }
            }
        }
        highest
    }

    fn note(&mut self, line: u32, text: String) {
        self.bad.entry(line).or_insert(text);
    }

    fn line(&mut self, at: At, value: &serde_json::Value, target: &Target) {
        let word = value["record"].as_str().unwrap_or_default();
        if word == Kind::Organization.word() {
            return self.organization(at, value, target);
        }
        let Some(loader) = loader(word) else {
            let words: Vec<_> = loaders().map(|loader| loader.kind.word()).collect();
            return self.note(at.line, format!("record must be one of organization, {}", words.join(", ")));
        };
        let (facts, violations) = (loader.read)(value, &target.caller.zone);
        match violations.or(()) {
            Ok(()) => self.learn(at, facts),
            Err(error) => {
                self.note(at.line, format!("{word}: {error}"));
                self.spoil(at, facts);
            }
        }
        self.records.entry(loader.kind).or_default().push(at);
    }

    fn organization(&mut self, at: At, value: &serde_json::Value, target: &Target) {
        let (facts, violations) = (frontdesk_directory::import::ORGANIZATION.read)(value, &target.caller.zone);
        if let Err(error) = violations.or(()) {
            return self.note(at.line, format!("organization: {error}"));
        }
        if target.line.is_none_or(|first| first.line != at.line) {
            return self.note(at.line, "a file holds the records of one organization".into());
        }
        let slug = facts.names.first().map(|name| name.key.to_string()).unwrap_or_default();
        match &target.stored {
            Some(stored) if *stored == slug => {
                self.present.insert(at.line);
            }
            Some(_) => self.note(at.line, format!("organization: id {} is the id of another organization", target.caller.organization)),
            None if target.slugs.contains(&slug) => {
                self.note(at.line, format!("organization: slug {slug} is the slug of another organization"));
            }
            None => {}
        }
    }

    /// Learns the keys of a line without violations, unless another line has one of them that only one may have.
    fn learn(&mut self, at: At, facts: Facts) {
        if let Some(text) = self.clash(&facts) {
            self.note(at.line, text);
            return self.spoil(at, facts);
        }
        let (space, key) = facts.identity;
        self.identities.entry(space).or_default().insert(key, at.line);
        for Named { tie, space, key, .. } in facts.names {
            match tie {
                Tie::Need => {
                    self.needed.entry(space).or_default().insert(key, ());
                }
                Tie::Share => {
                    self.shared.entry(space).or_default().entry(key).or_insert(at.line);
                }
                Tie::Own => {
                    self.owned.entry(space).or_default().insert(key, at.line);
                }
            }
        }
    }

    fn clash(&self, facts: &Facts) -> Option<String> {
        let (space, key) = &facts.identity;
        if let Some(first) = held(&self.identities, *space, key) {
            return Some(format!("{key} stands on line {first} already"));
        }
        facts.names.iter().filter(|name| name.tie == Tie::Own).find_map(|name| {
            let first = held(&self.owned, name.space, &name.key)?;
            Some(format!("{} {} is that of line {first} already", name.field, name.key))
        })
    }

    fn spoil(&mut self, at: At, facts: Facts) {
        let own = facts.names.into_iter().filter(|name| name.tie == Tie::Own).map(|name| (name.space, name.key));
        for (space, key) in own.chain([facts.identity]).filter(|(_, key)| !key.is_blank()) {
            self.spoilt.entry(space).or_default().entry(key).or_insert(at.line);
        }
    }

    /// Compares the keys with those of the store.
    pub(super) async fn ask(&mut self, db: &Db, target: &Target) -> Result<()> {
        let ours = target.caller.organization;
        for (space, key, line, owner) in stored(db, &self.identities).await? {
            if owner == ours.0 {
                self.present.insert(line);
            } else if space.store_wide() {
                self.note(line, format!("id {key} is taken"));
            }
        }
        for (space, key, line, owner) in stored(db, &self.owned).await? {
            if owner == ours.0 && !self.present.contains(&line) {
                self.note(line, format!("{} {key} is that of another record", space.columns().join(" and ")));
            }
        }
        for (space, key, line, owner) in stored(db, &self.shared).await? {
            if owner != ours.0 {
                self.note(line, format!("the id {key} of a {} is taken", space.table()));
            }
        }
        let needed = std::mem::take(&mut self.needed);
        let mut missing: Keys<()> = HashMap::new();
        for (space, keys) in needed {
            missing.insert(space, keys.into_iter().filter(|(key, ())| self.provider(space, key).is_none()).collect());
        }
        for (space, key, (), owner) in stored(db, &missing).await? {
            if owner == ours.0 {
                missing.entry(space).or_default().remove(&key);
                self.spoilt.entry(space).or_default().remove(&key);
            }
        }
        for (space, keys) in &mut missing {
            keys.retain(|key, ()| held(&self.spoilt, *space, key).is_none());
        }
        self.missing = missing;
        Ok(())
    }

    /// The line that brings a key. A record that is in the store already brings its id alone.
    fn provider(&self, space: Space, key: &Key) -> Option<u32> {
        let owned = || held(&self.owned, space, key).filter(|line| !self.present.contains(line));
        held(&self.identities, space, key).or_else(owned)
    }

    /// Finds the lines that need what is nowhere and, where bad lines are to be left out, those that need them.
    pub(super) fn follow(&mut self, lines: &mut Lines, target: &Target, keep_going: bool) -> Result<()> {
        let some_missing = self.missing.values().any(|keys| !keys.is_empty());
        let mut again = some_missing || (keep_going && !self.bad.is_empty());
        while again {
            let before = self.bad.len();
            lines.rewind()?;
            while let Some((at, line)) = lines.next()? {
                if self.is_new(at)
                    && let Ok(value) = parse(line)
                    && let Some(loader) = loader(value["record"].as_str().unwrap_or_default())
                    && let Some(text) = self.needs(&(loader.read)(&value, &target.caller.zone).0, keep_going)
                {
                    self.note(at.line, format!("{}: {text}", loader.kind.word()));
                }
            }
            again = keep_going && self.bad.len() > before;
        }
        if let Some(text) = target.line.and_then(|at| self.bad.get(&at.line)).filter(|_| keep_going) {
            anyhow::bail!("nothing can be imported without the organization: {text}");
        }
        Ok(())
    }

    fn needs(&self, facts: &Facts, keep_going: bool) -> Option<String> {
        let mut texts = vec![];
        for name in facts.names.iter().filter(|name| name.tie == Tie::Need) {
            if self.missing.get(&name.space).is_some_and(|keys| keys.contains_key(&name.key)) {
                texts.push(format!("{} {} names no record of the file or the organization", name.field, name.key));
            } else if let Some(line) = self.left_out(name.space, &name.key).filter(|_| keep_going) {
                texts.push(format!("{} {} is on line {line}, which is left out", name.field, name.key));
            }
        }
        (!texts.is_empty()).then(|| texts.join("; "))
    }

    /// The bad line that would have brought a key.
    fn left_out(&self, space: Space, key: &Key) -> Option<u32> {
        let line = self.provider(space, key).or_else(|| held(&self.spoilt, space, key))?;
        (self.bad.contains_key(&line) && !self.present.contains(&line)).then_some(line)
    }
}

fn held(keys: &Keys<u32>, space: Space, key: &Key) -> Option<u32> {
    keys.get(&space)?.get(key).copied()
}

/// Which of the keys the store has, with the organization of each.
async fn stored<T: Copy>(db: &Db, keys: &Keys<T>) -> Result<Vec<(Space, Key, T, i64)>> {
    let mut found = vec![];
    for (space, keys) in keys {
        let all: Vec<Key> = keys.keys().cloned().collect();
        for (key, owner) in holders(&db.scan(), *space, &all).await.map_err(fault)? {
            if let Some(held) = keys.get(&key) {
                found.push((*space, key, *held, owner.0));
            }
        }
    }
    Ok(found)
}
