//! One error, three shapes: each surface says what went wrong as its source product does.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_ENCODING, ALLOW, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use frontdesk_core::Error;
use frontdesk_core::envelope::{Message, TokenRefusal, Verdict};
use frontdesk_core::error::TokenFault;
use frontdesk_core::input::{In, Segment, Violation, Violations};
use frontdesk_core::status::Outcome;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The surface whose shapes an answer has; the path decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// `/api/task/`, `/api/auth/`.
    Appointments,
    /// `/api/tasks`.
    CallCenter,
    /// All else.
    Ticketing,
}

impl Surface {
    /// The surface of a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if path.starts_with("/api/task/") || path.starts_with("/api/auth/") {
            Self::Appointments
        } else if path == "/api/tasks" || path.starts_with("/api/tasks/") {
            Self::CallCenter
        } else {
            Self::Ticketing
        }
    }

    /// The surface's word in metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Appointments => "appointments",
            Self::CallCenter => "call_center",
            Self::Ticketing => "ticketing",
        }
    }
}

/// What a handler fails with; the intake gives it the shape of the surface.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong.
    pub(crate) error: Error,
    /// The `ETag` that the record has at present, where it is known.
    pub(crate) tag: Option<String>,
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { error: error.into(), tag: None }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        status(Surface::Ticketing, &self.error)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        render(Surface::Ticketing, &self.error)
    }
}

/// Fields that break a rule, on the ticketing surface.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldErrors {
    /// `The given data was invalid.`
    pub(crate) message: String,
    /// For each offending field what it must be.
    #[schema(value_type = std::collections::HashMap<String, Vec<String>>)]
    pub(crate) errors: Map<String, Value>,
}

/// A wrong name or password, on the ticketing surface.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoginRefusal {
    /// `Unauthorized`
    pub(crate) error: String,
}

/// What is wrong, on the call-center surface.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Detail {
    /// The text.
    pub(crate) detail: String,
}

/// Fields that break a rule, on the call-center surface.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldDetails {
    /// One entry for each offending field.
    pub(crate) detail: Vec<FieldDetail>,
}

/// A field that breaks a rule, on the call-center surface.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldDetail {
    /// `body`, `query`, `path` or `header`, then the way to the field.
    pub(crate) loc: Vec<Step>,
    /// What the field must be.
    pub(crate) msg: String,
    /// A word for programs.
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// A step on the way to a field: a name, or a place in an array from 0.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Step {
    /// The name of a field.
    Name(String),
    /// A place in an array.
    Index(usize),
}

/// The HTTP status of an error on a surface.
#[must_use]
pub(crate) fn status(surface: Surface, error: &Error) -> StatusCode {
    match error {
        Error::Invalid(violations) if surface == Surface::Appointments && !of_header(violations) => StatusCode::OK,
        Error::Unreadable(_) | Error::Unlicensed if surface == Surface::Appointments => StatusCode::OK,
        Error::Unreadable(_) if surface == Surface::Ticketing => StatusCode::BAD_REQUEST,
        Error::Invalid(_) | Error::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Unauthenticated(_) | Error::BadLogin | Error::Unlicensed => StatusCode::UNAUTHORIZED,
        Error::Forbidden => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Stale(_) => StatusCode::PRECONDITION_FAILED,
        Error::Gone(_) => StatusCode::GONE,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::WrongContentType | Error::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Late => StatusCode::REQUEST_TIMEOUT,
        Error::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Busy | Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn of_header(violations: &Violations) -> bool {
    violations.all().iter().any(|violation| violation.at == In::Header)
}

/// The answer to an error, in the shape of a surface.
#[must_use]
pub(crate) fn render(surface: Surface, error: &Error) -> HttpResponse {
    let mut answer = HttpResponse::build(status(surface, error));
    match error {
        Error::WrongMethod(methods) => {
            answer.insert_header((ALLOW, methods.join(", ")));
        }
        Error::TooMany(seconds) => {
            answer.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        Error::Busy => {
            answer.insert_header((RETRY_AFTER, "1"));
        }
        Error::Unavailable(_) => {
            answer.insert_header((RETRY_AFTER, "5"));
        }
        Error::Encoded => {
            answer.insert_header((ACCEPT_ENCODING, "identity"));
        }
        _ => {}
    }
    match surface {
        Surface::Appointments => appointments(&mut answer, error),
        Surface::CallCenter => call_center(&mut answer, error),
        Surface::Ticketing => ticketing(&mut answer, error),
    }
}

fn appointments(answer: &mut HttpResponseBuilder, error: &Error) -> HttpResponse {
    match error {
        Error::Unauthenticated(fault) => {
            answer.json(TokenRefusal { status: Outcome::Fail, code: fault.code(), message: fault.text().into() })
        }
        other => answer.json(Verdict { status: Outcome::Fail, message: other.to_string() }),
    }
}

fn call_center(answer: &mut HttpResponseBuilder, error: &Error) -> HttpResponse {
    let text = match error {
        Error::Invalid(violations) => {
            return answer.json(FieldDetails { detail: violations.all().iter().map(field_detail).collect() });
        }
        Error::Unreadable(text) => {
            let detail = FieldDetail { loc: vec![Step::Name("body".into())], msg: text.clone(), kind: "json_invalid".into() };
            return answer.json(FieldDetails { detail: vec![detail] });
        }
        Error::Unauthenticated(TokenFault::Missing) => "Not authenticated".into(),
        Error::Forbidden => "Not enough permissions".into(),
        Error::NotFound => "Not Found".into(),
        other => other.to_string(),
    };
    answer.json(Detail { detail: text })
}

fn field_detail(violation: &Violation) -> FieldDetail {
    let step = |segment: &Segment| match segment {
        Segment::Name(name) => Step::Name(name.to_string()),
        Segment::Index(index) => Step::Index(*index),
    };
    let loc = std::iter::once(Step::Name(violation.at.word().into())).chain(violation.path.iter().map(step)).collect();
    FieldDetail { loc, msg: format!("Value {}", violation.rule.text()), kind: violation.rule.code().into() }
}

fn ticketing(answer: &mut HttpResponseBuilder, error: &Error) -> HttpResponse {
    let text = match error {
        Error::Invalid(violations) => {
            let mut errors = Map::new();
            for violation in violations.all() {
                let field = violation.field();
                let text = format!("The {field} {}.", violation.rule.text());
                errors.insert(field, json!([text]));
            }
            return answer.json(FieldErrors { message: "The given data was invalid.".into(), errors });
        }
        Error::BadLogin => return answer.json(LoginRefusal { error: "Unauthorized".into() }),
        Error::Unauthenticated(_) => "Unauthenticated.".into(),
        Error::Forbidden => "This action is unauthorized.".into(),
        Error::NotFound => "Not Found".into(),
        other => other.to_string(),
    };
    answer.json(Message { message: text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_their_shapes() {
        for (path, surface) in [
            ("/api/task/x", Surface::Appointments),
            ("/api/auth/code", Surface::Appointments),
            ("/api/tasks", Surface::CallCenter),
            ("/api/tasks/1", Surface::CallCenter),
            ("/api/tasksx", Surface::Ticketing),
            ("/api/v1/auth", Surface::Ticketing),
            ("/", Surface::Ticketing),
        ] {
            assert_eq!(Surface::of(path), surface, "{path}");
        }
    }

    #[test]
    fn faults_inside_tell_nothing() {
        let error = Error::internal("table secret is missing");
        for surface in [Surface::Appointments, Surface::CallCenter, Surface::Ticketing] {
            let answer = render(surface, &error);
            assert_eq!(answer.status(), 500);
            let body = actix_web::body::MessageBody::try_into_bytes(answer.into_body()).ok();
            assert!(body.is_some_and(|body| !String::from_utf8_lossy(&body).contains("secret")));
        }
    }
}
