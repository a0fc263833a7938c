//! A relay in front of a server, which can be cut like a cable.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use reqwest::Url;

/// When a connection breaks by itself, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// The client's bytes come by, which the server never sees.
    Before(&'static str),
    /// The server has seen the client's bytes and answered, which the client never sees.
    After(&'static str),
}

/// A port that leads to a server.
pub(crate) struct Relay {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    target: Option<Target>,
    ended: bool,
    breaks: Option<Break>,
    lines: Vec<TcpStream>,
}

#[derive(Clone)]
enum Target {
    Port(String),
    Socket(String),
}

/// Either end of a line.
trait End: Read + Write + Send + 'static {
    fn twin(&self) -> Box<dyn End>;
    fn hang_up(&self);
}

impl End for TcpStream {
    fn twin(&self) -> Box<dyn End> {
        Box::new(self.try_clone().unwrap())
    }

    fn hang_up(&self) {
        let _ = self.shutdown(Shutdown::Both);
    }
}

impl End for UnixStream {
    fn twin(&self) -> Box<dyn End> {
        Box::new(self.try_clone().unwrap())
    }

    fn hang_up(&self) {
        let _ = self.shutdown(Shutdown::Both);
    }
}

impl Relay {
    /// A relay to the PostgreSQL server of a URL, and the URL through it.
    pub(crate) fn to_database(url: &str) -> (Self, String) {
        let mut url = Url::parse(url).unwrap();
        let folder = url.query_pairs().find(|(name, _)| name == "host").map(|(_, folder)| folder.into_owned());
        let (host, port) = (url.host_str().unwrap_or("localhost").to_owned(), url.port().unwrap_or(5432));
        let relay = Self::start(match folder {
            Some(folder) => Target::Socket(format!("{folder}/.s.PGSQL.{port}")),
            None => Target::Port(format!("{host}:{port}")),
        });
        url.set_query(None);
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(relay.port)).unwrap();
        (relay, url.into())
    }

    /// A relay to an HTTP server, and its address through it.
    pub(crate) fn to_http(url: &str) -> (Self, String) {
        let relay = Self::start(Target::Port(url.trim_start_matches("http://").to_owned()));
        let url = format!("http://127.0.0.1:{}", relay.port);
        (relay, url)
    }

    fn start(target: Target) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { target: Some(target), ..State::default() }));
        let mut relay = Self { port, state, thread: None };
        relay.listen(listener);
        relay
    }

    fn listen(&mut self, listener: TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let state = self.state.clone();
        self.thread = Some(thread::spawn(move || {
            while !state.lock().unwrap().ended {
                match listener.accept() {
                    Ok((client, _)) => connect(client, &state),
                    Err(_) => thread::sleep(Duration::from_millis(2)),
                }
            }
        }));
    }

    /// Breaks every line; new ones are taken.
    pub(crate) fn shake(&self) {
        self.state.lock().unwrap().lines.drain(..).for_each(|line| line.hang_up());
    }

    /// Breaks every line; new ones are refused until [`Relay::mend`].
    pub(crate) fn cut(&mut self) {
        self.state.lock().unwrap().ended = true;
        // The port is closed when the thread has ended.
        self.thread.take().into_iter().for_each(|thread| thread.join().unwrap());
        self.shake();
    }

    /// Takes connections again.
    pub(crate) fn mend(&mut self) {
        self.state.lock().unwrap().ended = false;
        self.listen(TcpListener::bind(("127.0.0.1", self.port)).unwrap());
    }

    /// Breaks the next line that this fits.
    pub(crate) fn break_at(&self, at: Break) {
        self.state.lock().unwrap().breaks = Some(at);
    }

    /// Whether what was to break is broken.
    pub(crate) fn broke(&self) -> bool {
        self.state.lock().unwrap().breaks.is_none()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.cut();
    }
}

fn connect(client: TcpStream, state: &Arc<Mutex<State>>) {
    client.set_nonblocking(false).unwrap();
    let target = state.lock().unwrap().target.clone();
    let server: Box<dyn End> = match target.unwrap() {
        Target::Port(address) => Box::new(TcpStream::connect(address).unwrap()),
        Target::Socket(path) => Box::new(UnixStream::connect(path).unwrap()),
    };
    state.lock().unwrap().lines.push(client.try_clone().unwrap());
    let muted = Arc::new(Mutex::new(false));
    let (back, deaf) = (server.twin(), muted.clone());
    let answers = client.twin();
    thread::spawn(move || pass_back(back, answers, &deaf));
    let state = state.clone();
    thread::spawn(move || pass_on(client, server, &state, &muted));
}

/// From the client to the server.
fn pass_on(mut client: TcpStream, mut server: Box<dyn End>, state: &Mutex<State>, muted: &Mutex<bool>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = client.read(&mut buffer) {
        let bytes = &buffer[..read];
        let fits = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        let mut state = state.lock().unwrap();
        match state.breaks {
            Some(Break::Before(word)) if fits(word) => {
                state.breaks = None;
                break;
            }
            Some(Break::After(word)) if fits(word) => {
                state.breaks = None;
                *muted.lock().unwrap() = true;
            }
            _ => {}
        }
        drop(state);
        if server.write_all(bytes).is_err() {
            break;
        }
    }
    client.hang_up();
    server.hang_up();
}

/// From the server to the client; a muted line breaks when the server answers.
fn pass_back(mut server: Box<dyn End>, mut client: Box<dyn End>, muted: &Mutex<bool>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = server.read(&mut buffer) {
        if *muted.lock().unwrap() || client.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    client.hang_up();
    server.hang_up();
}
