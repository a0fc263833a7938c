//! An organization of its own for each test, with some staff: on PostgreSQL where `TEST_DATABASE_URL` is set, else on SQLite.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};

use frontdesk_appointments::{
    Appointment, AppointmentFilter, AppointmentNumber, AppointmentStatusChange, Appointments, NewAppointment, NewAppointmentModerator,
    NewAppointmentPublishers, Reply,
};
use frontdesk_core::access::{Actor, Caller, Scope};
use frontdesk_core::id::{EmployeeId, ExternalUserId, OrganizationId, ServiceKeyId};
use frontdesk_core::input::{Fields, Input};
use frontdesk_core::status::Role;
use frontdesk_core::time::Zone;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Options, WriteContext, Written};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::OnceCell;

/// 10:00 on 2 March in Taipei, and still 1 March in New York.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-02 02:00 UTC);

pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) appointments: Appointments,
    pub(crate) organization: OrganizationId,
    _folder: TempDir,
}

impl House {
    /// An organization with this `double_booking`, in Taipei.
    pub(crate) async fn new(double_booking: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match env::var("TEST_DATABASE_URL") {
            Ok(server) if !server.is_empty() => postgres(&server).await,
            _ => format!("sqlite://{}", folder.path().join("test.sqlite").display()),
        };
        let db = Db::open(&url, &Options { readers: 2, writers: 8, ..Options::default() }).await.unwrap();
        frontdesk_migration::migrate(db.schema()).await.unwrap();
        let house = Self { appointments: Appointments::new(db.clone()), organization: OrganizationId(0), db, _folder: folder };
        house.beside(double_booking).await
    }

    /// Another organization in the same store.
    pub(crate) async fn beside(self, double_booking: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let slug = format!("house-{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let id = self
            .insert(&format!(
                "INSERT INTO organization (slug, name, time_zone, double_booking, version, created_at, updated_at)
                 VALUES ('{slug}', '{slug}', 'Asia/Taipei', '{double_booking}', 1, 0, 0) RETURNING id AS n"
            ))
            .await;
        Self { organization: OrganizationId(id), ..self }
    }

    /// Runs SQL past all rules and gives the number it answers in its column `n`.
    pub(crate) async fn insert(&self, sql: &str) -> i64 {
        let db = self.db.schema();
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    pub(crate) async fn employee(&self, employee_no: &str, is_active: bool) -> EmployeeId {
        let organization = self.organization;
        let profile = self.insert(&format!("INSERT INTO profile (organization_id) VALUES ({organization}) RETURNING id AS n")).await;
        let id = self
            .insert(&format!(
                "INSERT INTO employee (organization_id, employee_no, first_name, profile_id, role, is_active, is_immortal, search, version,
                                       created_at, updated_at)
                 VALUES ({organization}, '{employee_no}', '{employee_no}', {profile}, 'agent', {is_active}, FALSE, '', 1, 0, 0)
                 RETURNING id AS n"
            ))
            .await;
        EmployeeId(id)
    }

    pub(crate) async fn contact(&self, membership_no: &str) -> i64 {
        let organization = self.organization;
        let profile = self.insert(&format!("INSERT INTO profile (organization_id) VALUES ({organization}) RETURNING id AS n")).await;
        self.insert(&format!(
            "INSERT INTO contact (organization_id, first_name, membership_no, profile_id, search, version, created_at, updated_at)
             VALUES ({organization}, 'C', '{membership_no}', {profile}, '', 1, 0, 0) RETURNING id AS n"
        ))
        .await
    }

    pub(crate) fn caller(&self, actor: Actor) -> Caller {
        Caller { organization: self.organization, zone: Zone::named("Asia/Taipei").unwrap(), actor }
    }

    pub(crate) fn system(&self) -> WriteContext {
        self.write(Actor::System)
    }

    pub(crate) fn agent(&self, id: EmployeeId) -> WriteContext {
        self.write(Actor::Employee { id, role: Role::Agent })
    }

    pub(crate) fn key(&self) -> WriteContext {
        self.write(Actor::Key { id: ServiceKeyId(1), scopes: vec![Scope::AppointmentsRead, Scope::AppointmentsWrite] })
    }

    pub(crate) fn publisher(&self, customer_id_num: &str) -> Caller {
        self.caller(Actor::Publisher { id: ExternalUserId(1), customer_id_num: customer_id_num.into() })
    }

    fn write(&self, actor: Actor) -> WriteContext {
        WriteContext::new(self.caller(actor), "test", NOW)
    }

    pub(crate) async fn create(&self, cx: &WriteContext, body: &Value) -> Result<Reply<AppointmentNumber>> {
        fresh(self.appointments.create(cx, read(body, NewAppointment::read)).await)
    }

    /// A new appointment with these fields instead of the usual ones; its number.
    pub(crate) async fn task(&self, out_task_num: &str, fields: &Value) -> String {
        let mut body = body(out_task_num);
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.create(&self.system(), &body).await.unwrap().info.task_num
    }

    pub(crate) async fn add_moderator(&self, cx: &WriteContext, body: &Value) -> Result<Reply> {
        fresh(self.appointments.add_moderator(cx, read(body, NewAppointmentModerator::read)).await)
    }

    pub(crate) async fn add_publishers(&self, cx: &WriteContext, body: &Value) -> Result<Reply> {
        fresh(self.appointments.add_publishers(cx, read(body, NewAppointmentPublishers::read)).await)
    }

    pub(crate) async fn set_status(&self, cx: &WriteContext, task_num: &str, task_status: &str) -> Result<Reply> {
        let body = json!({"task_num": task_num, "task_status": task_status});
        fresh(self.appointments.set_status(cx, read(&body, AppointmentStatusChange::read)).await)
    }

    pub(crate) async fn get(&self, task_num: &str) -> Appointment {
        self.appointments.get(&self.system().caller, task_num).await.unwrap().record
    }

    /// The numbers that a list shows, and its total.
    pub(crate) async fn list(&self, caller: &Caller, body: &Value) -> Result<(Vec<String>, i64)> {
        let page = self.appointments.list(caller, read(body, AppointmentFilter::read)).await?;
        Ok((page.items.into_iter().map(|task| task.task_num).collect(), page.total))
    }

    /// What history says was done to the organization's appointments, in order.
    pub(crate) async fn history(&self) -> Vec<String> {
        let sql = format!("SELECT action AS t FROM history WHERE organization_id = {} ORDER BY id", self.organization);
        let rows = self.db.read().query_all_raw(Statement::from_string(self.db.backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get("", "t").unwrap()).collect()
    }
}

/// A request for an appointment at 10:00 in Taipei.
pub(crate) fn body(out_task_num: &str) -> Value {
    json!({
        "business_id": 15, "out_task_num": out_task_num, "task_type": "normal", "task_time": "1772416800", "branch_code": 943,
        "room_type": "normal", "video": true,
    })
}

fn read<T>(body: &Value, read: impl FnOnce(&mut Fields<'_>) -> T) -> Input<T> {
    Input::body(body, &Zone::named("Asia/Taipei").unwrap(), read)
}

fn fresh<T>(written: Result<Written<T>>) -> Result<T> {
    written?.fresh().ok_or_else(|| Error::internal("a replay without a key"))
}

/// What is wrong, as `field rule` texts.
pub(crate) fn faults<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
    match result.unwrap_err() {
        Error::Invalid(violations) => violations.all().iter().map(|v| format!("{} {}", v.field(), v.rule.text())).collect(),
        other => panic!("{other:?}"),
    }
}

/// The database of the run, made anew on the server: each test has an organization of its own in it.
async fn postgres(server: &str) -> String {
    const NAME: &str = "frontdesk_appointments_test";
    static MADE: OnceCell<()> = OnceCell::const_new();
    let (address, parameters) = server.split_once('?').map_or((server, String::new()), |(address, rest)| (address, format!("?{rest}")));
    let (host, _) = address.rsplit_once('/').unwrap();
    let url = format!("{host}/{NAME}{parameters}");
    MADE.get_or_init(|| async {
        let connection = Database::connect(server).await.unwrap();
        for sql in [format!("DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"), format!("CREATE DATABASE {NAME} TEMPLATE template0")] {
            connection.execute_unprepared(&sql).await.unwrap();
        }
        connection.close().await.unwrap();
        let db = Db::open(&url, &Options::default()).await.unwrap();
        frontdesk_migration::migrate(db.schema()).await.unwrap();
        db.close().await;
    })
    .await;
    url
}
