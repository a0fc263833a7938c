//! Walks through lists by cursor, on every list of every surface.

mod lists;
mod refusals;
mod walks;

use serde_json::{Value, json};

use crate::harness::app::{Answer, App, Caller};
use crate::harness::{recount, sql, world};
use frontdesk_store::Db;

/// A list, with what its tests need. The store is that of [`App::new`].
struct List {
    /// Where it is asked for.
    path: &'static str,
    /// What it is filtered by, so that it shows every row.
    filter: &'static str,
    /// Its table.
    table: &'static str,
    /// Keys of its order.
    sort: &'static [&'static str],
    /// A record with this id, drawn from few values, so that many are alike: a line of an import, or SQL.
    record: fn(&mut Dice, i64) -> String,
    /// The id of that record.
    id: fn(i64) -> String,
}

/// What asks for a page of a list: a path, and a body where it is a `POST`.
#[derive(Clone, Debug)]
struct Ask {
    path: String,
    body: Value,
}

/// A page: the ids on it, and what asks for the next one.
struct Page {
    ids: Vec<String>,
    next: Option<Ask>,
}

impl List {
    /// Whether its parameters stand in a body.
    fn posts(&self) -> bool {
        self.path.contains("/get_")
    }

    /// Asks for the list with these parameters beside its filter.
    fn ask(&self, parameters: &[(&str, String)]) -> Ask {
        if self.posts() {
            let fields = parameters.iter().filter(|(name, _)| *name != "sort");
            let body = fields.map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
            return Ask { path: self.path.into(), body: Value::Object(body) };
        }
        let query = serde_urlencoded::to_string(parameters).unwrap();
        Ask { path: format!("{}?{}{query}", self.path, self.filter), body: Value::Null }
    }

    /// Asks for everything at once.
    async fn whole(&self, app: &App, sort: &str) -> Vec<String> {
        let page = self.page(app, &self.ask(&[("sort", sort.into()), ("per_page", "200".into())])).await;
        assert!(page.next.is_none());
        page.ids
    }

    /// Begins a walk.
    fn begin(&self, sort: &str, rows: usize) -> Ask {
        self.ask(&[("sort", sort.into()), ("per_page", rows.to_string()), ("cursor", String::new())])
    }

    async fn page(&self, app: &App, ask: &Ask) -> Page {
        let answer = ask.send(&app.admin()).await;
        let next = if self.posts() {
            assert_eq!(answer.header("link"), "");
            let cursor = &answer.body["info"]["next_cursor"];
            cursor.is_string().then(|| ask.with("cursor", cursor.as_str().unwrap()))
        } else {
            link(&answer).map(|path| Ask { path, body: Value::Null })
        };
        let body = answer.is(200);
        let rows = [&body["data"], &body["items"], &body["info"]["items"]].into_iter().find_map(Value::as_array).unwrap();
        let id = |row: &Value| row["id"].as_str().map_or_else(|| row["id"].to_string(), str::to_owned);
        Page { ids: rows.iter().map(id).collect(), next }
    }

    /// Makes records.
    async fn make(&self, app: &App, db: &Db, dice: &mut Dice, ids: &[i64]) {
        let records: Vec<String> = ids.iter().map(|id| (self.record)(dice, *id)).collect();
        if records.first().is_none_or(|record| record.starts_with('{')) {
            let report = world::import(db, &app.world, &records.join("\n")).await;
            assert!(report.bad.is_empty(), "{:#?}", report.bad);
        } else {
            sql(db, &records.join(";")).await;
            recount(db).await;
        }
    }

    /// Deletes a record, past all rules.
    async fn delete(&self, db: &Db, id: i64) {
        let id = if self.table == "call_task" { lists::stored(db, id) } else { id.to_string() };
        sql(db, &format!("DELETE FROM {} WHERE id = {id}", self.table)).await;
    }
}

impl Ask {
    async fn send(&self, caller: &Caller<'_>) -> Answer {
        caller.json(if self.body.is_null() { "GET" } else { "POST" }, &self.path, &self.body).await
    }

    /// The same with another value of a parameter.
    fn with(&self, name: &str, value: &str) -> Self {
        let mut ask = self.clone();
        if let Some(fields) = ask.body.as_object_mut() {
            fields.insert(name.into(), value.into());
        } else {
            let (path, query) = self.path.split_once('?').unwrap();
            let mut pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
            pairs.retain(|(known, _)| known != name);
            pairs.push((name.into(), value.into()));
            ask.path = format!("{path}?{}", serde_urlencoded::to_string(pairs).unwrap());
        }
        ask
    }

    /// The value of a parameter.
    fn value(&self, name: &str) -> String {
        if let Some(fields) = self.body.as_object() {
            return fields[name].as_str().unwrap().to_owned();
        }
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(self.path.split_once('?').unwrap().1).unwrap();
        pairs.into_iter().find(|(known, _)| known == name).unwrap().1
    }
}

/// Where the `Link` of an answer leads.
/// Where the next page is, by the header of the answer.
pub(crate) fn link(answer: &Answer) -> Option<String> {
    let text = answer.headers.get("link")?.to_str().unwrap();
    let (address, rest) = text.strip_prefix('<').and_then(|text| text.split_once('>')).unwrap_or_else(|| panic!("no link: {text}"));
    assert_eq!(rest, "; rel=\"next\"");
    Some(address.to_owned())
}

/// Numbers that are the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub(crate) fn pick<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.roll(values.len())].clone()
    }

    /// So many ids that no record of the world has, in no order.
    fn ids(&mut self, known: &mut Vec<i64>, count: usize) -> Vec<i64> {
        let before = known.len();
        while known.len() < before + count {
            let id = i64::try_from(10_000 + self.roll(80_000)).unwrap();
            if !known.contains(&id) {
                known.push(id);
            }
        }
        known[before..].to_vec()
    }

    /// Every key of a list both ways, some of its orders by several, and its own.
    fn orders(&mut self, list: &List) -> Vec<String> {
        let both = |key: &&str| [(*key).to_owned(), format!("-{key}")];
        let mut orders: Vec<String> = list.sort.iter().flat_map(both).collect();
        for most in [2, 3, 4].into_iter().filter(|most| *most <= list.sort.len()) {
            let mut keys: Vec<&str> = vec![];
            while keys.len() < most {
                let key = self.pick(list.sort);
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            let signed: Vec<String> = keys.iter().map(|key| format!("{}{key}", self.pick(&["", "-"]))).collect();
            orders.push(signed.join(","));
        }
        orders.push(String::new());
        orders
    }
}
