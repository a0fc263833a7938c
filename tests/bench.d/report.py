"""What came of a run, as Markdown, JSON and a plot."""

import json
import os
import pathlib
import platform
import re
import shutil
import statistics

import plot
from operations import BUSY_MB, COLD_SECONDS, IDLE_MB, NAMES, OPERATIONS, P99_AIM, SERVING

KEPT = pathlib.Path(__file__).parent / "results"


def middle(rounds, key):
    values = [one[key] for one in rounds if one.get(key) is not None]
    return statistics.median(values) if values else None


def times(ours, theirs):
    """Ours over theirs, round by round, so that what slows a whole round down slows both."""
    return statistics.median(one["rate"] / other["rate"] for one, other in zip(ours, theirs))


def verdict(ratio, mark, aim):
    return "below mark" if ratio < mark else "aim reached" if ratio >= aim else "ok"


def number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}"


def short(value):
    """With the digits that say something."""
    return number(value, 2 if value < 1 else 1 if value < 10 else 0)


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def table(head, rows):
    return row(head) + "|" + "---|" * len(head) + "\n" + "".join(map(row, rows))


def text(database, results, facts, marks):
    """The section of one database."""
    told, judged, slow = [], [], []
    for operation, servers in results.items():
        ours = servers["frontdesk"]
        for name, rounds in sorted(servers.items(), key=lambda each: list(NAMES).index(each[0])):
            ratio = times(ours, rounds)
            cost = number(middle(rounds, "cpu"))
            if database == "PostgreSQL":
                cost += f" + {number(middle(rounds, 'database_cpu'))}"
            refused = sum(one.get("refused", 0) for one in rounds)
            rate = number(middle(rounds, "rate")) + (f" ({refused} refused)" if refused else "")
            told.append([OPERATIONS[operation][0] if name == "frontdesk" else "", NAMES[name], rate, number(middle(rounds, "p50"), 2),
                         number(middle(rounds, "p99"), 2), cost, "" if name == "frontdesk" else f"{short(ratio)} ×"])
            if name in marks[database].get(operation, {}):
                mark, aim = marks[database][operation][name]
                judged.append([OPERATIONS[operation][0], NAMES[name], f"**{short(ratio)} ×**", f"{mark} ×", f"{aim} ×", verdict(ratio, mark, aim)])
        if operation in marks["SQLite"]:
            p99, others = middle(ours, "p99"), {name: middle(servers[name], "p99") for name in SERVING if name in servers}
            good = all(other is None or p99 < other for other in others.values())
            word = "below mark" if not good else "aim reached" if p99 <= P99_AIM else "ok"
            slow.append([OPERATIONS[operation][0], f"**{number(p99, 2)} ms**", ", ".join(f"{number(other, 2)} ms" for other in others.values()), f"{P99_AIM} ms", word])
    parts = [f"## {database}\n", table(["operation", "Frontdesk's requests a second over those of", "measured", "mark", "aim", ""], judged)]
    parts.append(table(["99 of 100 answers within", "Frontdesk", "mark: below", "aim", ""], slow))
    cost = "CPU µs a request" + (" (server + database)" if database == "PostgreSQL" else "")
    parts.append(table(["operation", "server", "requests/s", "p50 ms", "p99 ms", cost, "Frontdesk over it"], told))
    return "\n".join([*parts, alone(facts)])


def alone(facts):
    """What is measured of Frontdesk alone."""
    busy, idle = facts["memory"]["frontdesk"], facts["idle"]
    said = lambda good: "ok" if good else "below mark"
    rows = [
        ["memory, idle", f"{idle['now']:.0f} MB", f"{IDLE_MB} MB", said(idle["now"] <= IDLE_MB)],
        ["memory at most under this load", f"{busy['most']:.0f} MB ({busy['own']:.0f} MB without pages of the database's file)", f"{BUSY_MB} MB", said(busy["most"] <= BUSY_MB)],
        ["from the start to the first answer", f"{facts['cold']:.3f} s", f"{COLD_SECONDS} s", said(facts["cold"] <= COLD_SECONDS)],
        ["program", f"{facts['binary']:.1f} MB", "", ""],
    ]
    for name, used in facts["memory"].items():
        if name != "frontdesk":
            rows.append([f"memory of {NAMES[name]}", f"{used['most']:.0f} MB", "", ""])
    for operation, (one, both) in facts.get("two", {}).items():
        rows.append([f"two servers, {OPERATIONS[operation][0]}", f"{both / one:.2f} × one ({number(both)}/s, {number(one)}/s)", "1 ×", said(both >= one)])
    return table(["Frontdesk", "measured", "mark", ""], rows)


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = re.search(r"model name\s*: (.*)", info.read())
    return f"{os.cpu_count()} cores ({model[1].strip() if model else platform.machine()}), {platform.system()} {platform.release()}"


def keep(out, files):
    """With KEEP=1 the files go into the source tree, where the README shows them."""
    if os.environ.get("KEEP"):
        KEPT.mkdir(exist_ok=True)
        for file in files:
            shutil.copy(out / file, KEPT / file)


def write(out, done, marks, how):
    """Everything of a run."""
    head = (
        f"# Frontdesk and its peers\n\n{how['rows']:,} tickets, {how['rows']:,} call tasks, {how['connections']} connections of wrk on the same machine: {machine()}. "
        f"The median of {how['rounds']} rounds of {how['seconds']} s, in which all take turns. Writes are on the disk before they are acknowledged, everywhere. "
        "Frontdesk judges a token, validates, and writes history and events; the peers do none of that, know one tenant, and count the tables.\n\n"
        "![requests a second](bench.svg)\n"
    )
    told = "\n".join([head, *(text(one.database, one.results, one.facts, marks) for one in done.values())])
    (out / "bench.md").write_text(told, encoding="utf-8")
    (out / "bench.json").write_text(json.dumps({name: {"results": one.results, "facts": one.facts} for name, one in done.items()}, indent=1))
    (out / "bench.svg").write_text(plot.bars({name: one.results for name, one in done.items()}), encoding="utf-8")
    keep(out, ["bench.md", "bench.svg"])
    print(f"written to {out}/bench.md, bench.svg and bench.json")
