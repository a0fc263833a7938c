"""`make bench-scale`: the CPU that a request takes as the store grows. What an operation finds is the same at every size."""

import json
import os
import pathlib
import re
import statistics
import sys
import time
import urllib.parse

import plot
import report
import stores
from machine import Load, memory
from operations import COLD_SECONDS, WRITES, OPERATIONS
from seed import CODES, COMMON, EMPLOYEES, FEW, RARE, SPONSORS, created

SECONDS = int(os.environ.get("SECONDS_EACH", "1"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "4"))
ONLY = os.environ.get("OPERATIONS", "")
MARK = 1.5


def window(rows):
    """A span of time in which FEW records were made."""
    at = lambda i: urllib.parse.quote(created(i, rows).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return at(rows // 2), at(rows // 2 + FEW - 1)


def searches(path, parameter, more=""):
    """What is searched for: the first one, two and three characters of a word in every row, and of one in a handful."""
    for kind, words in (("frequent", COMMON), ("rare", RARE)):
        for script, word in words.items():
            for length in (1, 2, 3):
                yield f"{parameter}, {script}, {kind}, {length}", [f"GET\t{path}?{parameter}={urllib.parse.quote(word[:length])}{more}"]


def listed(path, filters):
    """Lists by filters."""
    return {name: [f"GET\t{path}?{query}"] for name, query in filters.items()}


def operations(rows):
    """By group and name: the requests. A name with a star finds more than totals are counted to, so it is shown and not judged."""
    begin, end = window(rows)
    t, c, a = "/api/v1/ticket", "/api/tasks", "/api/task/get_list"
    tickets = {"all": "", "contact_id": "contact_id=7", "statuses": "statuses=0,1", "sponsor_id": f"sponsor_id={SPONSORS}", "handler_ids": f"handler_ids={EMPLOYEES}",
               "creater_ids": f"creater_ids={EMPLOYEES}", "termination_code_ids": f"termination_code_ids={CODES}", "created_at": f"created_at__start={begin}&created_at__end={end}",
               "due_at": f"due_at__start={begin}&due_at__end={end}", "status and contact": "statuses=1&contact_id=7", "handler_ids*": "handler_ids=3,4", "sponsor_id*": "sponsor_id=1"}
    tasks = {"all": "", "status": "status=new", "include_cancelled": "include_cancelled=true", "operator_id": f"operator_id={EMPLOYEES}", "task_type": "task_type=survey",
             "priority": "priority=urgent", "appeal_id": "appeal_id=4321", "caller_phone": "caller_phone=0000007", "created_at": f"created_at__start={begin}&created_at__end={end}",
             "priority*": "priority=high", "operator_id*": "operator_id=3"}
    contacts = {"all": "", "membership_no": "membership_no=M0000007", "phone_number": "phone_number=0000007", "search of digits": "search=0000007"}
    appointments = {"all": "{}", "status": '{"status":"pending"}', "customer_id_num": '{"customer_id_num":"M0000007"}', "out_task_num": '{"out_task_num":"A-77"}',
                    "ticket_id": '{"ticket_id":77}', "emp_id*": '{"emp_id":"e3"}'}
    return {
        "one record": {"GET ticket": OPERATIONS["get"][1], "GET call task": ["GET\t/api/tasks/{call}"], "getTask": OPERATIONS["appointment_get"][1]},
        "tickets": listed(t, tickets) | {"cursor, first": [f"GET\t{t}?cursor="]},
        "call tasks": listed(c, tasks) | {"cursor, first": [f"GET\t{c}?cursor="]},
        "appointments and contacts": {f"appointments, {name}": [f"POST\t{a}\t{body}"] for name, body in appointments.items()}
        | {f"contacts, {name}": lines for name, lines in listed("/api/v1/contact", contacts).items()},
        "search of tickets": dict(searches(t, "search")),
        "search of call tasks": dict(searches(c, "search", "&include_cancelled=true")) | dict(searches(c, "q", "&include_cancelled=true")),
        "writes": {OPERATIONS[name][0]: OPERATIONS[name][1] for name in sorted(WRITES)},
    }


class Size:
    """A server over a store of a size."""

    def __init__(self, frontdesk, folder, work, rows):
        self.rows = rows
        made = stores.sqlite(frontdesk, folder, rows)
        self.bytes = made.stat().st_size
        self.url = f"sqlite://{stores.copy(made, work / f'{rows}.db')}"
        self.server = frontdesk.serve(self.url, str(rows))
        self.server.until("GET", "/healthz")
        self.token = stores.token(self.server)
        self.cold = self.again()
        self.operations = operations(rows)
        for group, path in (("tickets", "/api/v1/ticket"), ("call tasks", "/api/tasks")):
            self.operations[group]["cursor, deep"] = [f"GET\t{self.deep(path)}"]

    def again(self):
        """Starts the server anew; how long it takes to the first answer."""
        taken = []
        for _ in range(3):
            self.server.stop()
            begun = time.monotonic()
            self.server.start()
            self.server.until("GET", f"/api/v1/ticket/{self.rows // 2}", self.token)
            taken.append(time.monotonic() - begun)
        return statistics.median(taken)

    def deep(self, path):
        """The address of a page in the middle of a walk."""
        cursor = ""
        for _ in range(self.rows // 2 // 200):
            cursor = self.next(path, cursor, 200)
        return f"{path}?cursor={self.next(path, cursor, 15)}" if cursor else f"{path}?cursor="

    def next(self, path, cursor, rows):
        status, headers, _ = self.server.answer("GET", f"{path}?per_page={rows}&cursor={cursor}", token=self.token)
        link = headers.get("Link") or ""
        found = re.search(r"[?&]cursor=([^&>]+)", link)
        if not found:
            raise SystemExit(f"no next page of {path}: {status} {link}")
        return found[1]


def run(load, size):
    """What came of it in the time of a round, or in a longer one where that is not enough for one answer."""
    for seconds in (SECONDS, 10 * SECONDS, 60 * SECONDS):
        one = load.run(size.server, size.rows, seconds, CONNECTIONS, size.token)
        if one["requests"]:
            return one
    raise SystemExit(f"no answer within {60 * SECONDS} s at {size.rows}")


def measure(sizes):
    """CPU and requests by group, name and size; the sizes take turns."""
    told = {}
    for group, names in sizes[0].operations.items():
        for name in names:
            if ONLY and not re.search(ONLY, f"{group}: {name}"):
                continue
            loads = [Load(size.operations[group][name]) for size in sizes]
            runs = [[] for _ in sizes]
            for turn in range(ROUNDS + 1):
                for at, size in enumerate(sizes):
                    one = run(loads[at], size)
                    # The first turn warms up.
                    if one["refused"]:
                        raise SystemExit(f"{one['refused']} refusals of {group}: {name} at {size.rows}")
                    if turn:
                        runs[at].append(one)
            row = told.setdefault(group, {})[name] = [{key: statistics.median(one[key] for one in rounds) for key in ("cpu", "rate", "p50", "p99")} for rounds in runs]
            print(f"{group}: {name}: " + "  ".join(f"{one['cpu']:.0f} µs" for one in row), flush=True)
    return told


def growth(row):
    return [one["cpu"] / row[0]["cpu"] for one in row]


def text(told, sizes):
    rows = [size.rows for size in sizes]
    parts = [
        f"# Growing stores\n\nCPU of Frontdesk for a request at {', '.join(f'{size:,}' for size in rows)} tickets and as many call tasks, on SQLite: {report.machine()}; "
        f"{CONNECTIONS} connections, the median of {ROUNDS} rounds of {SECONDS} s in which the sizes take turns. What is found is the same at every size, but for the names with a star: "
        f"there the total grows to the limit that totals are counted to. The mark is {MARK} × between the first and the last.\n\n![growth](scale.svg)\n"
    ]
    for group, names in told.items():
        table = []
        for name, row in names.items():
            last = growth(row)[-1]
            word = "" if name.endswith("*") else "ok" if last <= MARK else "above mark"
            table.append([name, *(f"{one['cpu']:,.0f}" for one in row), f"**{last:.2f} ×**", word, report.number(row[-1]["p50"], 2), report.number(row[-1]["p99"], 2)])
        parts.append(f"## {group}\n\n" + report.table([group, *(f"{size:,}, µs" for size in rows), "last over first", "", "p50 of the last, ms", "p99"], table))
    facts = [[f"{size.rows:,}", f"{size.bytes / 1e6:,.0f} MB", f"{size.cold:.3f} s", "ok" if size.cold <= COLD_SECONDS else "above mark",
              f"{size.memory['most']:.0f} MB ({size.memory['own']:.0f} MB without pages of the file)"] for size in sizes]
    parts.append("## The store\n\n" + report.table(["tickets and call tasks", "file", f"start to first answer (mark {COLD_SECONDS} s)", "", "memory at most"], facts))
    return "\n".join(parts)


def main():
    wanted = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    if min(wanted) < 10_000:
        raise SystemExit("a store has 10000 tickets or more")
    out, folder = pathlib.Path(os.environ["BENCH_OUT"]), pathlib.Path(os.environ["BENCH_STORES"])
    work = out / "work"
    stores.remove(work)
    work.mkdir(parents=True)
    frontdesk, sizes = stores.Frontdesk(os.environ["BENCH_FRONTDESK"], work), []
    try:
        for rows in wanted:
            sizes.append(Size(frontdesk, folder, work, rows))
        told = measure(sizes)
        for size in sizes:
            size.memory = memory(size.server.pid)
    finally:
        for size in sizes:
            size.server.stop()
    made = text(told, sizes)
    print(made)
    (out / "scale.md").write_text(made, encoding="utf-8")
    (out / "scale.json").write_text(json.dumps({"sizes": wanted, "told": told}, indent=1, ensure_ascii=False))
    lines = {group: {name: growth(row) for name, row in names.items() if not name.endswith("*")} for group, names in told.items()}
    (out / "scale.svg").write_text(plot.curves(lines, wanted, MARK), encoding="utf-8")
    report.keep(out, ["scale.md", "scale.svg"])
    stores.remove(work)
    print(f"written to {out}/scale.md, scale.svg and scale.json")


if __name__ == "__main__":
    main()
