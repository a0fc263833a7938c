//! A mail server within the test, which keeps what it is given.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use frontdesk_mail::{Encryption, Mailer, Settings};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};

/// A mail as the server got it.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Mail {
    /// Its calendar, the lines unfolded.
    pub(crate) fn calendar(&self) -> String {
        let part = self.text.split("Content-Type: text/calendar").nth(1).unwrap_or_else(|| panic!("no calendar: {}", self.text));
        let coded = part.split_once("\r\n\r\n").unwrap().1.split("\r\n--").next().unwrap();
        let calendar = String::from_utf8(BASE64_STANDARD.decode(coded.replace("\r\n", "")).unwrap()).unwrap();
        calendar.replace("\r\n ", "")
    }

    /// What its event says under a name, parameters included.
    pub(crate) fn says(&self, name: &str) -> String {
        let calendar = self.calendar();
        let event = calendar.split_once("BEGIN:VEVENT").unwrap().1;
        let mut lines = calendar.lines().take_while(|line| *line != "BEGIN:VTIMEZONE").chain(event.lines());
        let found = lines.find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with([':', ';'])));
        found.unwrap_or_else(|| panic!("no {name}: {calendar}"))[1..].to_owned()
    }

    /// To whom, by which method, of which sequence.
    pub(crate) fn told(&self) -> String {
        format!("{} {} {}", self.to, self.says("METHOD"), self.says("SEQUENCE"))
    }
}

/// The server. It runs until its runtime ends.
#[derive(Clone, Debug)]
pub(crate) struct MailServer {
    port: u16,
    taken: Arc<Mutex<Vec<Mail>>>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
    /// One permit a mail, where mails wait for the test.
    gate: Arc<Semaphore>,
    came: Arc<Notify>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            taken: Arc::default(),
            answers: Arc::default(),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            came: Arc::default(),
        };
        tokio::spawn({
            let server = server.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let server = server.clone();
                    tokio::spawn(async move { server.talk(stream).await });
                }
            }
        });
        server
    }

    /// What sends to it.
    pub(crate) fn mailer(&self) -> Mailer {
        let settings = Settings {
            host: "127.0.0.1".into(),
            port: self.port,
            encryption: Encryption::None,
            sign_in: None,
            from: "desk@example.org".into(),
            limit: Duration::from_secs(20),
        };
        Mailer::new(settings).unwrap()
    }

    /// What it says of the next recipients, one after the other; afterwards it takes everything.
    pub(crate) fn says(&self, answers: &[&'static str]) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// From now on it keeps each mail waiting for its word.
    pub(crate) fn hold(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Waits until a mail is there that it keeps waiting.
    pub(crate) async fn came(&self) {
        self.came.notified().await;
    }

    /// Lets every mail go on.
    pub(crate) fn let_go(&self) {
        self.gate.add_permits(1000);
    }

    /// What it took since the last call.
    pub(crate) fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }

    async fn talk(&self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        let (mut line, mut mail) = (String::new(), Mail { to: String::new(), text: String::new() });
        stream.write_all(b"220 test\r\n").await?;
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let answer = match line.get(..4).unwrap_or_default() {
                "RCPT" => {
                    mail.to = line.trim_end().trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                    self.answers.lock().unwrap().pop_front().unwrap_or("250 ok")
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    mail.text = body(&mut stream).await?;
                    self.came.notify_one();
                    self.gate.acquire().await.map_err(io::Error::other)?.forget();
                    self.taken.lock().unwrap().push(mail.clone());
                    "250 taken"
                }
                _ => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

async fn body(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut text = String::new();
    while !text.ends_with("\r\n.\r\n") {
        if stream.read_line(&mut text).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(text)
}
