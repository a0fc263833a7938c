//! A client that writes on all three surfaces and knows what must be there afterwards.

use std::net::TcpStream;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::client::{Answer, Client, Dice};
use crate::record::{KINDS, Kind, Record, Write, id, shown, within};

/// Employees of the demo organization.
const STAFF: [&str; 9] = ["ann", "yating", "petrova", "chenwei", "yijun", "tommy", "ivanov", "smirnova", "grace"];
/// A writer keeps so many records alive.
const RECORDS: usize = 200;

/// How a write had its answer.
pub(crate) enum Sent {
    /// At once.
    Once,
    /// From another server, perhaps as that of the first one, which had committed it.
    Again { committed: bool },
}

/// One client. It waits for the answer to each write, so at most one of its writes is unacknowledged.
pub(crate) struct Writer {
    name: String,
    dice: Dice,
    count: u64,
    pub(crate) records: Vec<Record>,
    /// The writes acknowledged since [`Writer::forget`], with their answers.
    pub(crate) acknowledged: Vec<(Write, Answer)>,
    /// The write whose answer has not come.
    pub(crate) open: Option<Write>,
}

/// The method, path and body of a change, what a read shows after it, and whether it needs another record to be.
type Step = (&'static str, String, Value, Value);

impl Writer {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.into(), dice: Dice::new(), count: 0, records: vec![], acknowledged: vec![], open: None }
    }

    /// Forgets the acknowledged writes; the records stay.
    pub(crate) fn forget(&mut self) {
        self.acknowledged.clear();
    }

    /// Writes until a request has no answer.
    pub(crate) async fn work(&mut self, client: &Client, mut go_on: impl FnMut() -> bool) -> Result<()> {
        while go_on() {
            let write = self.next();
            self.open = Some(write.clone());
            let Ok(answer) = write.send(client, "").await else { return Ok(()) };
            self.open = None;
            ensure!(!answer.replayed, "{} is new, and its answer is an old one", write.request);
            self.acknowledge(write, answer)?;
        }
        Ok(())
    }

    /// One write, which must be done.
    pub(crate) async fn once(&mut self, client: &Client) -> Result<Answer> {
        let write = self.next();
        let answer = write.send(client, "").await?;
        if answer.status < 500 {
            self.acknowledge(write, answer.clone())?;
        }
        Ok(answer)
    }

    /// One write, which is sent again to the other server where this one gives no answer.
    pub(crate) async fn persist(&mut self, servers: &[Client; 2], at: &mut usize) -> Result<Sent> {
        let mut write = self.next();
        if let Ok(answer) = write.send(&servers[*at], "").await {
            ensure!(!answer.replayed, "{} is new, and its answer is an old one", write.request);
            self.acknowledge(write, answer)?;
            return Ok(Sent::Once);
        }
        *at = 1 - *at;
        let mut answer = write.send(&servers[*at], "-again").await?;
        // The database may not have noticed yet that the first one is gone.
        while answer.status == 409 && String::from_utf8_lossy(&answer.body).contains("still running") {
            answer = write.send(&servers[*at], "-again").await?;
        }
        let committed = answer.replayed;
        if !committed {
            write.request += "-again";
        }
        self.acknowledge(write, answer)?;
        Ok(Sent::Again { committed })
    }

    /// Sends a write whose answer nobody reads; its key.
    pub(crate) fn unheard(&mut self, client: &Client) -> Result<(String, TcpStream)> {
        let write = self.next();
        self.open = Some(write.clone());
        let line = client.unheard(write.method, &write.path, &write.body, &write.headers(&write.request))?;
        Ok((write.key, line))
    }

    /// Takes note of what a write did.
    pub(crate) fn acknowledge(&mut self, write: Write, answer: Answer) -> Result<()> {
        ensure!(answer.done(), "{} {} {} says {}", write.method, write.path, write.body, answer.text());
        let after = match write.kind {
            _ if write.after.is_null() => Value::Null,
            Kind::Appointment => write.after.clone(),
            kind => shown(kind, answer.json()),
        };
        ensure!(within(&write.after, &after), "{} asked for {}, the answer is {after}", write.request, write.after);
        if let Some(target) = write.target {
            let record = self.records.get_mut(target).context("no such record")?;
            record.gone = after.is_null();
            (record.shown, record.tag) = (after, answer.tag.clone());
        } else {
            let id = id(write.kind, &answer)?;
            self.records.push(Record { kind: write.kind, id, tag: answer.tag.clone(), shown: after, gone: false, named: false });
        }
        self.acknowledged.push((write, answer));
        Ok(())
    }

    fn next(&mut self) -> Write {
        self.count += 1;
        let key = format!("{}-{}", self.name, self.count);
        let alive: Vec<_> = (0..self.records.len()).filter(|at| !self.records[*at].gone && open(&self.records[*at])).collect();
        let target =
            if alive.len() < 4 || (alive.len() < RECORDS && self.dice.roll(3) == 0) { None } else { self.dice.pick(&alive).copied() };
        let kind = target.map_or_else(|| *self.dice.pick(&KINDS).unwrap_or(&Kind::Ticket), |target| self.records[target].kind);
        let (method, path, body, after) = match target {
            None => self.create(kind, &key),
            Some(target) => self.change(target, &key),
        };
        let tag = target.and_then(|target| self.records[target].tag.clone());
        let condition = tag.filter(|_| self.dice.roll(2) == 0);
        Write { request: format!("r-{key}"), key, kind, target, method, path, body, condition, after }
    }

    /// One of the writer's tickets, which is not deleted from now on.
    fn ticket(&mut self) -> Value {
        let tickets: Vec<_> =
            (0..self.records.len()).filter(|at| self.records[*at].kind == Kind::Ticket && !self.records[*at].gone).collect();
        let Some(at) = self.dice.pick(&tickets).copied() else { return Value::Null };
        self.records[at].named = true;
        self.records[at].shown["id"].clone()
    }

    fn create(&mut self, kind: Kind, key: &str) -> Step {
        let roll = self.dice.roll(3);
        match kind {
            Kind::Ticket => {
                let body = json!({"subject": key, "content": "內容", "status": roll, "priority": 1, "sub_category_id": 1});
                ("POST", "/api/v1/ticket".into(), body.clone(), body)
            }
            Kind::Contact => {
                let body = json!({"first_name": "Анна", "last_name": key, "membership_no": key});
                ("POST", "/api/v1/contact".into(), body.clone(), body)
            }
            Kind::CallTask => {
                let body = json!({"operator_id": 1, "title": key, "call_id": key, "call_transcription": "Добрый день"});
                let after = json!({"title": key, "call_id": key, "call_transcription": "Добрый день", "status": "new"});
                ("POST", "/api/tasks".into(), body, after)
            }
            Kind::Appointment => {
                let (ticket, time) = (self.ticket(), self.moment());
                let mut body = json!({"business_id": 15, "out_task_num": key, "task_type": "normal", "task_notify": false,
                    "task_time": time, "branch_code": 943, "room_type": "normal", "video": true});
                if !ticket.is_null() {
                    body["ticket_id"] = ticket.clone();
                }
                let after = json!({"out_task_num": key, "task_time": time, "status": "pending", "ticket_id": ticket,
                    "moderators": [], "publishers": []});
                ("POST", "/api/task/do_add".into(), body, after)
            }
        }
    }

    fn moment(&mut self) -> String {
        (1_900_000_000 + self.dice.roll(1_000_000) * 60).to_string()
    }

    fn change(&mut self, target: usize, key: &str) -> Step {
        let record = self.records[target].clone();
        let roll = self.dice.roll(4);
        match record.kind {
            Kind::Ticket | Kind::Contact => {
                let path = format!("/api/v1/{}/{}", if record.kind == Kind::Ticket { "ticket" } else { "contact" }, record.id);
                if roll == 0 && !record.named {
                    return ("DELETE", path, Value::Null, Value::Null);
                }
                let body = match record.kind {
                    Kind::Ticket => json!({"content": key, "status_memo": key, "priority": roll % 3}),
                    _ => json!({"first_name": key}),
                };
                ("PUT", path, body.clone(), body)
            }
            Kind::CallTask => self.change_task(&record, key, roll),
            Kind::Appointment => self.change_appointment(&record, key, roll),
        }
    }

    fn change_task(&mut self, record: &Record, key: &str, roll: u64) -> Step {
        let path = |more: &str| format!("/api/tasks/{}{more}", record.id);
        let ticket = self.ticket();
        if roll == 0 && ticket != record.shown["appeal_id"] {
            let body = json!({"appeal_id": ticket});
            return ("PUT", path("/appeal"), body.clone(), body);
        }
        if roll == 1 {
            let body = json!({"status": if record.shown["status"] == "in_progress" { "completed" } else { "in_progress" }});
            return ("PUT", path("/status"), body.clone(), body);
        }
        let body = json!({"description": key, "call_response_summary": key});
        ("PATCH", path(""), body.clone(), body)
    }

    fn change_appointment(&mut self, record: &Record, key: &str, roll: u64) -> Step {
        let mut after = record.shown.clone();
        let present = |list: &Value, one: &str| list.as_array().is_some_and(|list| list.contains(&json!(one)));
        let moderator = *self.dice.pick(&STAFF).unwrap_or(&"ann");
        if roll == 0 && !present(&after["moderators"], moderator) {
            add(&mut after["moderators"], moderator);
            let body = json!({"task_num": record.id, "emp_id": moderator, "business_code": 2, "branch_code": 85});
            return ("POST", "/api/task/service/do_add".into(), body, after);
        }
        if roll == 1 {
            add(&mut after["publishers"], key);
            let customer = json!([{"customer_name": "王大明", "customer_id_num": key, "customer_email": "m@example.com",
                "customer_title": "Mr.", "customer_country_code": "+886", "customer_phone": "2 0000 0000"}]);
            return ("POST", "/api/task/customer/do_add".into(), json!({"task_num": record.id, "customer": customer}), after);
        }
        if roll == 2 && self.dice.roll(4) == 0 {
            after["status"] = json!("finished");
            return ("POST", "/api/task/status/do_update".into(), json!({"task_num": record.id, "task_status": "finished"}), after);
        }
        // Sixty seconds on, so that it is another moment for sure.
        let time = after["task_time"].as_str().and_then(|time| time.parse::<u64>().ok()).unwrap_or_default() + 60;
        after["task_time"] = json!(time.to_string());
        ("POST", "/api/task/time/do_update".into(), json!({"task_num": record.id, "task_time": time}), after)
    }
}

fn add(list: &mut Value, one: &str) {
    if let Some(list) = list.as_array_mut() {
        list.push(json!(one));
    }
}

/// Whether the record can still be changed.
fn open(record: &Record) -> bool {
    record.shown["status"] != "finished"
}
