// From a name and password, or a license and a code, to a token.
import assert from "node:assert/strict";

import { type Api, connect, info, ok } from "./client.js";

const DEMO = { name: "admin", password: "frontdesk-demo" };

/** A client that is signed in as the demo organization's admin. */
export async function signIn(base: string, credentials = DEMO): Promise<Api> {
  const { access_token, token_type, expires_in } = await ok(connect(base).POST("/api/v1/auth", { body: credentials }));
  assert.equal(token_type, "bearer");
  assert.equal(expires_in, 3600);
  return connect(base, access_token);
}

/** A client that is signed in with the demo license as the moderator `user_id`. */
export async function signInByCode(base: string, user_id: string): Promise<Api> {
  const open = connect(base);
  const params = { header: { "arc-license-key": "demo-license" } };
  const { code } = await info(open.POST("/api/auth/code", { params, body: { user_id, role: "MODERATOR" } }));
  const exchange = { grant_type: "authorization_code", client_id: "arctos-webapp", code } as const;
  const login = await info(open.POST("/api/auth/login", { body: exchange }));
  const api = connect(base, login.access_token);
  const check = await info(api.POST("/api/auth/check"));
  assert.deepEqual(check, { client_id: "arctos-webapp", user_id: login.user_id, role: "MODERATOR" });
  return api;
}

/** What ends tokens, on those of an employee of whom nothing else is asked. */
export async function endSessions(base: string, admin: Api, employee: { id: number; employee_no: string }): Promise<void> {
  const password = "a password of its own";
  await ok(admin.PUT("/api/v1/auth/password", { body: { password, employee_id: employee.id } }));
  const api = await signIn(base, { name: employee.employee_no, password });
  assert.equal((await ok(api.GET("/api/v1/auth/me"))).instance_id, employee.id);
  const { access_token } = await ok(api.PUT("/api/v1/auth"));
  assert.equal((await api.GET("/api/v1/auth/me")).response.status, 401, "a refreshed token is refused");
  const { message } = await ok(connect(base, access_token).POST("/api/v1/auth/logout"));
  assert.equal(message, "Successfully logged out");
}
