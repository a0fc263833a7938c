//! What a list, a filter, a walk, `related`, a history or an export shows, whoever it is shown to may view. Organizations, their
//! records and who asks are of chance: `FRONTDESK_TEST_SEED` begins elsewhere, `FRONTDESK_TEST_CASES` goes on longer.

mod desk;

use std::collections::{BTreeSet, HashMap};
use std::env;

use frontdesk_core::access::Scope;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::status::{ClientId, GrantRole};
use frontdesk_directory::sign_in::{CodeExchange, NewCode, NewLicense, NewServiceKey, SignIn};
use frontdesk_server::export::Target;
use serde_json::{Value, json};

use self::desk::{CUSTOMERS, Desk, Dice, WORDS, customer_mark, mark};
use crate::harness::app::{Answer, App, Caller};
use crate::harness::contract::{OPERATIONS, Operation};
use crate::harness::database::MIGRATED;
use crate::harness::system;
use crate::harness::world::import;

const APPOINTMENTS: &str = "/api/task/get_list";

/// Somebody who asks.
struct Person {
    name: String,
    token: String,
    organization: i64,
    customer: Option<&'static str>,
}

/// Some of everybody who can sign in to an organization.
async fn people(app: &App, dice: &mut Dice, desk: &Desk) -> Vec<Person> {
    let sign_in = SignIn::new(app.db().await, app.world.clone());
    let context = system(desk.id);
    let license = NewLicense { label: "l".into(), allow_admin: true, new_moderators: false };
    let license = sign_in.add_license(&context, license).await.unwrap().secret.reveal().to_owned();
    let grant = async |user_id: &str, role: GrantRole| {
        let new = NewCode { user_id: user_id.into(), name: None, role };
        // An employee without a role, or who is not active, gets none.
        let code = sign_in.code(&license, new, "test").await.ok()?.code;
        let exchange = CodeExchange { client_id: ClientId::Webapp, code, ..CodeExchange::default() };
        Some(sign_in.exchange(exchange, "test").await.ok()?.access_token.reveal().to_owned())
    };
    let mut people = vec![];
    let mut meet = |name: String, token: String, customer| people.push(Person { name, token, organization: desk.id, customer });
    for (place, employee_no) in desk.staff.iter().enumerate() {
        let role = if place == 0 || dice.chance(60) { GrantRole::Admin } else { GrantRole::Moderator };
        if let Some(token) = grant(employee_no, role).await.filter(|_| place == 0 || dice.chance(50)) {
            meet(format!("{employee_no} as {role:?}"), token, None);
        }
    }
    let customer = *dice.pick(&CUSTOMERS);
    meet(format!("the customer {customer}"), grant(customer, GrantRole::Publisher).await.unwrap(), Some(customer));
    for _ in 0..2 {
        let mut scopes: Vec<_> = Scope::ALL.into_iter().filter(|_| dice.chance(40)).collect();
        scopes.push(*dice.pick(&Scope::ALL));
        let name = format!("a key for {scopes:?}");
        let new = NewServiceKey { label: "k".into(), scopes, expires_at: None };
        meet(name, sign_in.add_service_key(&context, new).await.unwrap().secret.reveal().to_owned(), None);
    }
    people
}

/// What one person sees.
struct Sight<'a> {
    person: &'a Person,
    caller: Caller<'a>,
    foreign: Vec<String>,
    views: HashMap<String, bool>,
    shown: usize,
}

impl<'a> Sight<'a> {
    fn of(app: &'a App, person: &'a Person, desks: &[Desk]) -> Self {
        let strangers = desks.iter().filter(|desk| desk.id != person.organization).map(|desk| mark(desk.id));
        let others = CUSTOMERS.iter().filter(|other| person.customer.is_some_and(|own| own != **other)).map(|other| customer_mark(other));
        let foreign = strangers.chain(others).collect();
        Self { person, caller: app.bearer(&person.token), foreign, views: HashMap::new(), shown: 0 }
    }

    /// Asks, and looks whether anything of another organization or customer is in the answer.
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        let answer = self.caller.json(method, path, body).await;
        for foreign in &self.foreign {
            assert!(
                !answer.text.contains(foreign),
                "{} of {} sees at {path} {body}: {}",
                self.person.name,
                self.person.organization,
                answer.text
            );
        }
        answer
    }

    /// Whether the person may view the single record.
    async fn may_view(&mut self, record: &str) -> bool {
        if let Some(known) = self.views.get(record) {
            return *known;
        }
        let answer = if record.starts_with('/') {
            self.ask("GET", record, &Value::Null).await
        } else {
            self.ask("POST", "/api/task/get_info", &json!({"task_num": record})).await
        };
        self.views.insert(record.to_owned(), answer.status == 200);
        answer.status == 200
    }

    /// Every record that a page shows can be viewed; says which.
    async fn judge(&mut self, list: &str, asked: &str, page: &Value) -> Vec<String> {
        let rows = [&page["data"], &page["items"], &page["info"]["items"]].into_iter().find_map(Value::as_array);
        let id = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let record = |row: &Value| if list == APPOINTMENTS { id(&row["task_num"]) } else { format!("{list}/{}", id(&row["id"])) };
        let records: Vec<_> = rows.into_iter().flatten().map(record).collect();
        for record in &records {
            self.shown += 1;
            assert!(
                self.may_view(record).await,
                "{} of {} may not view {record}, which {asked} shows",
                self.person.name,
                self.person.organization
            );
        }
        records
    }

    /// The whole list, by numbered pages or by a walk.
    async fn whole(&mut self, list: &str, walk: bool) -> Option<BTreeSet<String>> {
        let mut all = vec![];
        let every = if list == "/api/tasks" { "&include_cancelled=true" } else { "" };
        let mut path = if walk { format!("{list}?per_page=2&cursor={every}") } else { format!("{list}?per_page=3&page=1{every}") };
        for page in 2.. {
            let answer = self.ask("GET", &path, &Value::Null).await;
            if answer.status != 200 {
                assert!(all.is_empty(), "{path}: {}", answer.text);
                return None;
            }
            let records = self.judge(list, &path, &answer.body).await;
            let none = records.is_empty();
            all.extend(records);
            if walk {
                let Some(next) = answer.header("link").strip_prefix('<').and_then(|link| link.split_once('>')) else { break };
                path = next.0.to_owned();
            } else if none {
                break;
            } else {
                path = format!("{list}?per_page=3&page={page}{every}");
            }
        }
        let met: BTreeSet<_> = all.iter().cloned().collect();
        assert_eq!(met.len(), all.len(), "{path} shows one twice");
        Some(met)
    }

    /// The same of the appointments, whose list is asked for with a body.
    async fn appointments(&mut self, filter: Value, walk: bool) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let mut body = filter;
        body["per_page"] = 2.into();
        body[if walk { "cursor" } else { "page" }] = if walk { "".into() } else { 1.into() };
        for page in 2.. {
            let answer = self.ask("POST", APPOINTMENTS, &body).await;
            let records = self.judge(APPOINTMENTS, &body.to_string(), &answer.body).await;
            let info = &answer.body["info"];
            let ends = if walk { info["next_cursor"].is_null() } else { records.is_empty() };
            all.extend(records);
            if ends {
                break;
            }
            body[if walk { "cursor" } else { "page" }] = if walk { info["next_cursor"].clone() } else { page.into() };
        }
        all
    }
}

/// A filter of chance, made of what the document says the list takes.
fn filter(dice: &mut Dice, operation: &Operation, ids: &[String]) -> String {
    let parameters = operation.body["parameters"].as_array().into_iter().flatten();
    let known = ["page", "per_page", "cursor", "total"];
    let names: Vec<_> = parameters
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str())
        .filter(|name| !known.contains(name))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    let mut url = reqwest::Url::parse("http://localhost").unwrap();
    for _ in 0..=dice.below(2) {
        let name = *dice.pick(&names);
        let value = match name {
            name if name.ends_with("id") || name.ends_with("ids") => dice.pick(ids).rsplit('/').next().unwrap(),
            "sort" => dice.pick(&["id", "-created_at", "updated_at"]),
            name if name.ends_with("__start") => "2026-01-01",
            name if name.ends_with("__end") => "2026-12-31",
            _ if dice.chance(50) => dice.pick(&["0", "1", "true", "1,2", "new"]),
            _ => dice.pick(&WORDS),
        };
        url.query_pairs_mut().append_pair(name, value);
    }
    format!("?{}", url.query().unwrap())
}

fn lists() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().filter(|operation| operation.method == "GET" && operation.id.ends_with("_list"))
}

/// What is below a single record, such as its history.
fn below() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = OPERATIONS.iter().filter(|operation| operation.method == "GET").filter_map(|operation| operation.path.split_once("/{"));
    parts.filter_map(|(list, rest)| rest.split_once("}/").map(|(_, part)| (list, part)))
}

async fn look(dice: &mut Dice, sight: &mut Sight<'_>, desks: &[Desk]) {
    let own = desks.iter().find(|desk| desk.id == sight.person.organization).unwrap();
    let ids: Vec<_> = desks.iter().flat_map(|desk| desk.records.values().flatten()).cloned().collect();
    for operation in lists() {
        let list = operation.path.as_str();
        let Some(all) = sight.whole(list, false).await else { continue };
        assert_eq!(sight.whole(list, true).await.as_ref(), Some(&all), "a walk through {list}");
        let there = own.records.get(list).cloned().unwrap_or_default();
        assert!(all == there || list.ends_with("license") || list.ends_with("service-key"), "{list} shows {all:?} of {there:?}");
        for _ in 0..3 {
            let asked = format!("{list}{}", filter(dice, operation, &ids));
            let page = sight.ask("GET", &asked, &Value::Null).await;
            sight.judge(list, &asked, &page.body).await;
        }
    }
    let all = sight.appointments(json!({}), false).await;
    assert_eq!(sight.appointments(json!({}), true).await, all, "a walk");
    for _ in 0..3 {
        let ticket: i64 = dice.pick(&ids).rsplit('/').next().unwrap().parse().unwrap_or(1);
        let customer = *dice.pick(&CUSTOMERS);
        let filters =
            [json!({"ticket_id": ticket}), json!({"emp_id": "e0"}), json!({"customer_id_num": customer}), json!({"out_task_num": "A-1"})];
        let some = sight.appointments(dice.pick(&filters).clone(), dice.chance(50)).await;
        assert!(some.is_subset(&all), "{some:?} of {all:?}");
    }
    for (list, part) in below() {
        let records: Vec<_> = desks.iter().filter_map(|desk| desk.records.get(list)).flatten().cloned().collect();
        for record in records {
            let path = format!("{record}/{part}");
            let answer = sight.ask("GET", &path, &Value::Null).await;
            assert!(answer.status != 200 || sight.may_view(&record).await, "{} of {} sees {path}", sight.person.name, own.id);
            sight.judge("/api/tasks", &path, &answer.body["call_tasks"]).await;
            sight.judge(APPOINTMENTS, &path, &answer.body["appointments"]).await;
        }
    }
}

/// Where a record of an export is viewed.
fn exported(line: &Value) -> Option<String> {
    let id = line["id"].as_str().map_or_else(|| line["id"].to_string(), str::to_owned);
    Some(match line["record"].as_str().unwrap() {
        "organization" => return None,
        "appointment" => line["task_num"].as_str().unwrap().to_owned(),
        "call_task" => format!("/api/tasks/{id}"),
        "termination_code" => format!("/api/v1/ticket-termination-code/{id}"),
        "interact_collection" => format!("/api/v1/interact-collection/{id}"),
        kind => format!("/api/v1/{}/{id}", kind.replace('_', "-")),
    })
}

async fn export(app: &App, admin: &mut Sight<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.ndjson");
    Target::begin(&file, false).unwrap().fill(&app.db().await, OrganizationId(admin.person.organization)).await.unwrap();
    for line in std::fs::read_to_string(&file).unwrap().lines() {
        assert!(!admin.foreign.iter().any(|foreign| line.contains(foreign)), "{line}");
        if let Some(record) = exported(&serde_json::from_str(line).unwrap()) {
            assert!(admin.may_view(&record).await, "{record} is exported");
        }
    }
}

/// Makes a store of chance and looks at it with the eyes of everybody; says how many records were shown.
async fn case(seed: u64) -> usize {
    let mut dice = Dice(seed);
    let app = App::start(&MIGRATED);
    let desks: Vec<_> = (1..=2 + i64::from(dice.chance(50))).map(|id| Desk::of(&mut dice, id)).collect();
    for desk in &desks {
        let report = import(&app.db().await, &app.world, &desk.lines).await;
        assert!(report.bad.is_empty(), "{:#?}\n{}", report.bad, desk.lines);
    }
    let mut shown = 0;
    for desk in &desks {
        for (place, person) in people(&app, &mut dice, desk).await.iter().enumerate() {
            let mut sight = Sight::of(&app, person, &desks);
            look(&mut dice, &mut sight, &desks).await;
            shown += sight.shown;
            if place == 0 {
                export(&app, &mut sight).await;
            }
        }
    }
    shown
}

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

#[tokio::test]
async fn nobody_is_shown_what_they_may_not_view() {
    let first = setting("FRONTDESK_TEST_SEED", 1);
    for seed in first..first + setting("FRONTDESK_TEST_CASES", 4) {
        println!("FRONTDESK_TEST_SEED={seed}");
        let shown = case(seed).await;
        assert!(shown > 200, "{shown} records");
    }
}
