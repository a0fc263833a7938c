//! What the people of an appointment are told: by an event in any case, and by mail where there is a mail server.
//!
//! Both are decided in the write that changes the appointment. A mail is a row here, which says to whom it goes and of which
//! state of the appointment it tells, and a job that sends it. Its address stays in the row only until it is sent.

use frontdesk_core::status::NotificationState;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) mod entity;
pub(crate) mod plan;
pub(crate) mod repo;
mod send;

pub use send::Notifications;

/// The kind of the jobs that send mails.
pub(crate) const JOB: &str = "mail";

/// What became of the last mail to one of an appointment's people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppointmentNotification {
    /// How it stands with it.
    pub state: NotificationState,
    /// Which state of the appointment it tells of: 0, and one more with each new time and with the cancellation.
    pub sequence: i64,
    /// Why it was given up, or why the last try came to nothing.
    #[schema(required)]
    pub reason: Option<String>,
}

/// Which of an appointment's people somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PersonKind {
    Moderator,
    Publisher,
}

impl PersonKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Moderator => "moderator",
            Self::Publisher => "publisher",
        }
    }
}
