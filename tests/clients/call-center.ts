// Tasks made from calls.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { type Api, type Schema, ok } from "./client.js";

type CallTask = Schema<"CallTask">;

const of = ({ id }: CallTask) => ({ params: { path: { task_id: id } } });

const said = "Клиент: Мой заказ не пришёл, проверьте его. Оператор: Я проверю заказ и перезвоню завтра.";

/** The task once nothing is to be done for it any more. */
async function ended(api: Api, task: CallTask): Promise<CallTask> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await ok(api.GET("/api/tasks/{task_id}", of(task)));
    if (!["queued", "running"].includes(found.processing.state)) return found;
    await sleep(100);
  }
  throw new Error("a task was not processed within 30 seconds");
}

/** Makes a task for `operator` and takes it as far as it goes; it is linked to `ticket` in the end. */
export async function callTask(api: Api, operator: { id: number }, ticket: { id: number }): Promise<CallTask> {
  const made = await ok(
    api.POST("/api/tasks", {
      params: { header: { "Idempotency-Key": `task-${Date.now()}` } },
      body: { operator_id: operator.id, title: "Перезвонить по счёту", caller_phone: "+7 495 123-45-67", call_transcription: said },
    }),
  );
  assert.equal(made.assigned_user_id, operator.id);
  assert.equal(made.processing.state, "queued");

  const { items, total } = await ok(api.GET("/api/tasks", { params: { query: { status: made.status, operator_id: operator.id, per_page: 1 } } }));
  assert.equal(items[0]?.id, made.id);
  assert.ok(total >= 1);

  const again = await ok(api.POST("/api/tasks/{task_id}/reprocess", of(made)));
  assert.ok(again.processing.version >= made.processing.version);
  const first = await ended(api, made);
  assert.match(first.call_response_summary ?? "", /перезвоню завтра/);
  await ok(api.POST("/api/tasks/{task_id}/reprocess", of(made)));
  await ended(api, made);
  const texts = await ok(api.GET("/api/tasks/{task_id}/processing", of(made)));
  assert.ok(texts.items.some(({ stage, version, is_current }) => stage === "call_summary" && version === 2 && is_current));
  await ok(api.PUT("/api/tasks/{task_id}/processing", { ...of(made), body: { stage: "call_summary", version: 1 } }));
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
