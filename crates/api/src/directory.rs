//! The staff directory and sign-in, in the shapes of the ticketing surface: `/api/v1/employee`, `/api/v1/auth*`.

pub(crate) mod auth;
pub(crate) mod employee;
