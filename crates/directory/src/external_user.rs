//! People who signed in through a license and are no employees: the customers of appointments.

pub(crate) mod entity;
pub(crate) mod repo;
