// What goes in and out, as JSON schemas: Fastify checks bodies and serializes answers by them.

const integer = { type: "integer" }
const string = { type: "string" }
const boolean = { type: "boolean" }
const nothing = { type: "null" }
const perhaps = (schema) => ({ ...schema, nullable: true })
const object = (properties) => ({ type: "object", properties, required: Object.keys(properties) })
const list = (items) => ({ type: "array", items })

const category = object({ id: integer, name: string, description: perhaps(string) })
const subcategory = object({ id: integer, name: string, description: perhaps(string), category: perhaps(category), category_id: perhaps(integer) })
const extension = object({ id: integer, type: integer, extension: string, description: perhaps(string), media_cluster_id: perhaps(integer) })
const group = object({ id: integer, name: string, description: perhaps(string), supervisor_id: perhaps(integer) })
const agent = object({ id: integer, account: string, group_id: perhaps(integer) })
const employee = object({
  id: integer, name: string, first_name: string, last_name: perhaps(string), employee_no: string, photo_url: perhaps(string),
  identity_no: perhaps(string), job_title_id: perhaps(integer), department_id: perhaps(integer), extension_id: perhaps(integer),
  extension: perhaps(extension), group_id: perhaps(integer), group: perhaps(group), cti_agent_account: perhaps(string),
  cti_agent: perhaps(agent), created_at: string, updated_at: string,
})
const contact = object({
  id: integer, name: string, first_name: string, last_name: perhaps(string), membership_no: perhaps(string), identity_no: perhaps(string),
  gender: perhaps(integer), birth_at: perhaps(string), profile_id: integer, sponsor_id: perhaps(integer), disturb_setting: nothing,
})
const sponsor = object({ id: integer, name: string, description: perhaps(string), is_immortal: boolean, mail_channels: list(nothing) })
const terminationCode = object({ id: integer, name: string, description: perhaps(string), status: integer, creater_id: perhaps(integer) })
const interaction = object({
  id: integer, is_acw_completed: boolean, first_enter_queue_at: perhaps(string), acw_at: perhaps(string), last_finished_at: perhaps(string),
  handler_id: perhaps(integer), handler: perhaps(employee), contact_id: perhaps(integer), memo: perhaps(string), bound_type: perhaps(integer),
  sponsor_id: perhaps(integer), campaign_queue_id: nothing, result_id: perhaps(integer),
})
const head = {
  id: integer, subject: string, content: string, due_at: perhaps(string), status: integer, status_memo: perhaps(string), priority: integer,
  contact: perhaps(contact), contact_id: perhaps(integer), sub_category: perhaps(subcategory), sub_category_id: perhaps(integer),
}
const tail = {
  sponsor_id: perhaps(integer), sponsor: perhaps(sponsor), campaign_queue: nothing, campaign_queue_id: nothing, created_at: string,
  updated_at: string, termination_code_id: perhaps(integer), termination_code: perhaps(terminationCode), category: perhaps(category),
  category_id: perhaps(integer),
}
export const ticket = object({ ...head, handler_id: perhaps(integer), handler: perhaps(employee), ...tail })
export const ticketCreated = object({ data: ticket })
const listed = object({
  ...head, creater: perhaps(employee), handler_id: perhaps(integer), handler: perhaps(employee), interact_collections: list(interaction), ...tail,
})
const meta = object({
  current_page: integer, from: perhaps(integer), last_page: integer, per_page: integer, to: perhaps(integer), total: integer,
})
export const ticketPage = object({ data: list(listed), meta })

const writable = {
  subject: string, content: string, due_at: perhaps(integer), status: integer, status_memo: perhaps(string), priority: integer,
  contact_id: perhaps(integer), sub_category_id: perhaps(integer), handler_id: perhaps(integer), sponsor_id: perhaps(integer),
  termination_code_id: perhaps(integer),
}
export const ticketPatch = { type: "object", properties: writable }
export const newTicket = { ...ticketPatch, required: ["subject", "content", "status"] }

const processing = object({ state: string, stage: perhaps(string), attempt: integer, version: integer })
export const callTask = object({
  id: string, organization_id: integer, assigned_user_id: perhaps(integer), created_by_user_id: perhaps(integer), task_type: string,
  status: string, priority: string, title: string, description: perhaps(string), caller_phone: perhaps(string), caller_name: perhaps(string),
  call_id: perhaps(string), recording_url: perhaps(string), call_datetime: perhaps(string), call_transcription: perhaps(string),
  call_summary: perhaps(string), call_response_summary: perhaps(string), error_message: perhaps(string), created_at: string,
  updated_at: string, due_date: perhaps(string), completed_at: perhaps(string), appeal_id: perhaps(integer),
  assigned_user_name: perhaps(string), processing,
})
export const callTaskPage = object({ items: list(callTask), total: integer, page: integer, per_page: integer, pages: integer })
export const newCallTask = {
  type: "object",
  properties: {
    operator_id: integer, title: string, task_type: { ...string, default: "call" },
    priority: { enum: ["low", "normal", "high", "urgent"], default: "normal" }, description: perhaps(string), caller_phone: perhaps(string),
    caller_name: perhaps(string), call_id: perhaps(string), recording_url: perhaps(string), call_datetime: perhaps(string),
    call_transcription: perhaps(string), call_summary: perhaps(string), call_response_summary: perhaps(string), due_date: perhaps(string),
  },
  required: ["operator_id", "title"],
}

const envelope = (info) => object({ status: integer, message: string, info })
export const appointmentNumber = object({ task_num: string })
export const appointmentCreated = envelope(appointmentNumber)
export const newAppointment = {
  type: "object",
  properties: {
    business_id: integer, out_task_num: string, out_task_type: { ...string, default: "" }, task_type: string,
    task_notify: { ...boolean, default: false }, task_time: integer, task_remark: perhaps(string), branch_code: string,
    business_code: perhaps(string), room_type: string, video: boolean, ticket_id: perhaps(integer),
  },
  required: ["business_id", "out_task_num", "task_type", "task_time", "branch_code", "room_type", "video"],
}
const notification = { type: "null" }
const moderator = object({
  emp_id: string, employee_id: integer, name: string, business_code: perhaps(string), branch_code: perhaps(string), notification,
})
const publisher = object({
  customer_title: perhaps(string), customer_name: string, customer_id_num: string, customer_country_code: perhaps(string),
  customer_phone: perhaps(string), customer_email: perhaps(string), contact_id: perhaps(integer), publisher_id: integer, notification,
})
export const appointmentShown = envelope(object({
  id: integer, task_num: string, business_id: integer, out_task_num: string, out_task_type: string, task_type: string, task_notify: boolean,
  task_time: string, task_remark: perhaps(string), branch_code: string, business_code: perhaps(string), room_type: string, video: boolean,
  status: string, ticket_id: perhaps(integer), duration_minutes: integer, creater_id: perhaps(integer), created_at: string,
  updated_at: string, moderators: list(moderator), publishers: list(publisher),
}))
