//! The program under proof, as a process.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// Where the program is: `FRONTDESK`, else the release build.
pub(crate) fn path() -> PathBuf {
    env::var_os("FRONTDESK").map_or_else(|| "target/release/frontdesk".into(), PathBuf::from)
}

fn command(url: &str) -> Command {
    let mut command = Command::new(path());
    command.env("FRONTDESK__DATABASE__URL", url).env("FRONTDESK__SERVER__LISTEN", "127.0.0.1:0").env("FRONTDESK__LOG__LEVEL", "warn");
    command
}

/// Runs a subcommand to its end.
pub(crate) fn run(url: &str, arguments: &[&str]) -> Result<Output> {
    command(url).args(arguments).output().context("the program does not start")
}

/// Runs a subcommand that must succeed.
pub(crate) fn must(url: &str, arguments: &[&str]) -> Result<()> {
    let output = run(url, arguments)?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "frontdesk {}: {told}{}", arguments.join(" "), String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// A running server or worker. Dropping it kills it.
pub(crate) struct Program {
    /// Where it listens: `http://127.0.0.1:PORT`; empty for a worker.
    pub(crate) address: String,
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts `serve` on the store, without what follows from writes, and waits until it listens. Its log goes to the end of `log`.
    pub(crate) fn start(url: &str, log: &Path, before: &[&str]) -> Result<Self> {
        let err = File::options().append(true).create(true).open(log)?;
        let plain = command(url);
        let mut command = match before {
            [] => plain,
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(path());
                command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
                command
            }
        };
        let mut child = command.args(["serve", "--demo", "--migrate", "--no-worker"]).stdout(Stdio::piped()).stderr(err).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Some(address) = line.trim().strip_prefix("Frontdesk listens on ") else {
            bail!("the server did not start: {line}{}", fs::read_to_string(log)?);
        };
        Ok(Self { address: address.into(), child, log: log.into() })
    }

    /// Starts `worker` on the store, with more settings. Its log goes to the end of `log`.
    pub(crate) fn worker(url: &str, log: &Path, settings: &[(&str, String)]) -> Result<Self> {
        let err = File::options().append(true).create(true).open(log)?;
        let mut command = command(url);
        command.envs(settings.iter().map(|(name, value)| (name, value)));
        let child = command.arg("worker").stdout(Stdio::null()).stderr(err).spawn()?;
        Ok(Self { address: String::new(), child, log: log.into() })
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// `kill -TERM`; it must end well.
    pub(crate) fn stop(mut self) -> Result<()> {
        terminate(self.id())?;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_mins(1) {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the server ended with {status}: {}", self.told()?);
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the server does not end")
    }

    /// What is in the log.
    pub(crate) fn told(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }
}

/// `kill -TERM` to a process.
pub(crate) fn terminate(id: u32) -> Result<()> {
    ensure!(Command::new("kill").args(["-TERM", &id.to_string()]).status()?.success(), "no signal to {id}");
    Ok(())
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
