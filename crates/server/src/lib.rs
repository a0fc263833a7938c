//! What the `frontdesk` binary is made of: settings, logs, the first people of a store, the demo organization, import and
//! export, backup and restore, verification.

pub mod backup;
pub mod demo;
pub mod export;
pub mod first;
pub mod import;
mod new_file;
mod progress;
pub mod settings;
pub mod store;
pub mod telemetry;
pub mod verify;
pub mod worker;

/// An error of the services for whoever reads standard error: with its cause, unlike in an answer.
#[must_use]
pub fn fault(error: frontdesk_core::Error) -> anyhow::Error {
    match error {
        frontdesk_core::Error::Internal(cause) => cause,
        other => anyhow::anyhow!("{other}"),
    }
}
