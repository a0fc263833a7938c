// The SQL of the measured operations, with better-sqlite3: statements are prepared once.

import { randomUUID } from "node:crypto"

import Database from "better-sqlite3"

const db = new Database(process.env.DATABASE)
for (const setting of ["journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000", "cache_size = -65536", "mmap_size = 1073741824"]) db.pragma(setting)

// Asia/Taipei has no summer time.
const OFFSET = 8 * 3600 * 1000
const clock = (millis) => new Date(millis + OFFSET).toISOString()
const local = (millis) => (millis === null ? null : `${clock(millis).slice(0, 10)} ${clock(millis).slice(11, 19)}`)
const zoned = (millis) => (millis === null ? null : `${clock(millis).slice(0, 19)}+08:00`)
const unix = (millis) => String(Math.floor(millis / 1000))
const name = (person) => (person.last_name ? `${person.first_name} ${person.last_name}` : person.first_name)

const byId = (table) => {
  const statement = db.prepare(`SELECT * FROM ${table} WHERE id = ?`)
  return (id) => (id === null ? null : (statement.get(id) ?? null))
}
const find = Object.fromEntries(
  ["ticket", "contact", "employee", "extension", "staff_group", "cti_agent", "subcategory", "category", "sponsor", "termination_code", "interaction"].map((table) => [table, byId(table)]),
)
const insert = (table, columns) => db.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map((column) => `@${column}`).join(", ")})`)

function employee(id) {
  const row = find.employee(id)
  if (!row) return null
  const agent = find.cti_agent(row.cti_agent_id)
  return {
    ...row, name: name(row), extension: find.extension(row.extension_id), group: find.staff_group(row.group_id), cti_agent: agent,
    cti_agent_account: agent?.account ?? null, created_at: local(row.created_at), updated_at: local(row.updated_at),
  }
}

function contact(id) {
  const row = find.contact(id)
  return row && { ...row, name: name(row), disturb_setting: null }
}

function sponsor(id) {
  const row = find.sponsor(id)
  return row && { ...row, is_immortal: row.is_immortal === 1, mail_channels: [] }
}

function whole(row) {
  const found = find.subcategory(row.sub_category_id)
  const sub = found && { ...found, category: find.category(found.category_id) }
  return {
    ...row, due_at: local(row.due_at), created_at: local(row.created_at), updated_at: local(row.updated_at), contact: contact(row.contact_id),
    sub_category: sub, category: sub?.category ?? null, category_id: sub?.category_id ?? null, handler: employee(row.handler_id),
    sponsor: sponsor(row.sponsor_id), termination_code: find.termination_code(row.termination_code_id), campaign_queue: null, campaign_queue_id: null,
  }
}

const linked = db.prepare("SELECT interaction_id FROM interaction_ticket WHERE organization_id = 1 AND ticket_id = ? ORDER BY interaction_id").pluck()

function interaction(id) {
  const row = find.interaction(id)
  return {
    ...row, is_acw_completed: row.is_acw_completed === 1, first_enter_queue_at: local(row.first_enter_queue_at), acw_at: local(row.acw_at),
    last_finished_at: local(row.last_finished_at), handler: employee(row.handler_id), campaign_queue_id: null,
  }
}

export function ticket(id) {
  const row = find.ticket(id)
  return row && whole(row)
}

const countTickets = db.prepare("SELECT count(*) FROM ticket").pluck()
const newestTickets = db.prepare("SELECT * FROM ticket ORDER BY id DESC LIMIT ? OFFSET ?")

export function tickets(page, perPage) {
  const total = countTickets.get()
  const data = newestTickets.all(perPage, (page - 1) * perPage).map((row) => ({
    ...whole(row), creater: employee(row.creater_id), interact_collections: linked.all(row.id).map(interaction),
  }))
  const from = (page - 1) * perPage + 1
  return { data, meta: { current_page: page, from, last_page: Math.ceil(total / perPage), per_page: perPage, to: from + data.length - 1, total } }
}

const WRITABLE = ["subject", "content", "due_at", "status", "status_memo", "priority", "contact_id", "sub_category_id", "handler_id", "sponsor_id", "termination_code_id"]
const insertTicket = insert("ticket", ["organization_id", ...WRITABLE, "creater_id", "version", "created_at", "updated_at"])
const noTicket = Object.fromEntries(WRITABLE.map((column) => [column, null]))

export function createTicket(body) {
  const at = Date.now()
  const row = { ...noTicket, priority: 0, ...body, organization_id: 1, creater_id: 1, version: 1, created_at: at, updated_at: at }
  return ticket(insertTicket.run(row).lastInsertRowid)
}

const updates = new Map()

export function updateTicket(id, body) {
  const columns = Object.keys(body)
  const key = columns.join()
  if (!updates.has(key)) {
    updates.set(key, db.prepare(`UPDATE ticket SET ${columns.map((column) => `${column} = @${column}, `).join("")}version = version + 1, updated_at = @at WHERE id = @id`))
  }
  updates.get(key).run({ ...body, id, at: Date.now() })
  return ticket(id)
}

const SHOWN = "organization_id = 1 AND status <> 'cancelled'"
const countCallTasks = db.prepare(`SELECT count(*) FROM call_task WHERE ${SHOWN}`).pluck()
const newestCallTasks = db.prepare(`SELECT * FROM call_task WHERE ${SHOWN} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`)
const callTaskById = db.prepare("SELECT * FROM call_task WHERE id = ?")

function callTask(row) {
  const hex = row.id.toString("hex")
  const assigned = find.employee(row.assigned_user_id)
  return {
    ...row, id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`, created_at: zoned(row.created_at),
    updated_at: zoned(row.updated_at), call_datetime: zoned(row.call_datetime), due_date: zoned(row.due_date), completed_at: zoned(row.completed_at),
    assigned_user_name: assigned && name(assigned),
    processing: { state: row.processing_state, stage: row.processing_stage, attempt: row.processing_attempt, version: row.processing_version },
  }
}

export function callTasks(page, perPage) {
  const total = countCallTasks.get()
  const items = newestCallTasks.all(perPage, (page - 1) * perPage).map(callTask)
  return { items, total, page, per_page: perPage, pages: Math.ceil(total / perPage) }
}

const GIVEN = ["title", "task_type", "priority", "description", "caller_phone", "caller_name", "call_id", "recording_url", "call_transcription", "call_summary", "call_response_summary"]
const insertCallTask = insert("call_task", [
  "id", "organization_id", "version", "created_at", "updated_at", "assigned_user_id", "created_by_user_id", "status", "call_datetime", "due_date",
  "processing_state", "processing_stage", "processing_attempt", "processing_version", ...GIVEN,
])
const noCallTask = Object.fromEntries(GIVEN.map((column) => [column, null]))

export function createCallTask({ operator_id, ...body }) {
  const at = Date.now()
  const moment = (text) => (text ? Date.parse(text) : null)
  const queued = body.call_transcription != null && body.call_summary == null
  const id = Buffer.from(randomUUID().replaceAll("-", ""), "hex")
  insertCallTask.run({
    ...noCallTask, ...body, id, organization_id: 1, version: 1, created_at: at, updated_at: at, assigned_user_id: operator_id, created_by_user_id: 1,
    status: "new", call_datetime: moment(body.call_datetime), due_date: moment(body.due_date), processing_state: queued ? "queued" : "none",
    processing_stage: queued ? "summary" : null, processing_attempt: 0, processing_version: queued ? 1 : 0,
  })
  return callTask(callTaskById.get(id))
}

const nextNumber = db.prepare("INSERT INTO counter VALUES (1, ?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value").pluck()
const insertAppointment = insert("appointment", [
  "organization_id", "task_num", "business_id", "out_task_num", "out_task_type", "task_type", "task_notify", "task_time", "task_time_defaulted",
  "duration_minutes", "task_remark", "branch_code", "business_code", "room_type", "video", "status", "ticket_id", "creater_id", "sequence", "version",
  "created_at", "updated_at",
])

export const createAppointment = db.transaction((body) => {
  const at = Date.now()
  const day = clock(at).slice(0, 10).replaceAll("-", "")
  const task_num = day + String(nextNumber.get(`task_num:${day}`)).padStart(7, "0")
  insertAppointment.run({
    task_remark: null, business_code: null, ticket_id: null, ...body, organization_id: 1, task_num, task_notify: +body.task_notify, video: +body.video,
    task_time: body.task_time * 1000, task_time_defaulted: 0, duration_minutes: 30, status: "pending", creater_id: 1, sequence: 0, version: 1,
    created_at: at, updated_at: at,
  })
  return { status: 1, message: "success", info: { task_num } }
}).immediate

const appointmentByNumber = db.prepare("SELECT * FROM appointment WHERE organization_id = 1 AND task_num = ?")
const moderatorsOf = db.prepare(`SELECT m.*, NULL AS notification, e.employee_no AS emp_id, e.first_name, e.last_name FROM appointment_moderator m
  JOIN employee e ON e.id = m.employee_id WHERE m.organization_id = 1 AND m.appointment_id = ? ORDER BY m.id`)
const publishersOf = db.prepare("SELECT *, id AS publisher_id, NULL AS notification FROM appointment_publisher WHERE organization_id = 1 AND appointment_id = ? ORDER BY id")

export function appointment(number) {
  const row = appointmentByNumber.get(number)
  return row && {
    status: 1,
    message: "success",
    info: {
      ...row, task_notify: row.task_notify === 1, video: row.video === 1, task_time: unix(row.task_time), created_at: unix(row.created_at),
      updated_at: unix(row.updated_at), moderators: moderatorsOf.all(row.id).map((person) => ({ ...person, name: name(person) })),
      publishers: publishersOf.all(row.id),
    },
  }
}
