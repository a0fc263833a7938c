//! Two organizations with a little of everything, and everybody who may ask.

use std::sync::OnceLock;

use frontdesk_api::ServeOptions;
use frontdesk_core::access::Scope;
use frontdesk_core::status::{ClientId, GrantRole, Role};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_directory::employee::Employees;
use frontdesk_directory::sign_in::{CodeExchange, NewCode, NewLicense, NewServiceKey, NewSession, SignIn};
use frontdesk_server::import::{Import, Report};
use frontdesk_store::{Db, WriteContext};

use super::app::{App, Caller, options};
use super::database::{Database, Template};
use super::leaks;
use super::{NOW, system};

/// The password of everybody who has one.
pub(crate) const PASSWORD: &str = "correct horse";

/// The organizations 1 (`main`, Asia/Taipei) and 2 (`other`, Europe/Moscow) as `world/*.ndjson` have them. Ids of the second
/// are those of the first and 1000. The employees `admin` (1), `supervisor` (2), `agent` (3) and those of the second
/// organization have a password.
pub(crate) static WORLD: Template = Template::new(|db| Box::pin(furnish(db)));

static SECRETS: OnceLock<Secrets> = OnceLock::new();

/// What people of the template signed in with.
#[derive(Debug)]
struct Secrets {
    admin: String,
    supervisor: String,
    agent: String,
    nobody: String,
    publisher: String,
    moderator: String,
    bystander: String,
    stranger: String,
    license: String,
}

async fn furnish(db: Db) {
    frontdesk_migration::migrate(db.schema()).await.unwrap();
    let world = World::fixed(NOW);
    for records in [include_str!("../world/main.ndjson"), include_str!("../world/other.ndjson")] {
        let report = import(&db, &world, records).await;
        assert!(report.bad.is_empty(), "{:#?}", report.bad);
    }
    let employees = Employees::new(db.clone());
    for (organization, employee_no) in [(1, "admin"), (1, "supervisor"), (1, "agent"), (2, "admin")] {
        employees.set_password(&system(organization), employee_no, PASSWORD.into()).await.unwrap();
    }
    let sign_in = SignIn::new(db, world);
    let license = NewLicense { label: "integration".into(), allow_admin: true, new_moderators: true };
    let license = sign_in.add_license(&system(1), license).await.unwrap().secret.reveal().to_owned();
    let login = async |name: &str| {
        let session = NewSession { name: name.into(), password: PASSWORD.into(), ttl: 1440 };
        sign_in.login(session, "test").await.unwrap().access_token.reveal().to_owned()
    };
    let grant = async |user_id: &str, role: GrantRole, client_id: ClientId| {
        let new = NewCode { user_id: user_id.into(), name: None, role };
        let code = sign_in.code(&license, new, "test").await.unwrap().code;
        let exchange = CodeExchange { client_id, code, ..CodeExchange::default() };
        sign_in.exchange(exchange, "test").await.unwrap().access_token.reveal().to_owned()
    };
    employees.set_role(&system(1), "nobody", Role::Agent).await.unwrap();
    let secrets = Secrets {
        admin: login("admin@main").await,
        supervisor: login("supervisor@main").await,
        agent: login("agent@main").await,
        nobody: grant("nobody", GrantRole::Moderator, ClientId::Webapp).await,
        publisher: grant("A123456789", GrantRole::Publisher, ClientId::Client).await,
        moderator: grant("agent", GrantRole::Moderator, ClientId::Switch).await,
        bystander: grant("other", GrantRole::Moderator, ClientId::Webapp).await,
        stranger: login("admin@other").await,
        license: license.clone(),
    };
    employees.set_role(&system(1), "nobody", Role::None).await.unwrap();
    SECRETS.set(secrets).unwrap();
}

/// Imports records into a store.
pub(crate) async fn import(db: &Db, world: &World, records: &str) -> Report {
    records.lines().filter_map(|line| serde_json::from_str(line).ok()).for_each(|record| leaks::sent(&record));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("records.ndjson");
    std::fs::write(&file, records).unwrap();
    let organization = if records.contains(r#""record":"organization""#) { None } else { Some(1.into()) };
    frontdesk_server::import::run(db, world, &Import { file, organization, keep_going: false }).await.unwrap()
}

impl App {
    /// A server on the two organizations of [`WORLD`].
    pub(crate) fn new() -> Self {
        Self::with(options())
    }

    /// The same, held to other options.
    pub(crate) fn with(options: ServeOptions) -> Self {
        let app = Self::held_to(&WORLD, options);
        // A fixed world draws the same secrets in every run: go past those that the template has.
        for _ in 0..1000 {
            let _ = app.world.uuid();
        }
        app
    }

    /// A server that has a mail server.
    pub(crate) fn mailing() -> Self {
        let app = Self::changed(&WORLD, |mut services| {
            services.appointments = services.appointments.mailing();
            services
        });
        for _ in 0..1000 {
            let _ = app.world.uuid();
        }
        app
    }

    /// A server on a copy of [`WORLD`].
    pub(crate) fn furnished(database: Database) -> Self {
        let app = Self::on(database);
        for _ in 0..1000 {
            let _ = app.world.uuid();
        }
        app
    }

    /// Imports records into the first organization; every line must be good.
    pub(crate) async fn seed(&self, records: &str) {
        let report = import(&self.db().await, &self.world, records).await;
        assert!(report.bad.is_empty(), "{:#?}", report.bad);
    }

    /// A write of the command line on the first organization.
    pub(crate) fn context(&self) -> WriteContext {
        let mut context = system(1);
        context.caller.zone = Zone::named("Asia/Taipei").unwrap();
        context.at = self.world.now();
        context
    }

    /// The employee 1, an admin.
    pub(crate) fn admin(&self) -> Caller<'_> {
        self.bearer(&secrets().admin)
    }

    /// The employee 2, a supervisor.
    pub(crate) fn supervisor(&self) -> Caller<'_> {
        self.bearer(&secrets().supervisor)
    }

    /// The employee 3, an agent, who moderates the appointment 1.
    pub(crate) fn agent(&self) -> Caller<'_> {
        self.bearer(&secrets().agent)
    }

    /// The employee 4, who had a role when the token was made and has none now.
    pub(crate) fn nobody(&self) -> Caller<'_> {
        self.bearer(&secrets().nobody)
    }

    /// The customer of the appointment 1.
    pub(crate) fn publisher(&self) -> Caller<'_> {
        self.bearer(&secrets().publisher)
    }

    /// The employee 3 by way of a license.
    pub(crate) fn moderator(&self) -> Caller<'_> {
        self.bearer(&secrets().moderator)
    }

    /// The employee 5, an agent with nothing to do with any appointment.
    pub(crate) fn bystander(&self) -> Caller<'_> {
        self.bearer(&secrets().bystander)
    }

    /// An admin of the second organization.
    pub(crate) fn stranger(&self) -> Caller<'_> {
        self.bearer(&secrets().stranger)
    }

    /// An integrating system.
    pub(crate) fn license(&self) -> Caller<'_> {
        self.anonymous().with("arc-license-key", &secrets().license)
    }

    /// A machine with these scopes.
    pub(crate) async fn key(&self, scopes: &[Scope]) -> Caller<'_> {
        let new = NewServiceKey { label: "machine".into(), scopes: scopes.to_vec(), expires_at: None };
        let issued = SignIn::new(self.db().await, self.world.clone()).add_service_key(&self.context(), new).await.unwrap();
        self.bearer(issued.secret.reveal())
    }
}

fn secrets() -> &'static Secrets {
    SECRETS.get().unwrap()
}
