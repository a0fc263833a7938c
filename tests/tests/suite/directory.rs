//! The records that others refer to, and the staff (contract, section 4).

mod alike;
mod contacts;
mod employees;
mod organization;
mod others;
