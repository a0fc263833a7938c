//! Limits that several servers on one PostgreSQL hold together.

use frontdesk_api::{Rate, ServeOptions};
use futures_util::future::join_all;
use sea_orm::DbBackend;
use serde_json::{Value, json};
use time::Duration;

use crate::harness::app::{App, options};
use crate::harness::relay::Relay;
use crate::harness::world::{PASSWORD, WORLD};
use crate::harness::{eventually, number, sql};

/// Everybody may ask three times, and then once every ten seconds.
fn limited() -> ServeOptions {
    ServeOptions { rate: Rate { per_minute: 6, burst: 3 }, ..options() }
}

/// Two servers on one database; none where servers share none.
async fn two(options: &ServeOptions) -> Option<[App; 2]> {
    let one = App::with(options.clone());
    let shared = one.db().await.backend() == DbBackend::Postgres;
    shared.then(|| {
        let other = one.beside_held_to(options.clone());
        [one, other]
    })
}

/// The seconds until the caller's bucket is full, as the answer to a request says, and whether that was allowed.
async fn ask(app: &App) -> (i64, bool) {
    let answer = app.agent().get("/api/v1/sponsor/1").await;
    (answer.header("ratelimit-reset").parse().unwrap(), answer.status == 200)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_allowed_another_does_not() {
    let Some([one, other]) = two(&limited()).await else { return };
    let db = one.db().await;
    let begun = one.world.now().unix_timestamp();
    let told = async |requests: i64| {
        let full_at = "SELECT COALESCE(MAX(full_at), 0) AS n FROM request_rate";
        eventually("no request is lost", async || number(&db.read(), full_at).await == (begun + 10 * requests) * 1_000_000).await;
    };
    let mut allowed = 0;
    // By its own requests alone a server is never more than thirty seconds behind.
    let mut until_it_knows = async |app: &App| {
        eventually("a server knows what another allowed", async || {
            let (reset, good) = ask(app).await;
            allowed += i64::from(good);
            !good && reset > 30
        })
        .await;
        allowed
    };
    for _ in 0..3 {
        assert!(ask(&one).await.1);
    }
    told(3).await;
    let at_other = until_it_knows(&other).await;
    told(3 + at_other).await;
    assert!((1..=3).contains(&at_other), "a server lets nobody ask more often than the burst: {at_other}");
    one.world.advance(Duration::seconds(10));
    let all = 3 + until_it_knows(&one).await;
    told(all).await;
    assert!(all <= 7, "{all} were allowed");
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM request_rate WHERE LENGTH(who) = 64").await, 1);
    assert_eq!(db.forget_limits(one.world.now()).await.unwrap(), 0);
    assert_eq!(db.forget_limits(one.world.now() + Duration::minutes(10)).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_holds_while_the_database_is_gone() {
    let database = WORLD.copy();
    if database.open().await.backend() != DbBackend::Postgres {
        return;
    }
    let (mut relay, url) = Relay::to_database(database.url());
    let app = App::on_held_to(database.reached_by(url), limited());
    relay.cut();
    for status in [404, 404, 404, 429, 429] {
        app.anonymous().get("/none").await.is(status);
    }
    app.world.advance(Duration::seconds(10));
    app.anonymous().get("/none").await.is(404);
    app.anonymous().get("/none").await.is(429);
}

async fn sign_in(app: &App, password: &str) -> u16 {
    let login: Value = json!({"name": "agent@main", "password": password});
    app.anonymous().post("/api/v1/auth", login).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_are_counted_at_all_servers() {
    let Some(both) = two(&options()).await else { return };
    assert_eq!(sign_in(&both[0], PASSWORD).await, 200);
    for n in 0..20 {
        assert_eq!(sign_in(&both[n % 2], "wrong").await, 401, "{n}");
    }
    for app in &both {
        assert_eq!([sign_in(app, "wrong").await, sign_in(app, PASSWORD).await], [429, 429]);
    }
    both[0].world.advance(Duration::seconds(60));
    for app in both.iter().rev() {
        assert_eq!(sign_in(app, PASSWORD).await, 200);
    }
    // Whoever goes on waits longer, wherever.
    for n in 0..20 {
        assert_eq!(sign_in(&both[n % 2], "wrong").await, 401);
    }
    // This one waits until the last of them is counted.
    assert_eq!(sign_in(&both[0], PASSWORD).await, 429);
    both[0].world.advance(Duration::seconds(60));
    assert_eq!(sign_in(&both[1], PASSWORD).await, 429);
    both[0].world.advance(Duration::seconds(60));
    assert_eq!(sign_in(&both[1], PASSWORD).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_at_all_servers_does_not_slip_through() {
    let Some(both) = two(&options()).await else { return };
    let statuses = join_all((0..60).map(async |n| sign_in(&both[n % 2], &format!("wrong {n}")).await)).await;
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 20, "{statuses:?}");
    assert_eq!(sign_in(&both[0], PASSWORD).await, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_good_sign_ins_at_once_are_no_failures() {
    let Some(both) = two(&options()).await else { return };
    let statuses = join_all((0..40).map(async |n| sign_in(&both[n % 2], PASSWORD).await)).await;
    assert_eq!(statuses, [200; 40]);
    sql(&both[0].db().await, "UPDATE failed_sign_in SET running = 20").await;
    both[0].world.advance(Duration::seconds(60));
    assert_eq!(sign_in(&both[0], PASSWORD).await, 200, "what a server that died left is forgotten");
}
