//! The staff directory and sign-in, in the shapes of the ticketing surface: employees,
//! contacts, the organization, `/api/v1/auth*`.

pub(crate) mod anonymize;
pub(crate) mod auth;
pub(crate) mod contact;
pub(crate) mod cti_agent;
pub(crate) mod department;
pub(crate) mod employee;
pub(crate) mod extension;
pub(crate) mod group;
pub(crate) mod job_title;
pub(crate) mod license;
pub(crate) mod organization;
pub(crate) mod phone_number;
pub(crate) mod service_key;
