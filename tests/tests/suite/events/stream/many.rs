//! Many who follow, while servers come and go.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::JoinHandle;

use super::client::Client;
use super::write;
use crate::events::{end, stored};
use crate::harness::app::App;

const READERS: usize = 100;
/// Events before the server is stopped, while it is gone, and after another has come.
const EVENTS: [usize; 3] = [20, 10, 20];
const ALL: usize = EVENTS[0] + EVENTS[1] + EVENTS[2];

/// The addresses of the servers that there are.
type Servers = Arc<RwLock<Vec<String>>>;

/// Follows the events from a position on, at one server after the other, until it has all of them.
fn follow(token: String, servers: Servers, reader: usize, begin: i64) -> JoinHandle<Vec<i64>> {
    tokio::spawn(async move {
        let (mut seen, mut last, mut turn) = (vec![], begin, reader);
        while seen.len() < ALL {
            turn += 1;
            let url = servers.read().map(|servers| servers[turn % servers.len()].clone()).unwrap();
            let Some(mut stream) = Client::with(&token, &url).try_open("", Some(last)).await else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            while seen.len() < ALL
                && let Some(event) = stream.event().await
            {
                seen.push(event.id);
                last = event.id;
            }
        }
        seen
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_readers_go_on_without_gap_or_double_when_a_server_goes() {
    let app = App::new();
    let begin = end(&app.agent()).await;
    let beside = app.beside();
    let servers: Servers = Arc::new(RwLock::new(vec![app.url.clone(), beside.url.clone()]));
    let token = app.agent().token().to_owned();
    let readers: Vec<_> = (0..READERS).map(|reader| follow(token.clone(), servers.clone(), reader, begin)).collect();
    for n in 0..EVENTS[0] {
        write(if n.is_multiple_of(2) { &app } else { &beside }, "before").await;
    }
    // As if it were killed: nothing is said to anybody.
    tokio::task::block_in_place(|| drop(app));
    for _ in 0..EVENTS[1] {
        write(&beside, "without").await;
    }
    let again = beside.beside();
    servers.write().unwrap()[0].clone_from(&again.url);
    for n in 0..EVENTS[2] {
        write(if n.is_multiple_of(2) { &again } else { &beside }, "after").await;
    }
    let expected = stored(&beside, begin).await;
    assert_eq!(expected.len(), ALL);
    for seen in join_all(readers).await {
        assert_eq!(seen.unwrap(), expected);
    }
}
