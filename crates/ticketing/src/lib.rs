//! Tickets, what they are sorted by, and the service log (seed 003).

pub mod category;
pub mod import;
pub mod interaction;
pub mod sponsor;
pub mod subcategory;
pub mod termination_code;
pub mod ticket;

#[cfg(test)]
mod lookup_tests;
#[cfg(test)]
mod testing;

pub use category::{Categories, Category, CategoryBrief};
pub use interaction::TicketInteraction;
pub use sponsor::{NewSponsor, Sponsor, SponsorPatch, Sponsors};
pub use subcategory::{Subcategories, Subcategory, SubcategoryBrief, SubcategoryFilter};
pub use termination_code::{TerminationCode, TerminationCodeFilter, TerminationCodes};
pub use ticket::{NewTicket, Ticket, TicketFilter, TicketListItem, TicketPatch, Tickets};
