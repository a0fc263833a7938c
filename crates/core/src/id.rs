//! Identifiers. Each kind of record has a type of its own, so that a ticket's id cannot be handed where a contact's is
//! meant.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = i64)]
        pub struct $name(pub i64);

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A tenant.
    OrganizationId,
    /// A member of the staff: moderator, operator, handler, creater.
    EmployeeId,
    /// A group of employees.
    GroupId,
    /// A job title.
    JobTitleId,
    /// A department.
    DepartmentId,
    /// A telephone extension.
    ExtensionId,
    /// An agent account of the telephone system.
    CtiAgentId,
    /// The row that an employee's or a contact's phone numbers hang on.
    ProfileId,
    /// A phone number.
    PhoneNumberId,
    /// A sponsor: the client on whose behalf the contact center answers.
    SponsorId,
    /// A customer.
    ContactId,
    /// A ticket category.
    CategoryId,
    /// A ticket sub-category.
    SubcategoryId,
    /// A detail of a ticket's status.
    TerminationCodeId,
    /// A ticket; also the `appeal_id` of a call task.
    TicketId,
    /// An entry of the service log.
    InteractionId,
    /// A video appointment; clients know it by its `task_num`.
    AppointmentId,
    /// A license of an integrating system.
    LicenseId,
    /// A key of a machine client.
    ServiceKeyId,
    /// Somebody who signed in through a license and is no employee.
    ExternalUserId,
    /// A webhook.
    WebhookId,
    /// What a webhook is told of one event.
    DeliveryId,
}

/// A task made from a call: a UUID of version 7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Uuid)]
pub struct CallTaskId(pub Uuid);

impl std::fmt::Display for CallTaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The UUID that a text names in its one usual form, with hyphens and nothing around it.
#[must_use]
pub fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// What a record is. The word stands in history and events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A tenant.
    Organization,
    /// A member of the staff.
    Employee,
    /// A group of employees.
    Group,
    /// A job title.
    JobTitle,
    /// A department.
    Department,
    /// A telephone extension.
    Extension,
    /// An agent account of the telephone system.
    CtiAgent,
    /// A phone number.
    PhoneNumber,
    /// A sponsor.
    Sponsor,
    /// A customer.
    Contact,
    /// A ticket category.
    Category,
    /// A ticket sub-category.
    Subcategory,
    /// A detail of a ticket's status.
    TerminationCode,
    /// A ticket.
    Ticket,
    /// An entry of the service log.
    InteractCollection,
    /// A task made from a call.
    CallTask,
    /// A video appointment with its people.
    Appointment,
    /// Somebody who signed in through a license and is no employee.
    ExternalUser,
    /// A license of an integrating system.
    License,
    /// A key of a machine client.
    ServiceKey,
    /// Somebody who is told of events at an address.
    Webhook,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 21] = [
        Self::Organization,
        Self::Employee,
        Self::Group,
        Self::JobTitle,
        Self::Department,
        Self::Extension,
        Self::CtiAgent,
        Self::PhoneNumber,
        Self::Sponsor,
        Self::Contact,
        Self::Category,
        Self::Subcategory,
        Self::TerminationCode,
        Self::Ticket,
        Self::InteractCollection,
        Self::CallTask,
        Self::Appointment,
        Self::ExternalUser,
        Self::License,
        Self::ServiceKey,
        Self::Webhook,
    ];

    /// The kind of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What people call a record of this kind: "job title".
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::JobTitle => "job title",
            Self::CtiAgent => "CTI agent",
            Self::PhoneNumber => "phone number",
            Self::Subcategory => "sub-category",
            Self::TerminationCode => "termination code",
            Self::InteractCollection => "interaction",
            Self::CallTask => "call task",
            Self::ExternalUser => "external user",
            Self::ServiceKey => "service key",
            other => other.word(),
        }
    }

    /// The word that stands for this kind in history, events and import files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Employee => "employee",
            Self::Group => "group",
            Self::JobTitle => "job_title",
            Self::Department => "department",
            Self::Extension => "extension",
            Self::CtiAgent => "cti_agent",
            Self::PhoneNumber => "phone_number",
            Self::Sponsor => "sponsor",
            Self::Contact => "contact",
            Self::Category => "category",
            Self::Subcategory => "subcategory",
            Self::TerminationCode => "termination_code",
            Self::Ticket => "ticket",
            Self::InteractCollection => "interact_collection",
            Self::CallTask => "call_task",
            Self::Appointment => "appointment",
            Self::ExternalUser => "external_user",
            Self::License => "license",
            Self::ServiceKey => "service_key",
            Self::Webhook => "webhook",
        }
    }
}
