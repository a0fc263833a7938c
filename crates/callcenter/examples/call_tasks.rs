//! Call tasks without HTTP: `cargo run -p frontdesk-callcenter --example call_tasks`.

use frontdesk_callcenter::{CallTaskFilter, CallTaskPatch, CallTaskStatusChange, CallTasks, NewCallTask};
use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::PageRequest;
use frontdesk_core::patch::Patch;
use frontdesk_core::status::{CallTaskStatus, Role};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::NewEmployee;
use frontdesk_directory::organization::NewOrganization;
use frontdesk_directory::{Employees, Organizations};
use frontdesk_store::{Db, Options, WriteContext, Written};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}/call_tasks.db", folder.path().display());
    let db = Db::open(&url, &Options::default()).await.map_err(Error::Internal)?;
    frontdesk_migration::migrate(db.schema()).await?;
    let world = World::real();
    let cx = organization(&db, &world).await?;

    let anna = NewEmployee { employee_no: "1001".into(), first_name: "Анна".into(), role: Role::Agent, ..Default::default() };
    let anna = done(Employees::new(db.clone()).create(&cx, anna).await?)?.record;

    let tasks = CallTasks::new(db, world);
    let call = NewCallTask {
        operator_id: anna.id,
        title: "Перезвонить по счёту".into(),
        caller_phone: Some("+7 (495) 123-45-67".into()),
        recording_url: Some("https://pbx.example.com/records/4521.mp3".into()),
        ..Default::default()
    };
    let task = done(tasks.create(&cx, call).await?)?.record;
    let edit = CallTaskPatch { caller_name: Patch::Set("Иван Смирнов".into()), ..Default::default() };
    done(tasks.update(&cx, task.id, edit).await?)?;
    done(tasks.set_status(&cx, task.id, CallTaskStatusChange { status: CallTaskStatus::InProgress }).await?)?;

    let search = CallTaskFilter { search: Some("СЧЕТ".into()), ..Default::default() };
    for task in tasks.list(&cx.caller, &search, PageRequest::first(20)).await?.items {
        println!("{}", serde_json::to_string_pretty(&task)?);
    }
    Ok(())
}

/// An organization, and what the command line writes with in it.
async fn organization(db: &Db, world: &World) -> Result<WriteContext> {
    let nobody = WriteContext::new(Caller::system(OrganizationId(0), Zone::utc()), "example", world.now());
    let new = NewOrganization { name: "Example".into(), time_zone: "Europe/Moscow".into(), ..Default::default() };
    let organization = done(Organizations::new(db.clone()).create(&nobody, new).await?)?;
    Ok(WriteContext::new(organization.system(), "example", world.now()))
}

fn done<T>(written: Written<T>) -> Result<T> {
    written.fresh().ok_or_else(|| Error::internal("a write without a key was replayed"))
}
