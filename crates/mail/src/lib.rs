//! Mails that invite people to an appointment, tell of a new time, or call it off: a text in the organization's language
//! beside an iCalendar part (RFC 5545, RFC 5546), sent over SMTP.
//!
//! The calendar is written here and not by the crate `icalendar`: that one has no `VTIMEZONE`, asks the clock and chance
//! by itself, and brings `chrono` beside the two libraries of time that are there already. What is needed of the format is
//! one event, in `Invitation::calendar`.
//!
//! Whatever stands in a name or address, it ends up in its own place: line breaks and other control characters are taken
//! out before anything is written.

mod calendar;
mod failure;
mod invitation;
mod message;
mod moment;
mod smtp;
mod words;
mod zone;

pub use failure::{Class, Failure};
pub use invitation::{Invitation, Method, News};
pub use smtp::{BadSettings, Encryption, Mailer, Settings};
pub use words::Language;
