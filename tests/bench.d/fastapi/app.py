"""The measured operations as somebody would write them with FastAPI and SQLAlchemy. DATABASE_URL names the database."""

import contextlib
import os
import time
import uuid
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import joinedload, selectinload

from shapes import (
    AppointmentIn, AppointmentNumber, AppointmentOut, CallTaskIn, CallTaskOut, CallTaskPage, Envelope, Meta, TicketCreated, TicketIn,
    TicketOut, TicketPage, TicketPatch, clock,
)
from tables import Appointment, CallTask, Counter, Employee, Interaction, Moderator, Subcategory, Ticket

engine = create_async_engine(os.environ["DATABASE_URL"])
Session = async_sessionmaker(engine, expire_on_commit=False)

if engine.dialect.name == "sqlite":
    from sqlalchemy.dialects.sqlite import insert

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection, _):
        cursor = connection.cursor()
        for setting in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000", "cache_size = -65536", "mmap_size = 1073741824"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()
else:
    from sqlalchemy.dialects.postgresql import insert


@contextlib.asynccontextmanager
async def lifespan(_):
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


async def session():
    async with Session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(session)]


def staff(way):
    return way.options(joinedload(Employee.extension), joinedload(Employee.group), joinedload(Employee.cti_agent))


WHOLE = (
    joinedload(Ticket.contact),
    joinedload(Ticket.sub_category).joinedload(Subcategory.category),
    staff(joinedload(Ticket.handler)),
    joinedload(Ticket.sponsor),
    joinedload(Ticket.termination_code),
)
# PostgreSQL plans a join of twenty tables longer than it runs some of six.
people = joinedload if engine.dialect.name == "sqlite" else selectinload
LISTED = (
    joinedload(Ticket.contact),
    joinedload(Ticket.sub_category).joinedload(Subcategory.category),
    joinedload(Ticket.sponsor),
    joinedload(Ticket.termination_code),
    staff(people(Ticket.handler)),
    staff(people(Ticket.creater)),
    selectinload(Ticket.interact_collections).options(staff(people(Interaction.handler))),
)


def now():
    return time.time_ns() // 1_000_000


async def whole(db, id):
    ticket = (await db.execute(select(Ticket).where(Ticket.id == id).options(*WHOLE), execution_options={"populate_existing": True})).scalar_one_or_none()
    if ticket is None:
        raise HTTPException(404)
    return ticket


@app.get("/api/v1/ticket/{id}", response_model=TicketOut)
async def view_ticket(id: int, db: Db):
    return await whole(db, id)


@app.get("/api/v1/ticket", response_model=TicketPage)
async def list_tickets(db: Db, page: int = 1, per_page: int = 15):
    total = await db.scalar(select(func.count()).select_from(Ticket))
    found = await db.execute(select(Ticket).order_by(Ticket.id.desc()).limit(per_page).offset((page - 1) * per_page).options(*LISTED))
    tickets, first = found.scalars().all(), (page - 1) * per_page + 1
    meta = Meta(current_page=page, from_=first, last_page=-(-total // per_page), per_page=per_page, to=first + len(tickets) - 1, total=total)
    return {"data": tickets, "meta": meta}


@app.post("/api/v1/ticket", status_code=201, response_model=TicketCreated)
async def create_ticket(new: TicketIn, db: Db):
    ticket = Ticket(**new.model_dump(), creater_id=1, created_at=(at := now()), updated_at=at)
    db.add(ticket)
    await db.commit()
    return {"data": await whole(db, ticket.id)}


@app.put("/api/v1/ticket/{id}", response_model=TicketOut)
async def update_ticket(id: int, patch: TicketPatch, db: Db):
    ticket = await db.get(Ticket, id)
    if ticket is None:
        raise HTTPException(404)
    for name, value in patch.model_dump(exclude_unset=True).items():
        setattr(ticket, name, value)
    ticket.version += 1
    ticket.updated_at = now()
    await db.commit()
    return await whole(db, id)


@app.get("/api/tasks", response_model=CallTaskPage)
async def list_call_tasks(db: Db, page: int = 1, per_page: int = 20):
    shown = (CallTask.organization_id == 1, CallTask.status != "cancelled")
    total = await db.scalar(select(func.count()).select_from(CallTask).where(*shown))
    newest = select(CallTask).where(*shown).order_by(CallTask.created_at.desc(), CallTask.id.desc())
    found = await db.execute(newest.limit(per_page).offset((page - 1) * per_page).options(joinedload(CallTask.assigned)))
    return {"items": found.scalars().all(), "total": total, "page": page, "per_page": per_page, "pages": -(-total // per_page)}


@app.post("/api/tasks", response_model=CallTaskOut)
async def create_call_task(new: CallTaskIn, db: Db):
    fields = new.model_dump(exclude={"operator_id"})
    for name in ("call_datetime", "due_date"):
        fields[name] = fields[name] and int(fields[name].timestamp() * 1000)
    queued = new.call_transcription is not None and new.call_summary is None
    processing = {"processing_state": "queued" if queued else "none", "processing_stage": "summary" if queued else None, "processing_version": int(queued)}
    task = CallTask(id=uuid.uuid4(), assigned_user_id=new.operator_id, created_at=(at := now()), updated_at=at, **fields, **processing)
    db.add(task)
    await db.commit()
    found = await db.execute(select(CallTask).where(CallTask.id == task.id).options(joinedload(CallTask.assigned)), execution_options={"populate_existing": True})
    return found.scalar_one()


@app.post("/api/task/do_add", response_model=Envelope[AppointmentNumber])
async def create_appointment(new: AppointmentIn, db: Db):
    at = now()
    day = clock(at).strftime("%Y%m%d")
    count = insert(Counter).values(organization_id=1, name=f"task_num:{day}", value=1)
    count = count.on_conflict_do_update(index_elements=["organization_id", "name"], set_={"value": Counter.value + 1})
    number = await db.scalar(count.returning(Counter.value))
    fields = new.model_dump()
    fields["task_time"] *= 1000
    appointment = Appointment(task_num=f"{day}{number:07}", created_at=at, updated_at=at, **fields)
    db.add(appointment)
    await db.commit()
    return {"info": {"task_num": appointment.task_num}}


@app.post("/api/task/get_info", response_model=Envelope[AppointmentOut])
async def view_appointment(asked: AppointmentNumber, db: Db):
    people = (selectinload(Appointment.moderators).joinedload(Moderator.employee), selectinload(Appointment.publishers))
    found = await db.execute(select(Appointment).where(Appointment.organization_id == 1, Appointment.task_num == asked.task_num).options(*people))
    appointment = found.scalar_one_or_none()
    if appointment is None:
        raise HTTPException(404)
    return {"info": appointment}
