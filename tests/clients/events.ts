// The change feed, the live stream and webhooks.
import assert from "node:assert/strict";

import { type Api, at, created, every, gone, ok } from "./client.js";

/** Follows what it does itself: in pages, and as it comes. */
export async function follow(api: Api): Promise<void> {
  const { next_after } = await ok(api.GET("/api/v1/event", { params: { query: { after: "latest" } } }));
  const webhook = await created(
    api.POST("/api/v1/webhook", { body: { url: "https://receiver.invalid/", events: ["sponsor.*"], description: "Script" } }),
  );
  assert.ok(webhook.secret.startsWith("whsec_"));
  const after = String(next_after);
  const { data } = await ok(api.GET("/api/v1/event", { params: { query: { after, type: ["webhook.*"] } } }));
  assert.deepEqual(data.map((event) => [event.type, event.path]), [["webhook.created", `/api/v1/webhook/${webhook.id}`]]);

  const stream = await api.GET("/api/v1/event/stream", { params: { query: { after } }, parseAs: "stream" });
  assert.equal(stream.response.status, 200);
  await stream.data?.cancel();
  await manage(api, webhook);
}

/** Changes a webhook, and deletes it. */
async function manage(api: Api, webhook: { id: number; secret: string }): Promise<void> {
  assert.equal((await ok(api.GET("/api/v1/webhook/{id}", at(webhook)))).description, "Script");
  assert.ok((await ok(api.GET("/api/v1/webhook", every))).data.some((one) => one.id === webhook.id));
  assert.notEqual((await ok(api.POST("/api/v1/webhook/{id}/rotate", at(webhook)))).secret, webhook.secret);
  const nothing = { body: { after: Number.MAX_SAFE_INTEGER - 1 } };
  await ok(api.POST("/api/v1/webhook/{id}/replay", { ...at(webhook), ...nothing }));
  assert.deepEqual((await ok(api.GET("/api/v1/webhook/{id}/delivery", at(webhook)))).data, []);
  const path = { id: webhook.id, delivery_id: 1 };
  const resent = await api.POST("/api/v1/webhook/{id}/delivery/{delivery_id}/resend", { params: { path } });
  assert.equal(resent.response.status, 404);
  const changed = await ok(api.PUT("/api/v1/webhook/{id}", { ...at(webhook), body: { is_active: false } }));
  assert.equal(changed.is_active, false);
  await gone(api.DELETE("/api/v1/webhook/{id}", at(webhook)));
}
