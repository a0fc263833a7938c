// Whether the server lives and works, asked without a token.
import assert from "node:assert/strict";

import { type Api, ok } from "./client.js";

export async function operating(open: Api): Promise<void> {
  assert.equal((await ok(open.GET("/healthz"))).message, "ok");
  assert.equal((await ok(open.GET("/readyz"))).message, "ready");
  const counts = await ok(open.GET("/metrics", { parseAs: "text" }));
  assert.match(counts, /^# HELP /m);
}
