//! The closed vocabularies: statuses, priorities, roles and settings, with the values the source pages give them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::input::FromInput;
use crate::input::Rule;
use crate::time::Zone;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:tt,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every word of the vocabulary, in order.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// The word that stands for this value in requests, answers and the store.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The value of a word, or none where the vocabulary lacks it.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl FromInput for $name {
            fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
                value.as_str().and_then(Self::of_word).ok_or(Rule::OneOf(Cow::Borrowed(Self::WORDS)))
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some([$($word,)*])).into()
            }
        }

        impl ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    )*};
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant = $number,)*
        }

        impl $name {
            const WORDS: &'static [&'static str] = &[$(stringify!($number),)*];

            /// The number that stands for this value in requests, answers and the store.
            #[must_use]
            pub fn number(self) -> i64 {
                self as i64
            }

            /// The value of a number, or none where the vocabulary lacks it.
            #[must_use]
            pub fn of_number(number: i64) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.number())
            }
        }

        impl FromInput for $name {
            fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
                let wrong = || Rule::OneOf(Cow::Borrowed(Self::WORDS));
                i64::from_input(value, zone).ok().and_then(Self::of_number).ok_or_else(wrong)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::Integer))
                    .enum_values(Some([$($number,)*]))
                    .description(Some(concat!($(stringify!($number), " ", stringify!($variant), ". ",)*).trim_end()))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

numbers! {
    /// The status of a ticket (seed 003, `statuses`).
    TicketStatus {
        /// To be dealt with.
        #[default]
        Pending = 0,
        /// Being dealt with.
        Processing = 1,
        /// Solved.
        Resolved = 2,
        /// Closed.
        Closed = 3,
    }
    /// The priority of a ticket (seed 003, `priority`).
    TicketPriority {
        /// Low.
        #[default]
        Low = 0,
        /// Medium.
        Medium = 1,
        /// High.
        High = 2,
        /// Urgent.
        Urgent = 3,
    }
    /// The `status` of an appointment answer (seed 000).
    Outcome {
        /// Refused; nothing was changed.
        #[default]
        Fail = 0,
        /// Done.
        Success = 1,
        /// Done, and something deserves a look.
        Warning = 2,
    }
    /// What a telephone extension leads to (vendor's page).
    ExtensionType {
        /// A telephone.
        #[default]
        Extension = 0,
        /// A queue that hands calls to agents.
        Acd = 1,
        /// A recorded menu.
        Ivr = 2,
        /// A telephone in a browser.
        WebRtc = 3,
    }
    /// What sort of phone number it is (vendor's page).
    PhoneType {
        /// At home.
        #[default]
        Home = 0,
        /// At work.
        Company = 1,
        /// Carried along.
        Mobile = 2,
        /// A fax machine.
        Fax = 3,
        /// Anything else.
        Other = 4,
    }
}

words! {
    /// What became of a mail to one of an appointment's people.
    NotificationState {
        /// It is still to be sent, or to be tried again.
        #[default]
        Waiting = "waiting",
        /// The mail server has taken it.
        Sent = "sent",
        /// It was given up.
        Failed = "failed",
    }
    /// How the rows of a list are counted.
    Counting {
        /// All of them, also beyond 10,000 where the total is not kept.
        #[default]
        Exact = "exact",
    }
    /// The status of a call task.
    CallTaskStatus {
        /// Nobody works on it yet.
        #[default]
        New = "new",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Done; may be reopened.
        Completed = "completed",
        /// Given up; final.
        Cancelled = "cancelled",
    }
    /// The priority of a call task.
    CallTaskPriority {
        /// Low.
        Low = "low",
        /// Normal.
        #[default]
        Normal = "normal",
        /// High.
        High = "high",
        /// Urgent.
        Urgent = "urgent",
    }
    /// How far the processing of a call task's recording has come.
    ProcessingState {
        /// There is nothing to process.
        #[default]
        None = "none",
        /// Waits for a worker.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// The last run went well.
        Succeeded = "succeeded",
        /// The last run failed; `error_message` says why.
        Failed = "failed",
    }
    /// A step of the processing of a call task's recording.
    ProcessingStage {
        /// From the recording to the text.
        #[default]
        Transcription = "transcription",
        /// From the text to both summaries.
        Summary = "summary",
        /// From the text to what the call was about.
        CallSummary = "call_summary",
        /// From the text to what was answered or promised.
        ResponseSummary = "response_summary",
    }
    /// Where a text of a call task comes from.
    TextSource {
        /// It was there before it was first replaced.
        #[default]
        Given = "given",
        /// A person edited it.
        Person = "person",
        /// A server for speech or language made it.
        Endpoint = "endpoint",
        /// Frontdesk's own summarizer made it.
        Embedded = "embedded",
    }
    /// Whether a failure may pass.
    FailureClass {
        /// Another try may do better.
        #[default]
        Retryable = "retryable",
        /// Only with another recording, text or setting.
        Permanent = "permanent",
    }
    /// The status of an appointment (seed 000, `task_status`).
    AppointmentStatus {
        /// Not held yet.
        #[default]
        Pending = "pending",
        /// Held; final.
        Finished = "finished",
        /// Called off; final.
        Canceled = "canceled",
    }
    /// The class of an appointment (seed 000, `task_type`).
    AppointmentType {
        /// A general appointment.
        #[default]
        Normal = "normal",
        /// A customer service case.
        Custom = "custom",
    }
    /// The room of an appointment (seed 000, `room_type`).
    RoomType {
        /// A scheduled video room.
        #[default]
        Normal = "normal",
        /// A real-time video room.
        Realtime = "realtime",
    }
    /// What an organization does when a moderator's appointments overlap.
    DoubleBooking {
        /// Nothing.
        Allow = "allow",
        /// The moderator is added, and the answer names the other appointment.
        #[default]
        Warn = "warn",
        /// The moderator is not added.
        Reject = "reject",
    }
    /// What an employee may do. Each includes the ones before it.
    Role {
        /// Listed and assignable; cannot sign in.
        #[default]
        None = "",
        /// Works on tickets, call tasks and appointments.
        Agent = "agent",
        /// Also deletes, and keeps the look-ups.
        Supervisor = "supervisor",
        /// Also keeps employees, licenses, keys and the organization.
        Admin = "admin",
    }
    /// The program that a token is for (vendor's page, getAuthTokenUseCode).
    ClientId {
        /// A browser.
        #[default]
        Webapp = "arctos-webapp",
        /// A staff device.
        Switch = "arctos-switch",
        /// A customer device.
        Client = "arctos-client",
    }
    /// What a token is given for (vendor's page, getAuthTokenUseCode).
    GrantType {
        /// A code.
        #[default]
        AuthorizationCode = "authorization_code",
    }
    /// The role asked for with a license (vendor's page, getAuthCode).
    GrantRole {
        /// A member of the staff on video.
        #[default]
        Moderator = "MODERATOR",
        /// A customer.
        Publisher = "PUBLISHER",
        /// An administrator; the license must allow it.
        Admin = "ADMIN",
        /// A staff device.
        Switch = "SWITCH",
        /// A customer device.
        Client = "CLIENT",
    }
}

impl Role {
    /// The role's place in the order `""` < `agent` < `supervisor` < `admin`.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Agent => 1,
            Self::Supervisor => 2,
            Self::Admin => 3,
        }
    }
}

impl CallTaskStatus {
    /// Whether a task may go from this status to `next`. The status it already has counts as allowed.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use CallTaskStatus::{Cancelled, Completed, InProgress, New};
        self == next
            || matches!((self, next), (New, InProgress | Cancelled) | (InProgress, Completed | Cancelled) | (Completed, InProgress))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_task_changes() {
        use CallTaskStatus::{Cancelled, Completed, InProgress, New};
        let allowed = [(New, InProgress), (InProgress, Completed), (New, Cancelled), (InProgress, Cancelled), (Completed, InProgress)];
        for from in [New, InProgress, Completed, Cancelled] {
            for to in [New, InProgress, Completed, Cancelled] {
                assert_eq!(from.may_become(to), from == to || allowed.contains(&(from, to)), "{from} to {to}");
            }
        }
    }
}
