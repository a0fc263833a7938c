//! Video appointments: the task itself, the staff who moderate it and the customers who take part (seeds 000 and 001).
//!
//! One service, [`Appointments`], has the verbs of all three.

pub mod import;
pub mod moderator;
pub mod moment;
pub mod notice;
pub mod publisher;
pub mod reply;
pub mod task;

pub use moderator::{AppointmentModerator, AppointmentModeratorRemoval, NewAppointmentModerator};
pub use moment::UnixTime;
pub use notice::{AppointmentNotification, Notifications};
pub use publisher::{
    AppointmentPublisher, AppointmentPublisherRemoval, AppointmentPublishersRemoval, NewAppointmentPublisher, NewAppointmentPublishers,
};
pub use reply::Reply;
pub use task::{
    Appointment, AppointmentFilter, AppointmentFinalStatus, AppointmentHistoryRequest, AppointmentNumber, AppointmentStatusChange,
    AppointmentTimeChange, Appointments, NewAppointment,
};
