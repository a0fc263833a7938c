// Tasks made from calls.
import assert from "node:assert/strict";

import { type Api, type Schema, ok } from "./client.js";

type CallTask = Schema<"CallTask">;

const of = ({ id }: CallTask) => ({ params: { path: { task_id: id } } });

/** Makes a task for `operator` and takes it as far as it goes; it is linked to `ticket` in the end. */
export async function callTask(api: Api, operator: { id: number }, ticket: { id: number }): Promise<CallTask> {
  const made = await ok(
    api.POST("/api/tasks", {
      params: { header: { "Idempotency-Key": `task-${Date.now()}` } },
      body: { operator_id: operator.id, title: "Перезвонить по счёту", caller_phone: "+7 495 123-45-67", call_transcription: "Добрый день" },
    }),
  );
  assert.equal(made.assigned_user_id, operator.id);
  assert.equal(made.processing.state, "queued");

  const { items, total } = await ok(api.GET("/api/tasks", { params: { query: { status: made.status, operator_id: operator.id, per_page: 1 } } }));
  assert.equal(items[0]?.id, made.id);
  assert.ok(total >= 1);

  const again = await ok(api.POST("/api/tasks/{task_id}/reprocess", of(made)));
  assert.equal(again.processing.version, made.processing.version);
  const begun = await ok(api.PUT("/api/tasks/{task_id}/status", { ...of(again), body: { status: "in_progress" } }));
  assert.equal(begun.status, "in_progress");
  const linked = await ok(api.PUT("/api/tasks/{task_id}/appeal", { ...of(begun), body: { appeal_id: ticket.id } }));
  assert.equal(linked.appeal_id, ticket.id);
  const changed = await ok(api.PATCH("/api/tasks/{task_id}", { ...of(linked), body: { title: "Перезвонить завтра", description: null } }));
  assert.equal(changed.title, "Перезвонить завтра");
  const unlinked = await ok(api.PATCH("/api/tasks/{task_id}/appeal", { ...of(linked), body: { appeal_id: null } }));
  assert.equal(unlinked.appeal_id, null);
  await ok(api.PATCH("/api/tasks/{task_id}/appeal", { ...of(unlinked), body: { appeal_id: ticket.id } }));
  const found = await ok(api.GET("/api/tasks/{task_id}", of(made)));
  assert.equal(found.appeal_id, ticket.id);
  const history = await ok(api.GET("/api/tasks/{task_id}/history", of(made)));
  assert.deepEqual(history.items[0]?.changes, [{ field: "appeal_id", from: null, to: ticket.id, erased: false }]);
  return found;
}
