// Sponsors, categories and termination codes.
import assert from "node:assert/strict";

import { type Api, at, created, every, gone, ok } from "./client.js";

export type LookUps = Awaited<ReturnType<typeof fillLookUps>>;

/** Makes one of each. */
export async function fillLookUps(api: Api) {
  const sponsor = await created(api.POST("/api/v1/sponsor", { body: { name: "北方銀行" } }));
  const category = await created(api.POST("/api/v1/category", { body: { name: "信用卡", description: null } }));
  const subcategory = await created(api.POST("/api/v1/subcategory", { body: { name: "掛失", category_id: category.id } }));
  const code = await created(api.POST("/api/v1/ticket-termination-code", { body: { name: "已補發", status: 2 } }));
  assert.equal(subcategory.category?.name, category.name);
  return { sponsor, category, subcategory, code };
}

/** Reads and changes them one by one. */
export async function readLookUps(api: Api, { sponsor, category, subcategory, code }: LookUps): Promise<void> {
  assert.ok((await ok(api.GET("/api/v1/sponsor", every))).data.some((one) => one.id === sponsor.id));
  assert.deepEqual(await ok(api.GET("/api/v1/sponsor/{id}", at(sponsor))), sponsor);
  await ok(api.PUT("/api/v1/sponsor/{id}", { ...at(sponsor), body: { description: "09:00–18:00" } }));

  const renamed = await ok(api.PUT("/api/v1/category/{id}", { ...at(category), body: { name: "卡片" } }));
  assert.deepEqual(renamed.children.map((one) => one.id), [subcategory.id]);
  assert.deepEqual(await ok(api.GET("/api/v1/category/{id}", at(category))), renamed);
  assert.ok((await ok(api.GET("/api/v1/category", every))).data.some((one) => one.name === renamed.name));

  const { data } = await ok(api.GET("/api/v1/subcategory", { params: { query: { category_id: category.id } } }));
  assert.deepEqual(data.map((one) => one.category?.name), [renamed.name]);
  const changed = await ok(api.PUT("/api/v1/subcategory/{id}", { ...at(subcategory), body: { description: "遺失或被竊" } }));
  assert.deepEqual(await ok(api.GET("/api/v1/subcategory/{id}", at(subcategory))), changed);

  await ok(api.PUT("/api/v1/ticket-termination-code/{id}", { ...at(code), body: { status: 3 } }));
  assert.equal((await ok(api.GET("/api/v1/ticket-termination-code/{id}", at(code)))).status, 3);
  const found = await ok(api.GET("/api/v1/ticket-termination-code", { params: { query: { search: code.name } } }));
  assert.ok(found.data.some((one) => one.id === code.id));
}

/** Deletes them, the sub-category before its category. */
export async function clearLookUps(api: Api, { sponsor, category, subcategory, code }: LookUps): Promise<void> {
  await gone(api.DELETE("/api/v1/subcategory/{id}", at(subcategory)));
  await gone(api.DELETE("/api/v1/category/{id}", at(category)));
  await gone(api.DELETE("/api/v1/ticket-termination-code/{id}", at(code)));
  await gone(api.DELETE("/api/v1/sponsor/{id}", at(sponsor)));
}
