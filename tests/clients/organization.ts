// The organization's settings, licenses and service keys.
import assert from "node:assert/strict";

import { type Api, at, connect, created, every, gone, ok } from "./client.js";

/** Changes the settings and puts them back. */
export async function settings(api: Api): Promise<void> {
  const { name, time_zone, double_booking } = await ok(api.GET("/api/v1/organization"));
  const changed = await ok(api.PUT("/api/v1/organization", { body: { name: `${name} 2`, time_zone, double_booking } }));
  assert.equal(changed.name, `${name} 2`);
  await ok(api.PUT("/api/v1/organization", { body: { name } }));
}

/** Makes a license and a service key, uses the key, and revokes both. */
export async function secrets(base: string, api: Api): Promise<void> {
  const license = await created(api.POST("/api/v1/license", { body: { label: "Script" } }));
  assert.equal((await ok(api.GET("/api/v1/license/{id}", at(license)))).label, "Script");
  assert.ok((await ok(api.GET("/api/v1/license", every))).data.some((one) => one.id === license.id));
  await gone(api.DELETE("/api/v1/license/{id}", at(license)));

  const key = await created(api.POST("/api/v1/service-key", { body: { label: "Script", scopes: ["tickets:read"] } }));
  await ok(connect(base, key.secret).GET("/api/v1/ticket"));
  assert.deepEqual((await ok(api.GET("/api/v1/service-key/{id}", at(key)))).scopes, ["tickets:read"]);
  assert.ok((await ok(api.GET("/api/v1/service-key", every))).data.some((one) => one.id === key.id));
  await gone(api.DELETE("/api/v1/service-key/{id}", at(key)));
}
