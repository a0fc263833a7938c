"""What goes in and out, as pydantic models."""

import datetime
import uuid
from typing import Annotated, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

ZONE = ZoneInfo("Asia/Taipei")


def clock(millis):
    return datetime.datetime.fromtimestamp(millis / 1000, ZONE)


LocalTime = Annotated[int, PlainSerializer(lambda at: clock(at).strftime("%Y-%m-%d %H:%M:%S"))]
ZonedTime = Annotated[int, PlainSerializer(lambda at: clock(at).isoformat(timespec="seconds"))]
UnixTime = Annotated[int, PlainSerializer(lambda at: str(at // 1000))]


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class GroupOut(Out):
    id: int
    name: str
    description: str | None
    supervisor_id: int | None


class ExtensionOut(Out):
    id: int
    type: int
    extension: str
    description: str | None
    media_cluster_id: int | None


class CtiAgentOut(Out):
    id: int
    account: str
    group_id: int | None


class EmployeeOut(Out):
    id: int
    name: str
    first_name: str
    last_name: str | None
    employee_no: str
    photo_url: str | None
    identity_no: str | None
    job_title_id: int | None
    department_id: int | None
    extension_id: int | None
    extension: ExtensionOut | None
    group_id: int | None
    group: GroupOut | None
    cti_agent_account: str | None
    cti_agent: CtiAgentOut | None
    created_at: LocalTime
    updated_at: LocalTime


class ContactOut(Out):
    id: int
    name: str
    first_name: str
    last_name: str | None
    membership_no: str | None
    identity_no: str | None
    gender: int | None
    birth_at: str | None
    profile_id: int
    sponsor_id: int | None
    disturb_setting: None = None


class CategoryOut(Out):
    id: int
    name: str
    description: str | None


class SubcategoryOut(Out):
    id: int
    name: str
    description: str | None
    category: CategoryOut | None
    category_id: int | None


class SponsorOut(Out):
    id: int
    name: str
    description: str | None
    is_immortal: bool
    mail_channels: list[None] = []


class TerminationCodeOut(Out):
    id: int
    name: str
    description: str | None
    status: int
    creater_id: int | None


class InteractionOut(Out):
    id: int
    is_acw_completed: bool
    first_enter_queue_at: LocalTime | None
    acw_at: LocalTime | None
    last_finished_at: LocalTime | None
    handler_id: int | None
    handler: EmployeeOut | None
    contact_id: int | None
    memo: str | None
    bound_type: int | None
    sponsor_id: int | None
    campaign_queue_id: None = None
    result_id: int | None


class TicketOut(Out):
    id: int
    subject: str
    content: str
    due_at: LocalTime | None
    status: int
    status_memo: str | None
    priority: int
    contact: ContactOut | None
    contact_id: int | None
    sub_category: SubcategoryOut | None
    sub_category_id: int | None
    handler_id: int | None
    handler: EmployeeOut | None
    sponsor_id: int | None
    sponsor: SponsorOut | None
    campaign_queue: None = None
    campaign_queue_id: None = None
    created_at: LocalTime
    updated_at: LocalTime
    termination_code_id: int | None
    termination_code: TerminationCodeOut | None
    category: CategoryOut | None
    category_id: int | None


class TicketCreated(BaseModel):
    data: TicketOut


class TicketListed(Out):
    id: int
    subject: str
    content: str
    due_at: LocalTime | None
    status: int
    status_memo: str | None
    priority: int
    contact: ContactOut | None
    contact_id: int | None
    sub_category: SubcategoryOut | None
    sub_category_id: int | None
    creater: EmployeeOut | None
    handler_id: int | None
    handler: EmployeeOut | None
    interact_collections: list[InteractionOut]
    sponsor_id: int | None
    sponsor: SponsorOut | None
    campaign_queue: None = None
    campaign_queue_id: None = None
    created_at: LocalTime
    updated_at: LocalTime
    termination_code_id: int | None
    termination_code: TerminationCodeOut | None
    category: CategoryOut | None
    category_id: int | None


class Meta(BaseModel):
    current_page: int
    from_: int | None = Field(serialization_alias="from")
    last_page: int
    per_page: int
    to: int | None
    total: int


class TicketPage(BaseModel):
    data: list[TicketListed]
    meta: Meta


class TicketIn(BaseModel):
    subject: str
    content: str
    due_at: int | None = None
    status: int
    status_memo: str | None = None
    priority: int = 0
    contact_id: int | None = None
    sub_category_id: int | None = None
    handler_id: int | None = None
    sponsor_id: int | None = None
    termination_code_id: int | None = None


class TicketPatch(BaseModel):
    subject: str | None = None
    content: str | None = None
    due_at: int | None = None
    status: int | None = None
    status_memo: str | None = None
    priority: int | None = None
    contact_id: int | None = None
    sub_category_id: int | None = None
    handler_id: int | None = None
    sponsor_id: int | None = None
    termination_code_id: int | None = None


class ProcessingOut(Out):
    state: str
    stage: str | None
    attempt: int
    version: int


class CallTaskOut(Out):
    id: uuid.UUID
    organization_id: int
    assigned_user_id: int | None
    created_by_user_id: int | None
    task_type: str
    status: str
    priority: str
    title: str
    description: str | None
    caller_phone: str | None
    caller_name: str | None
    call_id: str | None
    recording_url: str | None
    call_datetime: ZonedTime | None
    call_transcription: str | None
    call_summary: str | None
    call_response_summary: str | None
    error_message: str | None
    created_at: ZonedTime
    updated_at: ZonedTime
    due_date: ZonedTime | None
    completed_at: ZonedTime | None
    appeal_id: int | None
    assigned_user_name: str | None
    processing: ProcessingOut


class CallTaskPage(BaseModel):
    items: list[CallTaskOut]
    total: int
    page: int
    per_page: int
    pages: int


class CallTaskIn(BaseModel):
    operator_id: int
    title: str
    task_type: str = "call"
    priority: Literal["low", "normal", "high", "urgent"] = "normal"
    description: str | None = None
    caller_phone: str | None = None
    caller_name: str | None = None
    call_id: str | None = None
    recording_url: str | None = None
    call_datetime: datetime.datetime | None = None
    call_transcription: str | None = None
    call_summary: str | None = None
    call_response_summary: str | None = None
    due_date: datetime.datetime | None = None


Code = Annotated[str, BeforeValidator(str)]


class AppointmentIn(BaseModel):
    business_id: int
    out_task_num: str
    out_task_type: str = ""
    task_type: str
    task_notify: bool = False
    task_time: int
    task_remark: str | None = None
    branch_code: Code
    business_code: Code | None = None
    room_type: str
    video: bool
    ticket_id: int | None = None


class AppointmentNumber(BaseModel):
    task_num: str


class ModeratorOut(Out):
    emp_id: str
    employee_id: int
    name: str
    business_code: str | None
    branch_code: str | None
    notification: str | None = None


class PublisherOut(Out):
    customer_title: str | None
    customer_name: str
    customer_id_num: str
    customer_country_code: str | None
    customer_phone: str | None
    customer_email: str | None
    contact_id: int | None
    publisher_id: int = Field(validation_alias="id")
    notification: str | None = None


class AppointmentOut(Out):
    id: int
    task_num: str
    business_id: int
    out_task_num: str
    out_task_type: str
    task_type: str
    task_notify: bool
    task_time: UnixTime
    task_remark: str | None
    branch_code: str
    business_code: str | None
    room_type: str
    video: bool
    status: str
    ticket_id: int | None
    duration_minutes: int
    creater_id: int | None
    created_at: UnixTime
    updated_at: UnixTime
    moderators: list[ModeratorOut]
    publishers: list[PublisherOut]


T = TypeVar("T")


class Envelope(BaseModel, Generic[T]):
    status: int = 1
    message: str = "success"
    info: T
