//! What a mail is to say.

use crate::words::Language;

/// What became of an appointment, as far as one person is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The person takes part from now on.
    Invited,
    /// It has another time.
    Moved,
    /// It does not take place, or the person no longer takes part.
    Canceled,
}

impl News {
    /// The method that a calendar is told it with.
    #[must_use]
    pub fn method(self) -> Method {
        match self {
            Self::Invited | Self::Moved => Method::Request,
            Self::Canceled => Method::Cancel,
        }
    }
}

/// A method of RFC 5546.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The event is to be put into the calendar, or changed there.
    Request,
    /// It is to be taken out.
    Cancel,
}

impl Method {
    /// Its word in a calendar: `REQUEST` or `CANCEL`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// A mail about an appointment to one of its people. It names nobody else who takes part.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// What it tells.
    pub news: News,
    /// What calendars know the appointment by: the same in every mail about it, and in no other system.
    pub uid: String,
    /// Counts the changes of the appointment that every calendar must follow, from 0.
    pub sequence: i64,
    /// What the mail itself is known by, so that one that is sent twice is seen to be the same: letters, digits, `-` and `.`.
    pub mail_id: String,
    /// The number by which people know the appointment.
    pub number: String,
    /// When it begins, in milliseconds since 1970.
    pub start: i64,
    /// How long it takes.
    pub minutes: i64,
    /// The IANA name of the organization's time zone.
    pub zone: String,
    /// What the mail is written in.
    pub language: Language,
    /// The organization's name.
    pub organization: String,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub address: String,
    /// The present moment, in milliseconds since 1970.
    pub now: i64,
}
