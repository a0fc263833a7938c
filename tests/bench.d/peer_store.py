"""Makes the peers' database of a copy of Frontdesk's: the same rows and indexes of the tables that the operations touch, without
the columns and tables of search, history and sign-in."""

import re
import sqlite3

TABLES = {
    "organization", "staff_group", "job_title", "department", "extension", "cti_agent", "profile", "sponsor", "employee", "contact", "category",
    "subcategory", "termination_code", "ticket", "interaction", "interaction_ticket", "call_task", "counter", "appointment",
    "appointment_moderator", "appointment_publisher",
}


def not_theirs(name):
    return name.startswith("search") or name == "caller_digits"


def sqlite(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA journal_mode = WAL")
    named = lambda kind: [(name, sql) for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite~_%' ESCAPE '~'", (kind,))]
    for name, _ in named("trigger"):
        db.execute(f'DROP TRIGGER "{name}"')
    # Python's SQLite may be older than what virtual tables were made with; what they consist of are plain tables to it.
    db.execute("PRAGMA writable_schema = ON")
    db.execute("DELETE FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL %'")
    db.execute("PRAGMA writable_schema = RESET")
    for name, _ in named("table"):
        if name not in TABLES:
            db.execute(f'DROP TABLE IF EXISTS "{name}"')
    for table in ("ticket", "call_task"):
        for column in [row[1] for row in db.execute(f"PRAGMA table_info({table})") if not_theirs(row[1])]:
            for index, sql in named("index"):
                if sql and re.search(rf"\b{column}\b", sql) and re.search(rf'\bON "?{table}\b', sql):
                    db.execute(f'DROP INDEX "{index}"')
            db.execute(f'ALTER TABLE {table} DROP COLUMN "{column}"')
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("ANALYZE")
    db.close()


def postgres(psql):
    """`psql` runs a text and answers its rows."""
    tables = psql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for name in tables:
        if name not in TABLES:
            psql(f'DROP TABLE "{name}" CASCADE')
    for table in ("ticket", "call_task"):
        for column in psql(f"SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"):
            if not_theirs(column):
                psql(f'ALTER TABLE {table} DROP COLUMN "{column}"')
    psql("VACUUM (ANALYZE)")
