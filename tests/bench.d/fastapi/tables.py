"""The tables as SQLAlchemy maps them: those columns that the operations touch, and what a record refers to."""

import uuid

from sqlalchemy import BigInteger, Integer, LargeBinary, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, mapped_column, relationship

# SQLite counts rows in an INTEGER alone.
Big = BigInteger().with_variant(Integer, "sqlite")


class Id(TypeDecorator):
    """A UUID, which SQLite keeps as 16 bytes."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(LargeBinary(16) if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value, dialect):
        return value.bytes if dialect.name == "sqlite" and value is not None else value

    def process_result_value(self, value, dialect):
        return uuid.UUID(bytes=value) if isinstance(value, bytes) else value


class Base(DeclarativeBase):
    type_annotation_map = {int: Big, uuid.UUID: Id}


class Owned:
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(default=1)


class Stamped(Owned):
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[int]
    updated_at: Mapped[int]


def to(target, key):
    """The record that a column refers to; loaded where a query says so."""
    return relationship(target, primaryjoin=f"foreign({key}) == {target}.id", lazy="raise", viewonly=True)


class Group(Stamped, Base):
    __tablename__ = "staff_group"
    name: Mapped[str]
    description: Mapped[str | None]
    supervisor_id: Mapped[int | None]


class Extension(Stamped, Base):
    __tablename__ = "extension"
    type: Mapped[int]
    extension: Mapped[str]
    description: Mapped[str | None]
    media_cluster_id: Mapped[int | None]


class CtiAgent(Stamped, Base):
    __tablename__ = "cti_agent"
    account: Mapped[str]
    group_id: Mapped[int | None]


class Sponsor(Stamped, Base):
    __tablename__ = "sponsor"
    name: Mapped[str]
    description: Mapped[str | None]
    is_immortal: Mapped[bool]


class Named:
    """Somebody with a first name and perhaps a last one."""

    first_name: Mapped[str]
    last_name: Mapped[str | None]

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


class Employee(Named, Stamped, Base):
    __tablename__ = "employee"
    employee_no: Mapped[str]
    photo_url: Mapped[str | None]
    identity_no: Mapped[str | None]
    job_title_id: Mapped[int | None]
    department_id: Mapped[int | None]
    extension_id: Mapped[int | None]
    group_id: Mapped[int | None]
    cti_agent_id: Mapped[int | None]
    extension = to("Extension", "Employee.extension_id")
    group = to("Group", "Employee.group_id")
    cti_agent = to("CtiAgent", "Employee.cti_agent_id")

    @property
    def cti_agent_account(self):
        return self.cti_agent.account if self.cti_agent else None


class Contact(Named, Stamped, Base):
    __tablename__ = "contact"
    membership_no: Mapped[str | None]
    identity_no: Mapped[str | None]
    gender: Mapped[int | None]
    birth_at: Mapped[str | None]
    profile_id: Mapped[int]
    sponsor_id: Mapped[int | None]


class Category(Stamped, Base):
    __tablename__ = "category"
    name: Mapped[str]
    description: Mapped[str | None]


class Subcategory(Stamped, Base):
    __tablename__ = "subcategory"
    name: Mapped[str]
    description: Mapped[str | None]
    category_id: Mapped[int | None]
    category = to("Category", "Subcategory.category_id")


class TerminationCode(Stamped, Base):
    __tablename__ = "termination_code"
    name: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[int]
    creater_id: Mapped[int | None]


class Ticket(Stamped, Base):
    __tablename__ = "ticket"
    subject: Mapped[str]
    content: Mapped[str]
    due_at: Mapped[int | None]
    status: Mapped[int]
    status_memo: Mapped[str | None]
    priority: Mapped[int]
    contact_id: Mapped[int | None]
    sub_category_id: Mapped[int | None]
    creater_id: Mapped[int | None]
    handler_id: Mapped[int | None]
    sponsor_id: Mapped[int | None]
    termination_code_id: Mapped[int | None]
    contact = to("Contact", "Ticket.contact_id")
    sub_category = to("Subcategory", "Ticket.sub_category_id")
    creater = to("Employee", "Ticket.creater_id")
    handler = to("Employee", "Ticket.handler_id")
    sponsor = to("Sponsor", "Ticket.sponsor_id")
    termination_code = to("TerminationCode", "Ticket.termination_code_id")
    interact_collections = relationship(
        "Interaction",
        secondary="interaction_ticket",
        primaryjoin=lambda: Ticket.id == foreign(InteractionTicket.ticket_id),
        secondaryjoin=lambda: Interaction.id == foreign(InteractionTicket.interaction_id),
        lazy="raise",
        viewonly=True,
    )

    @property
    def category(self):
        return self.sub_category.category if self.sub_category else None

    @property
    def category_id(self):
        return self.sub_category.category_id if self.sub_category else None


class Interaction(Stamped, Base):
    __tablename__ = "interaction"
    is_acw_completed: Mapped[bool]
    first_enter_queue_at: Mapped[int | None]
    acw_at: Mapped[int | None]
    last_finished_at: Mapped[int | None]
    handler_id: Mapped[int | None]
    contact_id: Mapped[int | None]
    memo: Mapped[str | None]
    bound_type: Mapped[int | None]
    sponsor_id: Mapped[int | None]
    result_id: Mapped[int | None]
    handler = to("Employee", "Interaction.handler_id")


class InteractionTicket(Base):
    __tablename__ = "interaction_ticket"
    organization_id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(primary_key=True)


class CallTask(Base):
    __tablename__ = "call_task"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[int]
    updated_at: Mapped[int]
    assigned_user_id: Mapped[int | None]
    created_by_user_id: Mapped[int | None] = mapped_column(default=1)
    task_type: Mapped[str]
    status: Mapped[str] = mapped_column(default="new")
    priority: Mapped[str]
    caller_phone: Mapped[str | None]
    appeal_id: Mapped[int | None]
    call_datetime: Mapped[int | None]
    due_date: Mapped[int | None]
    completed_at: Mapped[int | None]
    processing_state: Mapped[str]
    processing_stage: Mapped[str | None]
    processing_attempt: Mapped[int] = mapped_column(default=0)
    processing_version: Mapped[int]
    caller_name: Mapped[str | None]
    call_id: Mapped[str | None]
    recording_url: Mapped[str | None]
    title: Mapped[str]
    error_message: Mapped[str | None]
    description: Mapped[str | None]
    call_summary: Mapped[str | None]
    call_response_summary: Mapped[str | None]
    call_transcription: Mapped[str | None]
    assigned = to("Employee", "CallTask.assigned_user_id")

    @property
    def assigned_user_name(self):
        return self.assigned.name if self.assigned else None

    @property
    def processing(self):
        return {"state": self.processing_state, "stage": self.processing_stage, "attempt": self.processing_attempt, "version": self.processing_version}


class Counter(Base):
    __tablename__ = "counter"
    organization_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Moderator(Owned, Base):
    __tablename__ = "appointment_moderator"
    appointment_id: Mapped[int]
    employee_id: Mapped[int]
    business_code: Mapped[str | None]
    branch_code: Mapped[str | None]
    employee = to("Employee", "Moderator.employee_id")

    @property
    def emp_id(self):
        return self.employee.employee_no

    @property
    def name(self):
        return self.employee.name


class Publisher(Owned, Base):
    __tablename__ = "appointment_publisher"
    appointment_id: Mapped[int]
    customer_title: Mapped[str | None]
    customer_name: Mapped[str]
    customer_id_num: Mapped[str]
    customer_country_code: Mapped[str | None]
    customer_phone: Mapped[str | None]
    customer_email: Mapped[str | None]
    contact_id: Mapped[int | None]


class Appointment(Stamped, Base):
    __tablename__ = "appointment"
    task_num: Mapped[str]
    business_id: Mapped[int]
    out_task_num: Mapped[str]
    out_task_type: Mapped[str] = mapped_column(default="")
    task_type: Mapped[str]
    task_notify: Mapped[bool]
    task_time: Mapped[int]
    task_time_defaulted: Mapped[bool] = mapped_column(default=False)
    duration_minutes: Mapped[int] = mapped_column(default=30)
    task_remark: Mapped[str | None]
    branch_code: Mapped[str]
    business_code: Mapped[str | None]
    room_type: Mapped[str]
    video: Mapped[bool]
    status: Mapped[str] = mapped_column(default="pending")
    ticket_id: Mapped[int | None]
    creater_id: Mapped[int | None] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    moderators = relationship("Moderator", primaryjoin=lambda: Appointment.id == foreign(Moderator.appointment_id), order_by="Moderator.id", lazy="raise", viewonly=True)
    publishers = relationship("Publisher", primaryjoin=lambda: Appointment.id == foreign(Publisher.appointment_id), order_by="Publisher.id", lazy="raise", viewonly=True)
