"""Seeded stores: made by `frontdesk import`, kept for the next run, and copied for each server."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import time

import seed
from machine import HERE, Server, run

ROOT = HERE.parent.parent
PASSWORD = "of the benchmark alone"


class Frontdesk:
    """The program, and the folder it works in."""

    def __init__(self, program, folder):
        self.program, self.folder = pathlib.Path(program).resolve(), pathlib.Path(folder)

    def env(self, url):
        return {"FRONTDESK__DATABASE__URL": url, "FRONTDESK__LOG__LEVEL": "warn", "FRONTDESK__SERVER__LISTEN": "127.0.0.1:{port}"}

    def run(self, url, *arguments, text=None):
        return run([self.program, *arguments], env={**os.environ, **self.env(url)}, input=text)

    def serve(self, url, name="frontdesk"):
        return Server(self.folder, name, [self.program, "serve"], self.env(url))

    def prepare(self, url):
        """Gives the administrator a password."""
        self.run(url, "admin", "employee", "set-password", "--employee-no", "admin", "--password-stdin", text=PASSWORD)


def token(server):
    status, text = server.ask("POST", "/api/v1/auth", {"name": "admin", "password": PASSWORD, "ttl": 1440})
    if status != 200:
        raise SystemExit(f"no sign-in: {status} {text}")
    return re.search(r'"access_token":"([^"]+)"', text)[1]


def fingerprint():
    """Changes where other rows would be made, or other tables."""
    hashed = hashlib.sha256()
    for file in [HERE / "seed.py", *sorted((ROOT / "migration/src").glob("*.rs")), *sorted((ROOT / "crates").glob("*/src/**/import.rs"))]:
        hashed.update(file.read_bytes())
    return hashed.hexdigest()[:12]


def records(folder, rows):
    """The file of the records."""
    path = folder / f"{rows}-{hashlib.sha256((HERE / 'seed.py').read_bytes()).hexdigest()[:12]}.ndjson"
    if not path.exists():
        with open(f"{path}.part", "w", encoding="utf-8") as out:
            subprocess.run(["python3", seed.__file__, str(rows)], stdout=out, check=True)
        os.rename(f"{path}.part", path)
    return path


def imported(frontdesk, url, folder, rows):
    """Fills an empty store; prints how long that took."""
    file, begun = records(folder, rows), time.monotonic()
    frontdesk.run(url, "migrate")
    told = frontdesk.run(url, "import", file)
    print(f"import of {rows} tickets and call tasks to {url.partition(':')[0]}: {time.monotonic() - begun:.0f} s{told and ': ' + told.strip()}", flush=True)
    frontdesk.prepare(url)


def sqlite(frontdesk, folder, rows):
    """A seeded SQLite file, of which copies are used."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{rows}-{fingerprint()}.db"
    if not path.exists():
        for old in folder.glob(f"{rows}-*.db*"):
            old.unlink()
        new = folder / f"{rows}.new"
        for part in folder.glob(f"{rows}.new*"):
            part.unlink()
        imported(frontdesk, f"sqlite://{new}", folder, rows)
        # What an ended program left in its log is in the file then.
        run(["python3", "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)')", new])
        new.rename(path)
    return path


def copy(path, to):
    """A copy; without taking the space again where the file system can."""
    for name in (to, f"{to}-wal", f"{to}-shm"):
        pathlib.Path(name).unlink(missing_ok=True)
    run(["cp", "--reflink=auto", path, to])
    return to


class Postgres:
    """The private server that TEST_DATABASE_URL names."""

    def __init__(self, url):
        self.url = url
        self.folder = pathlib.Path(re.search(r"host=([^&]+)", url)[1])
        self.pid = int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def of(self, name, scheme="postgres"):
        return re.sub(r"^\w+://([^/?]*)/[^?]*", rf"{scheme}://\1/{name}", self.url)

    def psql(self, name):
        return lambda sql: run(["psql", self.of(name), "-qtAX", "-v", "ON_ERROR_STOP=1", "-c", sql]).splitlines()

    def create(self, name, template="template0"):
        self.psql("postgres")(f"CREATE DATABASE {name} TEMPLATE {template}")

    def log(self):
        return (self.folder / "log").read_text(errors="replace")


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
