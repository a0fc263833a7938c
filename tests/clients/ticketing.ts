// Tickets and the interactions that belong to them.
import assert from "node:assert/strict";

import { type Api, type Schema, at, created, gone, ok } from "./client.js";
import type { Customer } from "./contacts.js";
import type { LookUps } from "./look-ups.js";
import type { Staff } from "./staff.js";

type Ticket = Schema<"Ticket">;

/** Makes a ticket with all that belongs to one, changes it, and finds it again. */
export async function ticket(api: Api, { employee }: Staff, { contact }: Customer, lookUps: LookUps): Promise<Ticket> {
  const made = await created(
    api.POST("/api/v1/ticket", {
      body: {
        subject: "標題",
        content: "內容",
        status: 1,
        priority: 2,
        handler_id: employee.id,
        contact_id: contact.id,
        sponsor_id: lookUps.sponsor.id,
        sub_category_id: lookUps.subcategory.id,
        termination_code: lookUps.code.id,
      },
    }),
  );
  assert.equal(made.handler?.employee_no, employee.employee_no);
  assert.equal(made.contact?.membership_no, contact.membership_no);
  assert.equal(made.category_id, lookUps.category.id);

  const seen = await api.GET("/api/v1/ticket/{id}", at(made));
  const tag = seen.response.headers.get("etag");
  assert.ok(tag !== null, "a ticket has an ETag");
  const params = { path: { id: made.id }, header: { "If-Match": tag } };
  const changed = await ok(api.PUT("/api/v1/ticket/{id}", { params, body: { subject: "修改後的標題", due_at: "2026-12-31" } }));
  assert.equal(changed.subject, "修改後的標題");
  assert.equal(changed.status, made.status);

  const history = await ok(api.GET("/api/v1/ticket/{id}/history", at(made)));
  assert.deepEqual(history.data.map((one) => one.version), [2, 1]);
  const statuses: (0 | 1)[] = [0, 1];
  const query = { statuses, handler_ids: [employee.id], search: "修改後", per_page: 5, sort: "-id" };
  const { data, meta } = await ok(api.GET("/api/v1/ticket", { params: { query } }));
  assert.deepEqual(data.map((one) => one.id), [made.id]);
  assert.equal(data[0]?.creater?.employee_no, "admin");
  assert.equal(meta.per_page, "5");
  return changed;
}

/** Notes an interaction with the customer about the ticket, and deletes both. */
export async function talk(api: Api, about: Ticket, { employee }: Staff, { contact }: Customer): Promise<void> {
  const made = await created(
    api.POST("/api/v1/interact-collection", {
      body: { handler_id: employee.id, contact_id: contact.id, first_enter_queue_at: "2026-01-05 09:00:00", ticket_ids: [about.id] },
    }),
  );
  const completed = await ok(api.PUT("/api/v1/interact-collection/{id}", { ...at(made), body: { is_acw_completed: true } }));
  assert.ok(completed.is_acw_completed);
  assert.deepEqual(await ok(api.GET("/api/v1/interact-collection/{id}", at(made))), completed);
  const { data } = await ok(api.GET("/api/v1/interact-collection", { params: { query: { contact_id: contact.id } } }));
  assert.deepEqual(data.map((one) => one.id), [made.id]);
  await gone(api.DELETE("/api/v1/interact-collection/{id}", at(made)));
  await gone(api.DELETE("/api/v1/ticket/{id}", at(about)));
}

/** A ticket for what leads to it from elsewhere. */
export const appeal = (api: Api): Promise<Ticket> => created(api.POST("/api/v1/ticket", { body: { subject: "申訴", content: "申訴" } }));

/** The call task and the appointment that lead to a ticket. */
export async function related(api: Api, about: Ticket, task: { id: string }, task_num: string): Promise<void> {
  const found = await ok(api.GET("/api/v1/ticket/{id}/related", at(about)));
  assert.deepEqual(found.call_tasks?.items.map((one) => one.id), [task.id]);
  assert.deepEqual(found.appointments?.items.map((one) => one.task_num), [task_num]);
}
