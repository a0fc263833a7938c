//! The refusals that every operation of a surface has alike.

use serde_json::{Map, Value, json};

use crate::failure::Surface;

/// What an operation is like, as far as its refusals depend on it.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Facts<'a> {
    pub(super) path: &'a str,
    pub(super) body: bool,
    pub(super) token: bool,
    pub(super) writes: bool,
    pub(super) secret: bool,
    pub(super) versioned: bool,
    pub(super) single: bool,
}

impl Facts<'_> {
    fn record(&self) -> bool {
        self.path.contains('{')
    }
}

/// Answers by their status.
pub(super) type Answers = Map<String, Value>;

const TOO_MANY: &str = "Too many requests, or too many failed sign-ins.";

fn answer(answers: &mut Answers, status: u16, about: &str, schema: &str, example: &Value) {
    let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}, "example": example}});
    answers.insert(status.to_string(), json!({"description": about, "content": content}));
}

/// The refusals of an operation.
pub(super) fn refusals(facts: &Facts<'_>) -> Answers {
    let mut all = match Surface::of(facts.path) {
        Surface::Appointments => appointments(facts),
        Surface::CallCenter => call_center(facts),
        Surface::Ticketing => ticketing(facts),
    };
    if facts.single {
        all.insert("304".into(), json!({"description": "What `If-None-Match` names is still the present one."}));
    }
    all
}

fn appointments(facts: &Facts<'_>) -> Answers {
    let mut all = Answers::new();
    let mut verdict = |status, about, text: &str| answer(&mut all, status, about, "Verdict", &json!({"status": 0, "message": text}));
    if facts.token {
        verdict(403, "The role or the ownership forbids it.", "Access to the requested resource is not allowed");
    }
    if facts.path.starts_with("/api/task/") && !facts.path.ends_with("/task/do_add") && !facts.path.ends_with("/get_list") {
        verdict(404, "No such appointment.", "Resource Not Found");
    }
    if facts.writes {
        verdict(409, "A request with this `Idempotency-Key` is still running.", "a request with this Idempotency-Key is still running");
    }
    if facts.versioned {
        verdict(412, "The appointment has changed since the version that `If-Match` names.", "the record has changed; its version is 3");
    }
    verdict(413, "The body has more than 2 MiB.", "the body may have at most 2097152 bytes");
    if facts.body {
        verdict(415, "The body is no JSON.", "the content type of the body is not supported");
    }
    if facts.writes {
        verdict(422, "The `Idempotency-Key` was used for another request.", "Idempotency-Key was used for another request");
    }
    verdict(408, "The body did not arrive in time.", "the body did not arrive in time");
    verdict(429, TOO_MANY, "too many requests; try again in 42 seconds");
    verdict(500, "A fault inside.", "internal error");
    verdict(503, "Busy; try again.", "the service is busy; try again");
    if facts.token {
        let example = json!({"status": 0, "code": 1403, "message": "unauthorized"});
        answer(
            &mut all,
            401,
            "No good token: 1401 missing, 1402 not bearer, 1403 unknown, 1404 expired, 1405 revoked.",
            "TokenRefusal",
            &example,
        );
    }
    all
}

fn call_center(facts: &Facts<'_>) -> Answers {
    let mut all = Answers::new();
    let mut detail = |status, about, text: &str| answer(&mut all, status, about, "Detail", &json!({"detail": text}));
    detail(401, "No good token.", "Not authenticated");
    detail(403, "The role or the key's scopes forbid it.", "Not enough permissions");
    if facts.record() {
        detail(404, "No such task.", "Not Found");
    }
    if facts.writes {
        detail(409, "The task's state or another task forbids it.", "a completed task cannot become cancelled");
    }
    if facts.versioned {
        detail(412, "The task has changed since the version that `If-Match` names.", "the record has changed; its version is 3");
    }
    detail(413, "The body has more than 8 MiB.", "the body may have at most 8388608 bytes");
    if facts.body {
        detail(415, "The body is no JSON.", "the content type of the body is not supported");
    }
    detail(408, "The body did not arrive in time.", "the body did not arrive in time");
    detail(429, TOO_MANY, "too many requests; try again in 42 seconds");
    detail(500, "A fault inside.", "internal error");
    detail(503, "Busy; try again.", "the service is busy; try again");
    let example = json!({"detail": [{"loc": ["body", "title"], "msg": "Value is required", "type": "missing"}]});
    answer(&mut all, 422, "Validation Error: every offending field.", "FieldDetails", &example);
    all
}

fn ticketing(facts: &Facts<'_>) -> Answers {
    let mut all = Answers::new();
    let mut message = |status, about, text: &str| answer(&mut all, status, about, "Message", &json!({"message": text}));
    if facts.body {
        message(400, "The body is malformed.", "the body is not valid JSON (line 1, column 2)");
        message(415, "The body is neither JSON nor a form.", "the content type of the body is not supported");
    }
    message(413, "The body has more than 2 MiB.", "the body may have at most 2097152 bytes");
    if facts.token {
        message(401, "No good token.", "Unauthenticated.");
        message(403, "The role or the key's scopes forbid it.", "This action is unauthorized.");
    }
    if facts.record() {
        message(404, "No such record.", "Not Found");
    }
    if facts.writes {
        message(409, "The record's state, or another record, forbids it.", "the ticket is linked to a call task");
    }
    if facts.versioned {
        message(412, "The record has changed since the version that `If-Match` names.", "the record has changed; its version is 3");
    }
    message(408, "The body did not arrive in time.", "the body did not arrive in time");
    message(429, TOO_MANY, "too many requests; try again in 42 seconds");
    message(500, "A fault inside.", "internal error");
    message(503, "Busy; try again.", "the service is busy; try again");
    let example = json!({"message": "The given data was invalid.", "errors": {"subject": ["The subject is required."]}});
    answer(&mut all, 422, "Every offending field.", "FieldErrors", &example);
    if facts.secret && !facts.token {
        answer(&mut all, 401, "A wrong name or password.", "LoginRefusal", &json!({"error": "Unauthorized"}));
    }
    all
}
