//! The HTTP surfaces: thin handlers over the domain crates, one error in three shapes, and the OpenAPI document of what is
//! served.

mod appointments;
mod audit;
mod call;
mod callcenter;
mod cors;
mod directory;
mod docs;
mod edge;
mod events;
mod failure;
mod health;
mod history;
mod incoming;
mod intake;
mod limits;
mod metrics;
mod operations;
mod peer;
mod rate;
mod respond;
mod routes;
mod ticketing;
mod tls;

use std::net::TcpListener;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_web::middleware::{Condition, from_fn};
use actix_web::{App, HttpResponse, HttpServer, web};
use frontdesk_appointments::Appointments;
use frontdesk_callcenter::CallTasks;
use frontdesk_core::world::World;
use frontdesk_directory::{
    Contacts, CtiAgents, Departments, Employees, Extensions, Groups, JobTitles, Organizations, PhoneNumbers, SignIn,
};
use frontdesk_events::{Events, Webhooks};
use frontdesk_store::{BoxFuture, Db};
use frontdesk_ticketing::{Categories, Interactions, Sponsors, Subcategories, TerminationCodes, Tickets};
use serde_json::Value;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config, SwaggerUi};

pub use failure::Surface;
pub use peer::{Proxies, ProxyHeader};
pub use rate::Rate;
pub use tls::Tls;

/// Tells whether a store has every migration step.
pub type Migrated = Arc<dyn Fn(Db) -> BoxFuture<'static, bool> + Send + Sync>;

/// Everything the handlers answer with.
#[derive(Clone)]
pub struct Services {
    /// The store.
    pub db: Db,
    /// The outside.
    pub world: World,
    /// Tokens, codes, passwords.
    pub sign_in: SignIn,
    /// The staff.
    pub employees: Employees,
    /// Groups of employees.
    pub groups: Groups,
    /// Job titles.
    pub job_titles: JobTitles,
    /// Departments.
    pub departments: Departments,
    /// Telephone extensions.
    pub extensions: Extensions,
    /// Agent accounts of the telephone system.
    pub cti_agents: CtiAgents,
    /// The customers.
    pub contacts: Contacts,
    /// The customers' phone numbers.
    pub phone_numbers: PhoneNumbers,
    /// The tenants.
    pub organizations: Organizations,
    /// Tickets.
    pub tickets: Tickets,
    /// Sponsors.
    pub sponsors: Sponsors,
    /// Details of a ticket's status.
    pub termination_codes: TerminationCodes,
    /// Ticket categories.
    pub categories: Categories,
    /// Ticket sub-categories.
    pub subcategories: Subcategories,
    /// The service log.
    pub interactions: Interactions,
    /// Tasks made from calls.
    pub call_tasks: CallTasks,
    /// Video appointments.
    pub appointments: Appointments,
    /// What happened.
    pub events: Events,
    /// Who is told of it.
    pub webhooks: Webhooks,
    pub(crate) metrics: metrics::Metrics,
    pub(crate) failed_sign_ins: Arc<limits::FailedSignIns>,
    pub(crate) migrated: Migrated,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Services")
    }
}

impl Services {
    /// The services over a store. `migrated` is asked by `/readyz`.
    pub fn new(db: Db, world: World, migrated: Migrated) -> frontdesk_core::Result<Self> {
        Ok(Self {
            sign_in: SignIn::new(db.clone(), world.clone()),
            employees: Employees::new(db.clone()),
            groups: Groups::new(db.clone()),
            job_titles: JobTitles::new(db.clone()),
            departments: Departments::new(db.clone()),
            extensions: Extensions::new(db.clone()),
            cti_agents: CtiAgents::new(db.clone()),
            contacts: Contacts::new(db.clone()),
            phone_numbers: PhoneNumbers::new(db.clone()),
            organizations: Organizations::new(db.clone()),
            tickets: Tickets::new(db.clone()),
            sponsors: Sponsors::new(db.clone()),
            termination_codes: TerminationCodes::new(db.clone()),
            categories: Categories::new(db.clone()),
            subcategories: Subcategories::new(db.clone()),
            interactions: Interactions::new(db.clone()),
            call_tasks: CallTasks::new(db.clone(), world.clone()),
            appointments: Appointments::new(db.clone()),
            events: Events::new(db.clone()),
            webhooks: Webhooks::new(db.clone(), world.clone()),
            metrics: metrics::Metrics::new()?,
            failed_sign_ins: Arc::new(limits::FailedSignIns::new(&db)),
            migrated,
            db,
            world,
        })
    }
}

/// How long the head of a request may take to arrive at most, and the handshake before it.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Threads that answer; 0 for one a core.
    pub workers: usize,
    /// Seconds that running requests get to finish when the server is asked to stop.
    pub shutdown_seconds: u64,
    /// Whether `/metrics` is answered here (and not by [`serve_metrics`] elsewhere).
    pub metrics: bool,
    /// The proxies that are believed about the address a request came from.
    pub proxies: Proxies,
    /// How often somebody may ask.
    pub rate: Rate,
    /// The origins whose web pages may ask.
    pub origins: Vec<String>,
    /// How long a request may take to arrive, and then to be answered.
    pub deadline: Duration,
    /// Connections at once for each thread; more wait.
    pub connections: usize,
    /// How long a client may leave what it is sent untaken until its connection is closed (on Linux).
    pub untaken: Duration,
    /// What connections are encrypted with; none where they are not, or not here.
    pub tls: Option<Tls>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            workers: 0,
            shutdown_seconds: 30,
            metrics: true,
            proxies: Proxies::default(),
            rate: Rate::default(),
            origins: vec![],
            deadline: Duration::from_mins(1),
            connections: 10_000,
            untaken: Duration::from_secs(30),
            tls: None,
        }
    }
}

/// The OpenAPI document of the served operations.
#[must_use]
pub fn openapi() -> Value {
    document(true)
}

fn document(metrics: bool) -> Value {
    let (_, collected) = App::new()
        .into_utoipa_app()
        .openapi(<routes::Shared as utoipa::OpenApi>::openapi())
        .configure(|config| routes::configure(config, metrics))
        .split_for_parts();
    docs::finish(&collected)
}

/// What is served, as the document and as what requests are held to.
struct Described {
    operations: web::Data<operations::Operations>,
    text: web::Bytes,
}

/// Made once a process, whatever number of servers it runs: it never changes.
fn described(metrics: bool) -> &'static Described {
    fn made(metrics: bool) -> Described {
        let document = document(metrics);
        Described { operations: web::Data::new(operations::Operations::of(&document)), text: document.to_string().into() }
    }
    static WITH_METRICS: LazyLock<Described> = LazyLock::new(|| made(true));
    static WITHOUT: LazyLock<Described> = LazyLock::new(|| made(false));
    if metrics { &WITH_METRICS } else { &WITHOUT }
}

/// Swagger UI: every operation open for trying, a token kept over a reload, and nothing fetched from elsewhere.
fn docs_page() -> Config<'static> {
    let page = Config::from("/openapi.json").validator_url("none").use_base_layout();
    page.try_it_out_enabled(true).persist_authorization(true).filter(true).display_request_duration(true)
}

/// Serves every surface on `listener`. Signals are the caller's business.
pub fn serve(listener: TcpListener, services: Services, options: &ServeOptions) -> std::io::Result<actix_web::dev::Server> {
    // Connections have it from the socket that they come in by.
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(&listener).set_tcp_user_timeout(Some(options.untaken))?;
    let described = described(options.metrics);
    let services = web::Data::new(services);
    let (metrics, origins) = (options.metrics, options.origins.clone());
    let edge = web::Data::new(edge::Edge {
        proxies: options.proxies.clone(),
        rates: rate::Rates::new(options.rate, services.db.is_shared()),
        deadline: options.deadline,
        tls: options.tls.is_some(),
    });
    if options.rate.per_minute > 0 && services.db.is_shared() {
        tokio::spawn(rate::share(Arc::downgrade(&edge.clone().into_inner()), services.db.clone(), services.world.clone()));
    }
    let server = HttpServer::new(move || {
        App::new()
            .app_data(services.clone())
            .app_data(described.operations.clone())
            .app_data(edge.clone())
            .into_utoipa_app()
            .configure(|config| routes::configure(config, metrics))
            .into_app()
            .route(
                "/openapi.json",
                web::get().to(move || std::future::ready(HttpResponse::Ok().content_type("application/json").body(described.text.clone()))),
            )
            .route(
                "/docs",
                web::get().to(|| std::future::ready(HttpResponse::PermanentRedirect().insert_header(("location", "/docs/")).finish())),
            )
            .service(SwaggerUi::new("/docs/{_:.*}").config(docs_page()))
            .default_service(web::to(intake::unrouted))
            .wrap(from_fn(intake::intake))
            .wrap(Condition::new(!origins.is_empty(), cors::cors(&origins)))
            .wrap(from_fn(edge::guard))
    });
    let server = if options.workers > 0 { server.workers(options.workers) } else { server };
    let server = server.client_request_timeout(options.deadline.min(HEADERS_WITHIN)).max_connections(options.connections);
    let server = server.tls_handshake_timeout(HEADERS_WITHIN).shutdown_timeout(options.shutdown_seconds).disable_signals();
    let server = match &options.tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls.0.clone())?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// Serves `/metrics` alone on `listener`.
pub fn serve_metrics(listener: TcpListener, services: Services) -> std::io::Result<actix_web::dev::Server> {
    let services = web::Data::new(services);
    let server = HttpServer::new(move || App::new().app_data(services.clone()).service(health::metrics).wrap(from_fn(edge::guard)));
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}
