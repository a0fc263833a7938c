// The client: openapi-fetch with the types of the document, a note of every operation called, and what an answer must be.
import assert from "node:assert/strict";

import createClient, { type Client, type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema.js";

export type Api = Client<paths>;
/** A schema of the document, by its name. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** The operations called so far, as `GET /api/tasks/{task_id}`. */
export const called = new Set<string>();

const recorder: Middleware = {
  onRequest({ request, schemaPath }) {
    called.add(`${request.method} ${schemaPath}`);
  },
};

/** A client of the server at `base`, with a token or a license key where there is one. */
export function connect(base: string, token?: string): Api {
  const api = createClient<paths>({
    baseUrl: base,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    querySerializer: { array: { style: "form", explode: false } },
  });
  api.use(recorder);
  return api;
}

interface Call<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a call that must answer `status`. */
async function body<T>(call: Promise<Call<T>>, status: number): Promise<T> {
  const { data, error, response } = await call;
  const what = `${response.url} answered ${response.status}: ${JSON.stringify(error ?? data)}`;
  assert.equal(response.status, status, what);
  return data as T;
}

/** The body of a 200. */
export const ok = <T>(call: Promise<Call<T>>): Promise<T> => body(call, 200);

/** The record of a 201 of the ticketing surface. */
export const created = async <T>(call: Promise<Call<{ data: T }>>): Promise<T> => (await body(call, 201)).data;

/** A 204. */
export const gone = async (call: Promise<Call<unknown>>): Promise<void> => void (await body(call, 204));

/** An answer of the appointments surface that reports success. */
export async function done<T extends { status: number; message: string }>(call: Promise<Call<T>>): Promise<T> {
  const answer = await ok(call);
  assert.equal(answer.status, 1, answer.message);
  return answer;
}

/** The `info` of a success of the appointments surface. */
export async function info<T>(call: Promise<Call<{ status: 0 | 1 | 2; message: string; info?: T }>>): Promise<T> {
  const answer = await done(call);
  assert.ok(answer.info !== undefined, "a success has its info");
  return answer.info;
}

/** The path parameters of a record. */
export const at = <Id>({ id }: { id: Id }): { params: { path: { id: Id } } } => ({ params: { path: { id } } });

/** As many rows as a page may have. */
export const every = { params: { query: { per_page: 200 } } };
