"""Processes under load: starting and ending them, what they take of the machine, and wrk."""

import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def tree(pid):
    """A process and all that came from it and is still there."""
    found = [pid]
    for parent in found:
        try:
            tasks = os.listdir(f"/proc/{parent}/task")
        except OSError:
            continue
        for task in tasks:
            try:
                found += map(int, pathlib.Path(f"/proc/{parent}/task/{task}/children").read_text().split())
            except OSError:
                pass
    return found


def cpu(pid):
    """Seconds that a process and its children, gone ones too, have computed."""
    ticks = 0
    for each in tree(pid):
        try:
            fields = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # Its own, and that of children that have ended.
        ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS


def memory(pid):
    """MB of a process and its children: at most, now, and now without pages of files."""
    most = now = own = 0
    for each in tree(pid):
        try:
            fields = dict(re.findall(r"^(\w+):\s+(\d+) kB", pathlib.Path(f"/proc/{each}/status").read_text(), re.M))
        except OSError:
            continue
        most, now, own = most + int(fields["VmHWM"]), now + int(fields["VmRSS"]), own + int(fields["RssAnon"])
    return {"most": most / 1024, "now": now / 1024, "own": own / 1024}


class Server:
    """A server on a port of its own, with its log in the folder."""

    def __init__(self, folder, name, command, env=None, cwd=None, port=None):
        self.name, self.port = name, port or free_port()
        self.log = pathlib.Path(folder) / f"{name}.log"
        command = [str(part).replace("{port}", str(self.port)) for part in command]
        self.env = {**os.environ, **{key: str(value).replace("{port}", str(self.port)) for key, value in (env or {}).items()}}
        self.command, self.cwd = command, cwd
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, env=self.env, cwd=self.cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.pid = self.process.pid

    def ask(self, method, path, body=None, token=None):
        """Status and text of an answer."""
        status, _, text = self.answer(method, path, body, token)
        return status, text

    def answer(self, method, path, body=None, token=None):
        """Status, headers and text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body, ensure_ascii=False).encode()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def until(self, method, path, token=None, seconds=120):
        """Asks until there is an answer; how many seconds that took."""
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            try:
                self.ask(method, path, token=token)
                return time.monotonic() - begun
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.002)
        raise SystemExit(f"{self.name} does not start:\n{self.log.read_text()[-2000:]}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Load:
    """wrk's requests of one operation: `lines` are those of load.lua."""

    ROUND = int(time.time()) % 1_000_000

    def __init__(self, lines):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8")
        self.file.write("".join(f"{line}\n" for line in lines))
        self.file.flush()

    def start(self, server, rows, seconds, connections, token):
        # What is to be used once is used once in all rounds.
        Load.ROUND += 1
        command = ["wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", HERE / "load.lua"]
        command += ["-H", f"Authorization: Bearer {token}", f"http://127.0.0.1:{server.port}", "--", self.file.name, rows, Load.ROUND]
        return subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def finish(self, wrk):
        out, _ = wrk.communicate()
        try:
            return json.loads(out.strip().splitlines()[-1])
        except (IndexError, ValueError):
            raise SystemExit(f"wrk: {out}") from None

    def run(self, server, rows, seconds, connections, token, database=None):
        """What came of it; `database` is the process of a database server."""
        before = cpu(server.pid), database and cpu(database)
        told = self.finish(self.start(server, rows, seconds, connections, token))
        if told["broken"]:
            raise SystemExit(f"{server.name}: {told}")
        # Who has not answered one in this time would have a moment later.
        done, requests = max(1, told["requests"] - told["refused"]), max(1, told["requests"])
        told["rate"] = done / told["seconds"]
        if not told["requests"]:
            told.update(p50=None, p99=None)
        told["cpu"] = (cpu(server.pid) - before[0]) * 1e6 / requests
        told["database_cpu"] = (cpu(database) - before[1]) * 1e6 / requests if database else 0
        return told


def run(command, **more):
    """Runs a command that must succeed; what it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    return done.stdout
