//! Who asks, and what they may do (contract §1, the table of permissions).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{Error, Result};
use crate::id::{EmployeeId, ExternalUserId, OrganizationId, ServiceKeyId};
use crate::input::{FromInput, Rule};
use crate::status::Role;
use crate::time::Zone;

/// Who makes a request. Everything it sees and touches is of its organization.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The tenant.
    pub organization: OrganizationId,
    /// The tenant's clocks.
    pub zone: Zone,
    /// The person or machine.
    pub actor: Actor,
}

/// The person or machine behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member of the staff, with the role its token carries.
    Employee {
        /// Who.
        id: EmployeeId,
        /// The lesser of the employee's role and the token's.
        role: Role,
    },
    /// A machine client.
    Key {
        /// Which key.
        id: ServiceKeyId,
        /// What the key may.
        scopes: Vec<Scope>,
    },
    /// A customer who signed in through a license; sees only the appointments it is a publisher of.
    Publisher {
        /// Who.
        id: ExternalUserId,
        /// The number by which appointments know it.
        customer_id_num: String,
    },
    /// The command line, or Frontdesk itself.
    System,
}

impl Actor {
    /// The word and number for the actor in history, events and kept answers.
    #[must_use]
    pub fn label(&self) -> (&'static str, Option<i64>) {
        match self {
            Self::Employee { id, .. } => ("employee", Some(id.0)),
            Self::Key { id, .. } => ("service_key", Some(id.0)),
            Self::Publisher { id, .. } => ("external_user", Some(id.0)),
            Self::System => ("system", None),
        }
    }
}

/// Something a service key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Scope {
    /// Read tickets and interactions.
    #[serde(rename = "tickets:read")]
    TicketsRead,
    /// Create and change tickets and interactions.
    #[serde(rename = "tickets:write")]
    TicketsWrite,
    /// Delete tickets.
    #[serde(rename = "tickets:delete")]
    TicketsDelete,
    /// Read call tasks.
    #[serde(rename = "call_tasks:read")]
    CallTasksRead,
    /// Create and change call tasks.
    #[serde(rename = "call_tasks:write")]
    CallTasksWrite,
    /// Read appointments.
    #[serde(rename = "appointments:read")]
    AppointmentsRead,
    /// Create and change appointments.
    #[serde(rename = "appointments:write")]
    AppointmentsWrite,
    /// Read contacts.
    #[serde(rename = "contacts:read")]
    ContactsRead,
    /// Create, change and delete contacts.
    #[serde(rename = "contacts:write")]
    ContactsWrite,
    /// Read employees and look-ups.
    #[serde(rename = "directory:read")]
    DirectoryRead,
    /// Create, change and delete look-ups.
    #[serde(rename = "directory:write")]
    DirectoryWrite,
    /// Read events.
    #[serde(rename = "events:read")]
    EventsRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 12] = [
        Self::TicketsRead,
        Self::TicketsWrite,
        Self::TicketsDelete,
        Self::CallTasksRead,
        Self::CallTasksWrite,
        Self::AppointmentsRead,
        Self::AppointmentsWrite,
        Self::ContactsRead,
        Self::ContactsWrite,
        Self::DirectoryRead,
        Self::DirectoryWrite,
        Self::EventsRead,
    ];

    /// The word for it, such as `tickets:read`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::TicketsRead => "tickets:read",
            Self::TicketsWrite => "tickets:write",
            Self::TicketsDelete => "tickets:delete",
            Self::CallTasksRead => "call_tasks:read",
            Self::CallTasksWrite => "call_tasks:write",
            Self::AppointmentsRead => "appointments:read",
            Self::AppointmentsWrite => "appointments:write",
            Self::ContactsRead => "contacts:read",
            Self::ContactsWrite => "contacts:write",
            Self::DirectoryRead => "directory:read",
            Self::DirectoryWrite => "directory:write",
            Self::EventsRead => "events:read",
        }
    }

    /// The scope of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

impl FromInput for Scope {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        let known = || Rule::OneOf(Self::ALL.map(Self::word).to_vec().into());
        value.as_str().and_then(Self::of_word).ok_or_else(known)
    }
}

/// What an operation needs of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Any person who signed in: about one's own token.
    SignedIn,
    /// Any member of the staff: about oneself.
    Staff,
    /// Read tickets and interactions.
    ReadTickets,
    /// Create and change tickets and interactions.
    WriteTickets,
    /// Delete tickets.
    DeleteTickets,
    /// Read call tasks.
    ReadCallTasks,
    /// Create and change call tasks.
    WriteCallTasks,
    /// Read appointments; a publisher reads its own.
    ReadAppointments,
    /// Read what became of appointments and their people; no publisher does.
    ReadAppointmentHistory,
    /// Create and change appointments.
    WriteAppointments,
    /// Finish and cancel appointments; an agent those it moderates.
    CloseAppointments,
    /// Read contacts.
    ReadContacts,
    /// Create and change contacts.
    WriteContacts,
    /// Delete contacts.
    DeleteContacts,
    /// Read employees and look-ups.
    ReadDirectory,
    /// Create, change and delete look-ups.
    WriteDirectory,
    /// Read events.
    ReadEvents,
    /// Employees, licenses, service keys, webhooks, the organization; events of these secrets and webhooks.
    Administer,
}

impl Permission {
    fn role(self) -> Role {
        match self {
            Self::DeleteTickets | Self::DeleteContacts | Self::WriteDirectory => Role::Supervisor,
            Self::Administer => Role::Admin,
            _ => Role::Agent,
        }
    }

    fn scope(self) -> Option<Scope> {
        match self {
            Self::ReadTickets => Some(Scope::TicketsRead),
            Self::WriteTickets => Some(Scope::TicketsWrite),
            Self::DeleteTickets => Some(Scope::TicketsDelete),
            Self::ReadCallTasks => Some(Scope::CallTasksRead),
            Self::WriteCallTasks => Some(Scope::CallTasksWrite),
            Self::ReadAppointments | Self::ReadAppointmentHistory => Some(Scope::AppointmentsRead),
            Self::WriteAppointments => Some(Scope::AppointmentsWrite),
            Self::ReadContacts => Some(Scope::ContactsRead),
            Self::WriteContacts | Self::DeleteContacts => Some(Scope::ContactsWrite),
            Self::ReadDirectory => Some(Scope::DirectoryRead),
            Self::WriteDirectory => Some(Scope::DirectoryWrite),
            Self::ReadEvents => Some(Scope::EventsRead),
            Self::SignedIn | Self::Staff | Self::CloseAppointments | Self::Administer => None,
        }
    }
}

impl Caller {
    /// The command line at work on an organization.
    #[must_use]
    pub fn system(organization: OrganizationId, zone: Zone) -> Self {
        Self { organization, zone, actor: Actor::System }
    }

    /// Whether the caller's role or scopes allow it. Ownership is judged where the record is known.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match &self.actor {
            Actor::Employee { role, .. } => role.rank() >= permission.role().rank(),
            Actor::Key { scopes, .. } => permission.scope().is_some_and(|scope| scopes.contains(&scope)),
            Actor::Publisher { .. } => matches!(permission, Permission::SignedIn | Permission::ReadAppointments),
            Actor::System => true,
        }
    }

    /// [`Error::Forbidden`] unless the caller may.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The employee who asks, if it is one: the creater of what it creates.
    #[must_use]
    pub fn employee(&self) -> Option<EmployeeId> {
        match self.actor {
            Actor::Employee { id, .. } => Some(id),
            _ => None,
        }
    }
}
