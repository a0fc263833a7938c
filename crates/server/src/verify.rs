//! `frontdesk verify`: whether the store agrees with itself.

use anyhow::Result;
use frontdesk_store::Db;
use frontdesk_store::verify::Report;

use crate::fault;
use crate::progress::Progress;

/// Looks at one state of the store, and changes nothing.
pub async fn run(db: &Db) -> Result<Report> {
    let mut progress = None;
    let watch = move |done, all| progress.get_or_insert_with(|| Progress::new("verifying", all)).add(done);
    db.verify(watch).await.map_err(fault)
}
