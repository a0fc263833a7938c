//! Who there is: organizations, employees and what is nested in them, contacts with their phones, external users; and
//! sign-in.

pub mod contact;
pub mod cti_agent;
pub mod department;
pub mod employee;
pub mod extension;
mod external_user;
mod found;
pub mod group;
pub mod history;
pub mod import;
pub mod job_title;
pub mod organization;
pub mod phone;
pub mod sign_in;

pub use contact::Contacts;
pub use cti_agent::CtiAgents;
pub use department::Departments;
pub use employee::Employees;
pub use extension::Extensions;
pub use external_user::repo::anonymize as anonymize_external_users;
pub use group::Groups;
pub use job_title::JobTitles;
pub use organization::Organizations;
pub use phone::PhoneNumbers;
pub use sign_in::SignIn;

/// What stands for a name or number that was taken out.
pub const ANONYMIZED: &str = "anonymized";
