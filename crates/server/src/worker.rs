//! What is done after writes: within `serve`, or apart by `worker`. Any number of servers and workers may do it at once on one
//! PostgreSQL.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_appointments::Notifications;
use frontdesk_callcenter::{CallTaskDueDates, Processor};
use frontdesk_core::Result;
use frontdesk_core::world::World;
use frontdesk_events::Deliveries;
use frontdesk_mail::Mailer;
use frontdesk_store::{Db, Waker};
use frontdesk_ticketing::TicketDueDates;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::fault;
use crate::settings::Settings;

/// How long it waits before it looks for what other servers have written.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// How long it lets writes gather before it looks what follows from them.
const GATHERS: Duration = Duration::from_millis(50);
/// How often tasks are looked for that wait without a job.
const ADOPTS_EVERY: Duration = Duration::from_mins(10);
/// How long it rests after its own fault, or the database's.
const RESTS: Duration = Duration::from_secs(5);

/// Does what is due now; says whether there was something. Where the receiver says to stop it gives back what it has begun.
type Step = Arc<dyn Fn(watch::Receiver<bool>) -> Pin<Box<dyn Future<Output = Result<bool>> + Send>> + Send + Sync>;

/// The work of one process, which goes on until it is stopped.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<bool>,
    loops: JoinSet<()>,
}

impl Worker {
    /// Begins to work. Without a mailer no mail is sent.
    #[must_use]
    pub fn start(db: &Db, world: &World, settings: &Settings, mailer: Option<Mailer>) -> Self {
        let mut worker = Self { stop: watch::Sender::new(false), loops: JoinSet::new() };
        let processor = Processor::new(db.clone(), world.clone(), settings.processing());
        for _ in 0..settings.processing.at_once.max(1) {
            let processor = processor.clone();
            worker.run("calls", Pace::Wakes(db.waker()), move |stop| {
                let processor = processor.clone();
                async move { processor.step(stopped(stop)).await }
            });
        }
        worker.run("waiting calls", Pace::Every(ADOPTS_EVERY), move |_| {
            let processor = processor.clone();
            async move { processor.adopt().await.map(|_| false) }
        });
        let deliveries = Deliveries::new(db.clone(), world.clone(), settings.receivers());
        worker.run("webhooks", Pace::Wakes(db.waker()), move |_| {
            let deliveries = deliveries.clone();
            async move { deliveries.step().await }
        });
        let soon = Duration::from_mins(settings.events.due_soon_minutes.into());
        let tickets = TicketDueDates::new(db.clone(), world.clone(), soon);
        let calls = CallTaskDueDates::new(db.clone(), world.clone());
        worker.run("due dates", Pace::Wakes(db.waker()), move |_| {
            let (tickets, calls) = (tickets.clone(), calls.clone());
            async move { Ok(tickets.step().await? | calls.step().await?) }
        });
        if let Some(mailer) = mailer {
            let notifications = Notifications::new(db.clone(), world.clone(), mailer);
            worker.run("mails", Pace::Wakes(db.waker()), move |_| {
                let notifications = notifications.clone();
                async move { notifications.step().await }
            });
        } else {
            tracing::info!("there is no mail server (mail.host): what people of appointments are to be told, events alone say");
        }
        worker
    }

    /// Repeats a step: at once where there was something to do, else at its pace.
    fn run<F>(&mut self, what: &'static str, pace: Pace, step: impl Fn(watch::Receiver<bool>) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<bool>> + Send + 'static,
    {
        let step: Step = Arc::new(move |stop| Box::pin(step(stop)));
        self.loops.spawn(repeat(what, pace, step, self.stop.subscribe()));
    }

    /// Ends it: what is being done is given back, or ends within `patience`.
    pub async fn stop(mut self, patience: Duration) {
        self.stop.send_replace(true);
        let all = async { while self.loops.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("some work did not end in time; it is done again later");
        }
    }
}

/// Waits until it is to stop.
async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that whoever could say so is gone.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn repeat(what: &'static str, mut pace: Pace, work: Step, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let rested = match work(stop.clone()).await {
            Ok(true) => continue,
            Ok(false) => pace.rest(None),
            Err(error) => {
                tracing::warn!(what, error = %fault(error), "work could not be done");
                pace.rest(Some(RESTS))
            }
        };
        tokio::select! {
            () = stopped(stop.clone()) => return,
            () = rested => {}
        }
    }
}

/// When a step that had nothing to do is done again.
enum Pace {
    /// After a write of this process, else soon.
    Wakes(Waker),
    /// After this time, whatever is written.
    Every(Duration),
}

impl Pace {
    async fn rest(&mut self, longer: Option<Duration>) {
        match self {
            Self::Wakes(waker) => {
                waker.woken(longer.unwrap_or(LOOKS_EVERY)).await;
                tokio::time::sleep(GATHERS).await;
            }
            Self::Every(time) => tokio::time::sleep(longer.unwrap_or(*time)).await,
        }
    }
}
