//! A store on PostgreSQL: its backup is an archive of `pg_dump`, which PostgreSQL's own programs write and read.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use frontdesk_core::world::World;
use frontdesk_store::Db;
use frontdesk_store::verify::Report;
use percent_encoding::percent_decode_str;
use url::Url;

use super::{come_back, known};
use crate::settings::Settings;

/// Writes one state of the database into a file.
pub(super) async fn backup(url: &str, to: &Path) -> Result<()> {
    let options = ["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--file"].map(OsStr::new);
    let mut dump = program("pg_dump", url)?;
    run(dump.args(options).arg(to)).await
}

/// Puts a backup into an empty database, in one transaction.
pub(super) async fn restore(settings: &Settings, world: &World, backup: &Path) -> Result<Report> {
    known(&frontdesk_migration::judge(&steps(backup)?), backup)?;
    let db = Db::open(&settings.database.url, &settings.options()).await?;
    let report = fill(&db, settings, world, backup).await;
    db.close().await;
    report
}

async fn fill(db: &Db, settings: &Settings, world: &World, backup: &Path) -> Result<Report> {
    if !frontdesk_store::backup::is_blank(db).await? {
        bail!("the database is not empty; a backup is restored into one that was just made");
    }
    let mut restore = program("pg_restore", &settings.database.url)?;
    // An empty name is that of the environment.
    let options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password", "--dbname="];
    run(restore.args(options).arg(backup)).await?;
    come_back(db, world).await
}

/// The steps of the schema that a backup has.
fn steps(backup: &Path) -> Result<Vec<String>> {
    let options = ["--data-only", "--table=seaql_migrations", "--file=-"];
    let output = Command::new("pg_restore").args(options).arg(backup).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| missing("pg_restore", error))?;
    if !output.status.success() {
        bail!("{} is damaged", backup.display());
    }
    let text = String::from_utf8(output.stdout).context("a backup with strange steps")?;
    let rows = text.lines().skip_while(|line| !line.starts_with("COPY ")).skip(1).take_while(|line| *line != "\\.");
    Ok(rows.map(|row| row.split('\t').next().unwrap_or_default().to_owned()).collect())
}

/// One of PostgreSQL's programs, told of the database by its environment: arguments can be read by everybody on the machine.
fn program(name: &str, url: &str) -> Result<Command> {
    let mut command = Command::new(name);
    command.envs(parameters(url)?).stdin(Stdio::null());
    Ok(command)
}

/// What a database URL says, by the names of the environment variables of PostgreSQL's programs.
fn parameters(url: &str) -> Result<Vec<(&'static str, String)>> {
    let url = Url::parse(url).map_err(|_| anyhow!("the database URL is wrong"))?;
    let text = |text: &str| Ok::<_, anyhow::Error>(percent_decode_str(text).decode_utf8()?.into_owned());
    let host = url.host_str().unwrap_or_default();
    let mut all = vec![("PGHOST", text(host.trim_matches(['[', ']']))?)];
    all.push(("PGPORT", url.port().map(|port| port.to_string()).unwrap_or_default()));
    all.push(("PGUSER", text(url.username())?));
    all.push(("PGPASSWORD", text(url.password().unwrap_or_default())?));
    all.push(("PGDATABASE", text(url.path().trim_start_matches('/'))?));
    for (key, value) in url.query_pairs() {
        let name = match &*key {
            "host" | "hostaddr" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            "options" => "PGOPTIONS",
            _ => continue,
        };
        all.retain(|(known, _)| *known != name);
        all.push((name, value.into_owned()));
    }
    all.retain(|(_, value)| !value.is_empty());
    Ok(all)
}

/// A program that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut running = Running(command.spawn().map_err(|error| missing(&name, error))?);
    loop {
        match running.0.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => bail!("{name} failed: {status}"),
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn missing(program: &str, error: std::io::Error) -> anyhow::Error {
    if error.kind() == ErrorKind::NotFound {
        return anyhow!("{program} is missing: install the client programs of PostgreSQL (on Debian: apt-get install postgresql-client)");
    }
    anyhow::Error::new(error).context(format!("cannot run {program}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(url: &str) -> Vec<String> {
        parameters(url).unwrap().into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn what_a_url_says_goes_into_the_environment() {
        assert_eq!(
            said("postgres://ann:p%40ss%2Fword@db.example:5433/desk"),
            ["PGHOST=db.example", "PGPORT=5433", "PGUSER=ann", "PGPASSWORD=p@ss/word", "PGDATABASE=desk"]
        );
        assert_eq!(said("postgres://ann@[::1]/desk?sslmode=require"), ["PGHOST=::1", "PGUSER=ann", "PGDATABASE=desk", "PGSSLMODE=require"]);
        let socket = said("postgres://localhost/a?host=/run/pg&dbname=b&user=u&password=p%20q&statement-cache-capacity=3");
        assert_eq!(socket, ["PGHOST=/run/pg", "PGDATABASE=b", "PGUSER=u", "PGPASSWORD=p q"]);
        assert_eq!(said("postgres://"), [""; 0]);
    }

    #[test]
    fn arguments_tell_nothing_of_it() {
        let command = program("pg_dump", "postgres://ann:secret@db.example/desk").unwrap();
        assert_eq!(command.get_args().count(), 0);
        assert!(command.get_envs().any(|(name, value)| name == "PGPASSWORD" && value.is_some_and(|value| value == "secret")));
    }

    #[tokio::test]
    async fn a_program_that_is_not_there() {
        let missing = run(&mut Command::new("frontdesk-has-no-such-program")).await.unwrap_err();
        assert!(missing.to_string().contains("is missing: install the client programs of PostgreSQL"), "{missing}");
    }
}
