// The customers and their phone numbers.
import assert from "node:assert/strict";

import { type Api, at, created, gone, ok } from "./client.js";

export type Customer = Awaited<ReturnType<typeof customer>>;

/** Makes a customer of a sponsor, with a phone number. */
export async function customer(api: Api, sponsor: { id: number }) {
  const contact = await created(
    api.POST("/api/v1/contact", { body: { first_name: "Иван", last_name: "Смирнов", membership_no: "S-7001", sponsor_id: sponsor.id } }),
  );
  const phone = await created(api.POST("/api/v1/phone-number", { body: { contact_id: contact.id, type: 2, number: "+7 495 123-45-67" } }));
  return { contact, phone };
}

/** Finds and changes them. */
export async function readCustomer(api: Api, { contact, phone }: Customer): Promise<void> {
  const seen = (await ok(api.GET("/api/v1/contact/{id}", at(contact)))).data;
  assert.equal(seen.name, "Иван Смирнов");
  const born = await ok(api.PUT("/api/v1/contact/{id}", { ...at(contact), body: { birth_at: "1987-10-10" } }));
  assert.equal(born.data.birth_at, "1987-10-10");
  const query = { id: [contact.id], search: "смирнов", birth_months: [10], sort: "-id" };
  const { data } = await ok(api.GET("/api/v1/contact", { params: { query } }));
  assert.deepEqual(data.map((one) => one.id), [contact.id]);

  await ok(api.PUT("/api/v1/phone-number/{id}", { ...at(phone), body: { extension: "12" } }));
  assert.equal((await ok(api.GET("/api/v1/phone-number/{id}", at(phone)))).data.extension, "12");
  const phones = await ok(api.GET("/api/v1/phone-number", { params: { query: { contact_id: contact.id } } }));
  assert.deepEqual(phones.data.map((one) => one.id), [phone.id]);
}

/** Takes out what is known of them, and deletes them. */
export async function forget(api: Api, { contact, phone }: Customer): Promise<void> {
  await gone(api.DELETE("/api/v1/phone-number/{id}", at(phone)));
  const { data: nobody } = await ok(api.POST("/api/v1/contact/{id}/anonymize", at(contact)));
  assert.equal(nobody.name, "anonymized");
  const { data: history } = await ok(api.GET("/api/v1/contact/{id}/history", at(contact)));
  assert.equal(history[0]?.action, "anonymized");
  assert.ok(history[0]?.changes.every(({ erased, from, to }) => erased && from === null && to === null));
  await gone(api.DELETE("/api/v1/contact/{id}", at(contact)));
}
