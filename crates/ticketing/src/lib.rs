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

pub use category::{Categories, Category, CategoryBrief, CategoryPatch, NewCategory};
pub use interaction::{
    Interaction, InteractionFilter, InteractionListItem, InteractionPatch, Interactions, NewInteraction, TicketInteraction,
};
pub use sponsor::{NewSponsor, Sponsor, SponsorPatch, Sponsors};
pub use subcategory::{NewSubcategory, Subcategories, Subcategory, SubcategoryBrief, SubcategoryFilter, SubcategoryPatch};
pub use termination_code::{NewTerminationCode, TerminationCode, TerminationCodeFilter, TerminationCodePatch, TerminationCodes};
pub use ticket::{NewTicket, Ticket, TicketDueDates, TicketFilter, TicketListItem, TicketPatch, Tickets};
