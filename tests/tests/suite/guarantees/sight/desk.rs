//! Organizations of chance, all of whose texts tell whose they are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// Chance that is the same for the same seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number from 0, less than `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of the ids, or null.
    fn one(&mut self, ids: &[i64]) -> Value {
        if ids.is_empty() || self.chance(30) { Value::Null } else { json!(self.pick(ids)) }
    }

    fn some(&mut self, ids: &[i64]) -> Vec<i64> {
        ids.iter().copied().filter(|_| self.chance(40)).collect()
    }
}

/// What is in the texts of every organization, so that a search in one could find another's.
pub(super) const WORDS: [&str; 4] = ["alpha", "бета", "甲乙", "a%_b"];
/// Numbers of customers, in every organization the same.
pub(super) const CUSTOMERS: [&str; 3] = ["C0", "C1", "C2"];

/// What stands in every text of an organization.
pub(super) fn mark(organization: i64) -> String {
    format!("§{organization}§")
}

/// What stands in what an appointment has of a customer.
pub(super) fn customer_mark(customer: &str) -> String {
    format!("¤{customer}¤")
}

/// An organization: lines for an import, and where its records are viewed, by the path of their list.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) id: i64,
    pub(super) lines: String,
    pub(super) records: BTreeMap<&'static str, BTreeSet<String>>,
    pub(super) staff: Vec<String>,
    next: i64,
}

impl Desk {
    pub(super) fn of(dice: &mut Dice, organization: i64) -> Self {
        let mut desk = Self { id: organization, next: organization * 1000, ..Self::default() };
        let zone = *dice.pick(&["Asia/Taipei", "Europe/Moscow", "UTC"]);
        let slug = format!("org{organization}");
        desk.line(
            "organization",
            json!({"id": organization, "slug": slug, "name": mark(organization), "time_zone": zone, "language": "en"}),
        );
        let groups = desk.many(dice, "group", "/api/v1/group", 2, |_, text| json!({"name": text}));
        let titles = desk.many(dice, "job_title", "/api/v1/job-title", 2, |_, text| json!({"name": text}));
        desk.many(dice, "department", "/api/v1/department", 2, |_, text| json!({"name": text}));
        desk.many(dice, "extension", "/api/v1/extension", 2, |_, text| json!({"type": 0, "extension": text}));
        desk.many(dice, "cti_agent", "/api/v1/cti-agent", 2, |dice, text| json!({"account": text, "group_id": dice.one(&groups)}));
        let staff = desk.staff(dice, &groups, &titles);
        let sponsors = desk.many(dice, "sponsor", "/api/v1/sponsor", 3, |_, text| json!({"name": text}));
        let contacts = desk.contacts(dice, &sponsors);
        let categories = desk.many(dice, "category", "/api/v1/category", 2, |_, text| json!({"name": text}));
        let sorts = desk.many(
            dice,
            "subcategory",
            "/api/v1/subcategory",
            3,
            |dice, text| json!({"name": text, "category_id": dice.one(&categories)}),
        );
        let codes = desk.many(
            dice,
            "termination_code",
            "/api/v1/ticket-termination-code",
            3,
            |dice, text| json!({"name": text, "status": dice.below(3), "creater_id": dice.one(&staff)}),
        );
        let tickets = desk.many(dice, "ticket", "/api/v1/ticket", 7, |dice, text| {
            json!({"subject": text, "content": text, "status": dice.below(3), "contact_id": dice.one(&contacts),
                "sub_category_id": dice.one(&sorts), "handler_id": dice.one(&staff), "creater_id": dice.one(&staff),
                "sponsor_id": dice.one(&sponsors), "termination_code_id": dice.one(&codes)})
        });
        desk.many(dice, "interact_collection", "/api/v1/interact-collection", 5, |dice, text| {
            json!({"memo": text, "handler_id": dice.one(&staff), "contact_id": dice.one(&contacts), "ticket_ids": dice.some(&tickets)})
        });
        desk.call_tasks(dice, &staff, &tickets);
        desk.appointments(dice, &staff, &contacts, &tickets);
        desk
    }

    fn line(&mut self, record: &str, mut fields: Value) {
        fields["record"] = record.into();
        self.lines.push_str(&fields.to_string());
        self.lines.push('\n');
    }

    fn id(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    fn text(&self, dice: &mut Dice) -> String {
        format!("{} {}", dice.pick(&WORDS), mark(self.id))
    }

    /// One to `most` records of a kind; their ids.
    fn many(
        &mut self,
        dice: &mut Dice,
        kind: &str,
        list: &'static str,
        most: usize,
        mut fields: impl FnMut(&mut Dice, String) -> Value,
    ) -> Vec<i64> {
        (0..=dice.below(most))
            .map(|_| {
                let (id, text) = (self.id(), self.text(dice));
                let mut fields = fields(dice, text);
                fields["id"] = id.into();
                self.line(kind, fields);
                self.records.entry(list).or_default().insert(format!("{list}/{id}"));
                id
            })
            .collect()
    }

    /// Employees, the first of them an admin.
    fn staff(&mut self, dice: &mut Dice, groups: &[i64], titles: &[i64]) -> Vec<i64> {
        let mut names = vec![];
        let ids = self.many(dice, "employee", "/api/v1/employee", 5, |dice, text| {
            let role = if names.is_empty() { "admin" } else { dice.pick(&["agent", "agent", "supervisor", "admin", ""]) };
            names.push(format!("e{}", names.len()));
            json!({"employee_no": names.last(), "first_name": text, "role": role, "is_active": names.len() == 1 || dice.chance(90),
                "group_id": dice.one(groups), "job_title_id": dice.one(titles)})
        });
        self.staff = names;
        ids
    }

    fn contacts(&mut self, dice: &mut Dice, sponsors: &[i64]) -> Vec<i64> {
        let mut phones = vec![];
        let mut next = self.id * 1000 + 500;
        let contacts = self.many(dice, "contact", "/api/v1/contact", 4, |dice, text| {
            let numbers: Vec<_> = (0..dice.below(3)).map(|_| dice.below(900) + 100).collect();
            let numbers = numbers.into_iter().map(|number| {
                next += 1;
                phones.push(format!("/api/v1/phone-number/{next}"));
                json!({"id": next, "type": 1, "number": number.to_string(), "description": text})
            });
            let numbers: Vec<_> = numbers.collect();
            next += 1;
            json!({"first_name": text, "membership_no": dice.pick(&CUSTOMERS), "sponsor_id": dice.one(sponsors),
                "profile": {"id": next, "phones": numbers}})
        });
        self.records.insert("/api/v1/phone-number", phones.into_iter().collect());
        contacts
    }

    fn call_tasks(&mut self, dice: &mut Dice, staff: &[i64], tickets: &[i64]) {
        for number in 0..dice.below(6) {
            let id = format!("019ca000-0000-7000-8000-{:04}{number:08}", self.id);
            let (text, status) = (self.text(dice), *dice.pick(&["new", "in_progress", "cancelled"]));
            self.line(
                "call_task",
                json!({"id": id, "title": text, "description": text, "status": status, "assigned_user_id": dice.pick(staff),
                    "caller_phone": "+7 495 000", "appeal_id": dice.one(tickets)}),
            );
            self.records.entry("/api/tasks").or_default().insert(format!("/api/tasks/{id}"));
        }
    }

    fn appointments(&mut self, dice: &mut Dice, staff: &[i64], contacts: &[i64], tickets: &[i64]) {
        for number in 1..=dice.below(6) {
            let task_num = format!("20260301{number:07}");
            let moderators: Vec<_> = dice.some(staff).into_iter().map(|id| json!({"employee_id": id})).collect();
            let customers: Vec<_> = CUSTOMERS.iter().filter(|_| dice.chance(40)).collect();
            let publishers: Vec<_> = customers
                .into_iter()
                .map(|customer| {
                    let name = format!("{}{}", mark(self.id), customer_mark(customer));
                    json!({"customer_name": name, "customer_id_num": customer, "customer_phone": "0911",
                        "customer_email": "c@example.com", "contact_id": dice.one(contacts)})
                })
                .collect();
            let (id, text) = (self.id(), self.text(dice));
            self.line(
                "appointment",
                json!({"id": id, "task_num": task_num, "business_id": 1, "out_task_num": format!("A-{number}"), "out_task_type": "demo",
                    "task_type": "normal", "task_notify": false, "task_time": 1_772_420_400 + 60 * number, "task_remark": text,
                    "branch_code": "001", "room_type": "normal", "video": true, "ticket_id": dice.one(tickets),
                    "creater_id": dice.one(staff), "moderators": moderators, "publishers": publishers}),
            );
            self.records.entry("/api/task/get_list").or_default().insert(task_num);
        }
    }
}
