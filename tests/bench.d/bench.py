"""`make bench`: Frontdesk and its peers on the same data, under the same load."""

import json
import os
import pathlib
import re
import statistics
import sys
import time

import peer_store
import report
import stores
from machine import HERE, Load, Server, cpu, memory, run
from operations import MARKS, OPERATIONS, WRITES, example

SECONDS = int(os.environ.get("SECONDS_EACH", "1"))
ROUNDS = int(os.environ.get("ROUNDS", "9"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "16"))
ROWS = int(os.environ.get("ROWS", "100000"))
ONLY = os.environ.get("OPERATIONS", " ".join(OPERATIONS)).split()
PEERS = os.environ.get("PEERS", "memory bare fastapi fastify pgbench").split()
DATABASES = os.environ.get("DATABASES", "SQLite PostgreSQL").split()


class Bench:
    """One database: the servers that run, and what came of them."""

    def __init__(self, database, tools, work):
        self.database, self.tools, self.work = database, tools, work
        self.frontdesk = stores.Frontdesk(tools["frontdesk"], work)
        self.servers, self.results, self.facts = {}, {}, {}
        self.pid = None

    def stop(self):
        for server in self.servers.values():
            server.stop()

    # The stores, and who serves them.

    def sqlite(self):
        made = stores.sqlite(self.frontdesk, self.tools["stores"], ROWS)
        self.url = f"sqlite://{stores.copy(made, self.work / 'frontdesk.db')}"
        peer = stores.copy(made, self.work / "peer.db")
        peer_store.sqlite(peer)
        copies = {name: stores.copy(peer, self.work / f"{name}.db") for name in ("fastapi", "fastify", "bare")}
        self.bare = copies["bare"]
        if "fastapi" in PEERS:
            self.fastapi(f"sqlite+aiosqlite:///{copies['fastapi']}")
        if "fastify" in PEERS:
            env = {"DATABASE": copies["fastify"], "PORT": "{port}", "NODE_ENV": "production"}
            self.servers["fastify"] = Server(self.work, "fastify", ["node", self.tools["fastify"] / "server.js"], env)

    def postgres(self):
        server = self.server = stores.Postgres(os.environ["TEST_DATABASE_URL"])
        self.pid = server.pid
        server.create("frontdesk")
        self.url = server.of("frontdesk")
        stores.imported(self.frontdesk, self.url, self.tools["stores"], ROWS)
        server.psql("frontdesk")("VACUUM (ANALYZE)")
        if "fastapi" in PEERS:
            server.create("peer", "frontdesk")
            peer_store.postgres(server.psql("peer"))
            self.fastapi(server.of("peer", "postgresql+asyncpg"))

    def fastapi(self, url):
        command = [self.tools["venv"] / "bin/uvicorn", "app:app", "--host", "127.0.0.1", "--port", "{port}", "--workers", "2", "--no-access-log"]
        env = {"DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
        self.servers["fastapi"] = Server(self.work, "fastapi", command, env, HERE / "fastapi")

    # What is measured of Frontdesk alone.

    def start(self):
        """Starts Frontdesk, some times to see how long that takes."""
        server = self.servers["frontdesk"] = self.frontdesk.serve(self.url)
        server.until("GET", "/healthz")
        self.token = stores.token(server)
        cold = []
        for _ in range(5):
            server.stop()
            begun = time.monotonic()
            server.start()
            server.until("GET", f"/api/v1/ticket/{ROWS // 2}", self.token)
            cold.append(time.monotonic() - begun)
        time.sleep(3)
        self.facts.update(cold=statistics.median(cold), idle=memory(server.pid))
        for server in self.servers.values():
            server.until("GET", "/api/v1/ticket/1", self.token)

    def check(self):
        """Everybody answers the same."""
        for operation in ONLY:
            method, path, body = example(OPERATIONS[operation][1][0], ROWS)
            said = {name: server.ask(method, path, body, self.token) for name, server in self.servers.items()}
            for name, (status, text) in said.items():
                if status != said["frontdesk"][0] or masked(text, operation) != masked(said["frontdesk"][1], operation):
                    raise SystemExit(f"{name} answers {method} {path} differently:\n{said['frontdesk']}\n{(status, text)}")

    def memorize(self):
        """The limit: Frontdesk's own answers, from memory."""
        answers = {}
        for operation in ONLY:
            lines = OPERATIONS[operation][1]
            few = 1 if operation in ("list", "task_list") else 200
            asked = [example(lines[at % len(lines)], at * ROWS // few + 20) for at in range(few)] if operation not in WRITES else [example(line, ROWS) for line in lines]
            answers[operation] = [self.servers["frontdesk"].ask(method, path, body, self.token)[1] for method, path, body in asked]
        file = self.work / "answers.json"
        file.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
        server = self.servers["memory"] = Server(self.work, "memory", [self.tools["limit"], "memory", "{port}", file])
        server.until("GET", "/api/v1/ticket")

    # The load.

    def measure(self):
        for operation in ONLY:
            load, row = Load(OPERATIONS[operation][1]), self.results.setdefault(operation, {})
            for server in self.servers.values():
                load.run(server, ROWS, 1, CONNECTIONS, self.token)
            for _ in range(ROUNDS):
                for name, server in self.servers.items():
                    row.setdefault(name, []).append(load.run(server, ROWS, SECONDS, CONNECTIONS, self.token, self.pid))
                for name, alone in (("bare", self.alone), ("pgbench", self.pgbench)):
                    if name in PEERS and (told := alone(operation)):
                        row.setdefault(name, []).append(told)
            said = "  ".join(f"{name} {statistics.median(one['rate'] for one in rounds):.0f}/s" for name, rounds in row.items())
            print(f"{self.database} {operation}: {said}", flush=True)
            if any(one["refused"] for one in row["frontdesk"]):
                raise SystemExit(f"Frontdesk refuses {operation}")
        self.facts["memory"] = {name: memory(server.pid) for name, server in self.servers.items()}

    def alone(self, operation):
        """The SQL in a loop, without a server."""
        if self.database != "SQLite" or operation not in ("get", "list", "create"):
            return None
        before = os.times()
        told = json.loads(run([self.tools["limit"], {"create": "insert"}.get(operation, operation), self.bare, SECONDS]))
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        return {**told, "rate": told["requests"] / told["seconds"], "cpu": spent * 1e6 / told["requests"], "database_cpu": 0}

    def pgbench(self, operation):
        """The statements of a GET as Frontdesk sent them, by pgbench."""
        if self.database != "PostgreSQL" or operation != "get":
            return None
        file = self.work / "get.sql"
        if not file.exists():
            file.write_text(self.statements())
        before = cpu(self.pid)
        told = run(["pgbench", "-n", "-f", file, "-M", "prepared", "-c", CONNECTIONS, "-j", 2, "-T", SECONDS, "-d", self.server.of("frontdesk")])
        rate, done = float(re.search(r"tps = ([\d.]+)", told)[1]), int(re.search(r"transactions actually processed: (\d+)", told)[1])
        return {"rate": rate, "requests": done, "cpu": 0, "database_cpu": (cpu(self.pid) - before) * 1e6 / done, "p50": None, "p99": None}

    def statements(self):
        """What Frontdesk asked the database for one ticket, with the id left open."""
        ticket, psql, server = ROWS // 2 + 1, self.server.psql("postgres"), self.servers["frontdesk"]
        psql("ALTER DATABASE frontdesk SET log_statement = 'all'")
        one = self.frontdesk.serve(self.url, "logged")
        one.until("GET", "/healthz")
        # Only what is asked once everything is warm.
        for _ in range(30):
            one.ask("GET", f"/api/v1/ticket/{ticket - 1}", token=self.token)
        begun = len(self.server.log())
        one.ask("GET", f"/api/v1/ticket/{ticket}", token=self.token)
        time.sleep(0.2)
        told = self.server.log()[begun:]
        one.stop()
        psql("ALTER DATABASE frontdesk RESET log_statement")
        made = []
        for sql, details in re.findall(r"LOG:  execute [^:]+: ((?:.|\n(?!\d{4}-))*)(?:\n[^\n]*DETAIL:  parameters: ([^\n]*))?", told):
            values = dict(re.findall(r"(\$\d+) = ('(?:[^']|'')*'|NULL)", details or ""))
            sql = re.sub(r"\$\d+", lambda at: values.get(at[0], "NULL"), sql).replace(f"'{ticket}'", ":id")
            made.append(" ".join(sql.split()) + ";\n")
        if not made:
            raise SystemExit(f"no statements in the log of PostgreSQL: {told[:1000]}")
        return f"\\set id random(1, {ROWS})\n" + "".join(made)

    def two(self):
        """Two servers on one PostgreSQL carry as much as one, with as many connections together."""
        second = self.servers["second"] = self.frontdesk.serve(self.url, "second")
        second.until("GET", "/api/v1/ticket/1", self.token)
        first, found = self.servers["frontdesk"], {}
        for operation in [name for name in ("get", "create") if name in ONLY]:
            load, one, both = Load(OPERATIONS[operation][1]), [], []
            for _ in range(ROUNDS):
                one.append(load.run(first, ROWS, SECONDS, CONNECTIONS, self.token)["rate"])
                running = [load.start(server, ROWS, SECONDS, max(1, CONNECTIONS // 2), self.token) for server in (first, second)]
                both.append(sum(told["requests"] / told["seconds"] for told in map(load.finish, running)))
            found[operation] = (statistics.median(one), statistics.median(both))
        self.facts["two"] = found
        self.servers.pop("second").stop()


def masked(text, operation):
    """An answer without what differs from store to store."""
    if operation in WRITES:
        text = re.sub(r'"(created_at|updated_at)":"[^"]*"', r'"\1":""', text)
        text = re.sub(r'"(subject|call_id|status_memo)":"[^"]*"', r'"\1":""', text)
        text = re.sub(r'^(\{(?:"data":\{)?"id":)("[^"]*"|\d+)', r"\1", re.sub(r'"task_num":"\d+"', "", text))
    # PostgreSQL's rows of the look-ups were made a moment apart from SQLite's, but here all stores are copies.
    return text


def bench(database, tools, work):
    one = Bench(database, tools, work)
    try:
        one.sqlite() if database == "SQLite" else one.postgres()
        one.start()
        one.check()
        if database == "SQLite" and "memory" in PEERS:
            one.memorize()
        one.measure()
        if database == "PostgreSQL":
            one.two()
        one.facts["binary"] = pathlib.Path(tools["frontdesk"]).stat().st_size / 1e6
        return one
    finally:
        one.stop()


def main():
    if ROWS < 10_000:
        raise SystemExit("ROWS must be 10000 or more")
    tools = {name: pathlib.Path(os.environ[f"BENCH_{name.upper()}"]).resolve() for name in ("frontdesk", "limit", "venv", "fastify", "stores", "out")}
    done = {}
    for database in DATABASES:
        work = tools["out"] / "work"
        stores.remove(work)
        work.mkdir(parents=True)
        one = done[database] = bench(database, tools, work)
        stores.remove(work)
        print(report.text(one.database, one.results, one.facts, MARKS), flush=True)
    report.write(tools["out"], done, MARKS, {"rows": ROWS, "connections": CONNECTIONS, "seconds": SECONDS, "rounds": ROUNDS})


if __name__ == "__main__":
    sys.exit(main())
