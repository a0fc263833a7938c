"""The operations of `make bench`, and what is wanted of them."""

import json
import random

from seed import STORIES, SUBJECTS

PEOPLE = '"contact_id":%d,"sub_category_id":%d,"handler_id":%d,"sponsor_id":%d,"termination_code_id":%d'


def bodies(make):
    """Some requests with other texts and references in each; the same ones every time."""
    dice = random.Random(5)
    return [make(dice, SUBJECTS[at % 12], STORIES[at % 6]) for at in range(24)]


def people(dice):
    return PEOPLE % (dice.randint(1, 500), dice.randint(1, 40), dice.randint(1, 49), dice.randint(1, 9), dice.randint(1, 19))


def new_ticket(dice, subject, story):
    return f'POST\t/api/v1/ticket\t{{"subject":"{subject} {{n}}","content":"{story}","status":1,"priority":1,{people(dice)}}}'


def ticket_change(dice, _, story):
    return f'PUT\t/api/v1/ticket/{{id}}\t{{"status":{dice.randint(0, 3)},"status_memo":"{story[:40]} {{n}}","handler_id":{dice.randint(1, 49)}}}'


def new_call_task(dice, subject, story):
    fields = {"operator_id": dice.randint(1, 49), "title": subject, "call_id": "b{n}", "caller_phone": "+7 495 1234567", "call_transcription": story}
    return f"POST\t/api/tasks\t{json.dumps(fields, ensure_ascii=False)}"


def new_appointment(dice, _, story):
    fields = {"business_id": 15, "out_task_num": "B-{n}", "task_type": "normal", "task_notify": False, "task_time": "1703141398", "task_remark": story,
              "branch_code": 943, "room_type": "normal", "video": True, "ticket_id": dice.randint(1, 10000)}
    return f"POST\t/api/task/do_add\t{json.dumps(fields, ensure_ascii=False)}"


# What it is called, and its requests as load.lua reads them.
OPERATIONS = {
    "get": ("GET /api/v1/ticket/{id}", ["GET\t/api/v1/ticket/{id}"]),
    "list": ("GET /api/v1/ticket, 15 with the exact total", ["GET\t/api/v1/ticket"]),
    "create": ("POST /api/v1/ticket", bodies(new_ticket)),
    "update": ("PUT /api/v1/ticket/{id}", bodies(ticket_change)),
    "task_list": ("GET /api/tasks, 20 with the exact total", ["GET\t/api/tasks"]),
    "task_create": ("POST /api/tasks", bodies(new_call_task)),
    "appointment_get": ("getTask", ['POST\t/api/task/get_info\t{"task_num":"{number}"}']),
    "appointment_create": ("createBlankTask", bodies(new_appointment)),
}
WRITES = {"create", "update", "task_create", "appointment_create"}

# By operation and peer: Frontdesk's requests a second over the peer's that must be reached, and where it gets good.
MARKS = {
    "SQLite": {
        "get": {"fastapi": (15, 25), "fastify": (1, 1.5), "memory": (0.20, 0.35)},
        "list": {"fastapi": (12, 16), "fastify": (1, 1.5), "memory": (0.10, 0.16)},
        "create": {"fastapi": (18, 25), "bare": (2, 3)},
        "update": {"fastapi": (12, 20)},
    },
    "PostgreSQL": {
        "get": {"fastapi": (6, 9), "pgbench": (0.25, 0.4)},
        "list": {"fastapi": (3, 8)},
        "create": {"fastapi": (3, 6)},
    },
}
# Milliseconds that the slowest hundredth should not take longer than; the mark is to be below every peer's.
P99_AIM = 5
NAMES = {
    "frontdesk": "Frontdesk",
    "memory": "actix-web, the same bytes from memory",
    "bare": "the SQL alone (rusqlite)",
    "pgbench": "the SQL alone (pgbench)",
    "fastapi": "FastAPI + SQLAlchemy, 2 workers",
    "fastify": "Fastify + better-sqlite3, cluster of 2",
}
# Whose p99 counts: those that serve from a database.
SERVING = ("fastapi", "fastify")
IDLE_MB, BUSY_MB, COLD_SECONDS = 60, 256, 0.3


def example(line, rows):
    """A request as the check sends it: method, path and body."""
    method, path, body = (line.split("\t") + [""])[:3]
    fill = lambda text: text.replace("{id}", str(rows // 2)).replace("{n}", str(random.randrange(10**9))).replace("{number}", f"20230101{rows // 20:07}")
    return method, fill(path), json.loads(fill(body)) if body else None
