//! Watches every line that the servers of this run log, and every answer they give, for what must not stand there.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, Once, RwLock};

use frontdesk_server::settings::{Log, LogFormat};
use frontdesk_server::telemetry;
use serde_json::Value;

/// The operations that give a secret away, once.
const ISSUE: [&str; 8] = [
    "auth_login",
    "auth_refresh",
    "appointment_auth_code",
    "appointment_auth_login",
    "license_create",
    "service_key_create",
    "webhook_create",
    "webhook_rotate",
];
/// How tokens, codes, service keys, licenses and secrets of webhooks begin, and how many characters follow.
const PREFIXES: [&str; 5] = ["fd_", "fdc_", "fdk_", "fdl_", "whsec_"];
const RANDOM: usize = 43;

const PASSWORDS: [&str; 2] = ["password", "current_password"];
const PRIVATE: [&str; 6] = ["number", "phone_number", "phone_numbers", "caller_phone", "customer_phone", "call_transcription"];

/// Values that the tests sent: passwords, and personal data that no log may have.
static SENT: RwLock<(BTreeSet<String>, BTreeSet<String>)> = RwLock::new((BTreeSet::new(), BTreeSet::new()));
static FOUND: Mutex<Vec<String>> = Mutex::new(vec![]);
static LINES: Mutex<(u64, Vec<String>)> = Mutex::new((0, vec![]));

/// Begins to watch the log, in all its details. What the tests' own client logs is not the service's.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let level = "trace,hyper=off,hyper_util=off,reqwest=off,jsonschema=off".to_owned();
        telemetry::write(&Log { format: LogFormat::Json, level }, false, || Watch).unwrap();
    });
}

struct Watch;

impl io::Write for Watch {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if let Some(leaked) = secret(&text).or_else(|| private(&text)) {
            FOUND.lock().unwrap().push(format!("{leaked} in the log line {text}"));
        }
        let mut lines = LINES.lock().unwrap();
        lines.0 += 1;
        let of_sql = text.contains(r#""target":"sql""#) && text.contains(r#""id":"sql-"#);
        if of_sql || text.contains(r#""target":"security""#) || text.contains(r#""level":"ERROR""#) {
            lines.1.push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Remembers the passwords and the personal data of a record or request.
pub(crate) fn sent(value: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if PASSWORDS.contains(&name.as_str()) && text.chars().count() >= 8 => {
                        SENT.write().unwrap().0.insert(text.clone());
                    }
                    // What is shorter stands in a log line by chance.
                    Value::String(text) if PRIVATE.contains(&name.as_str()) && text.chars().count() >= 9 => {
                        SENT.write().unwrap().1.insert(text.clone());
                    }
                    other => sent(other),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(sent),
        _ => {}
    }
}

/// A token, code, key, license or password that stands in a text.
pub(crate) fn secret(text: &str) -> Option<String> {
    let random = |rest: &str| rest.bytes().take(RANDOM).filter(|b| b.is_ascii_alphanumeric() || b"-_+/".contains(b)).count() == RANDOM;
    let issued = PREFIXES.iter().find_map(|prefix| {
        text.match_indices(prefix).find(|(at, _)| random(&text[at + prefix.len()..])).map(|(at, _)| text[at..].chars().take(50).collect())
    });
    issued.or_else(|| SENT.read().unwrap().0.iter().find(|password| text.contains(password.as_str())).cloned())
}

/// A phone number or transcription that stands in a text.
pub(crate) fn private(text: &str) -> Option<String> {
    SENT.read().unwrap().1.iter().find(|value| text.contains(value.as_str())).cloned()
}

/// Fails where an answer has a secret that this operation does not issue.
pub(crate) fn judge(operation: &str, path: &str, answer: &str) {
    if ISSUE.contains(&operation) || path == "/openapi.json" || path.starts_with("/docs") {
        return;
    }
    if let Some(leaked) = secret(answer) {
        panic!("{path} answers with the secret {leaked}: {answer}");
    }
}

/// Fails where any log line of the run until now has something that must not stand there.
pub(crate) fn none() {
    let found = FOUND.lock().unwrap();
    assert!(found.is_empty(), "the log has {}", found.join("\n"));
}

/// How many lines were logged in the run until now.
pub(crate) fn lines() -> u64 {
    LINES.lock().unwrap().0
}

/// The SQL statements of a request, whose id must begin with `sql-`.
pub(crate) fn statements(request_id: &str) -> Vec<String> {
    let told = |line: Value| (line["target"] == "sql").then(|| line["sql"].as_str().unwrap().to_owned());
    noted(request_id).into_iter().filter_map(told).collect()
}

/// What was logged in a request about security, and of errors.
pub(crate) fn noted(request_id: &str) -> Vec<Value> {
    let lines = LINES.lock().unwrap();
    let told = lines.1.iter().filter(|line| line.contains(request_id)).map(|line| serde_json::from_str::<Value>(line).unwrap());
    told.filter(|line| line["span"]["id"] == request_id).collect()
}
