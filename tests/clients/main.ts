// Calls every operation of the document once against a running server, as a client of it would: `node main.js BASE DOCUMENT`.
import { readFileSync } from "node:fs";

import { appointment } from "./appointments.js";
import { callTask } from "./call-center.js";
import { called, connect } from "./client.js";
import { customer, forget, readCustomer } from "./contacts.js";
import { follow } from "./events.js";
import { clearLookUps, fillLookUps, readLookUps } from "./look-ups.js";
import { operating } from "./operating.js";
import { secrets, settings } from "./organization.js";
import { endSessions, signIn, signInByCode } from "./sign-in.js";
import { dismiss, employeeOf, hire, readStaff } from "./staff.js";
import { appeal, related, talk, ticket } from "./ticketing.js";

const [base, document] = process.argv.slice(2);
if (base === undefined || document === undefined) throw new Error("usage: main.js BASE DOCUMENT");

await operating(connect(base));
const admin = await signIn(base);
const moderator = await signInByCode(base, "client-script");
const colleague = await employeeOf(admin, "client-script");
await settings(admin);
await secrets(base, admin);
await follow(admin);

const lookUps = await fillLookUps(admin);
const staff = await hire(admin, colleague);
const caller = await customer(admin, lookUps.sponsor);
const request = await ticket(admin, staff, caller, lookUps);
await readLookUps(admin, lookUps);
await readStaff(admin, staff);
await readCustomer(admin, caller);

const complaint = await appeal(admin);
const task = await callTask(admin, colleague, complaint);
const task_num = await appointment(moderator, colleague, complaint);
await related(admin, complaint, task, task_num);

await talk(admin, request, staff, caller);
await forget(admin, caller);
await dismiss(admin, staff);
await clearLookUps(admin, lookUps);
await endSessions(base, admin, colleague);

/** The operations of a document, as `GET /api/tasks/{task_id}`. */
function operations(text: string): string[] {
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
}

const all = operations(readFileSync(document, "utf8"));
const missed = all.filter((operation) => !called.has(operation));
console.log(`operations called: ${called.size}, in the document: ${all.length}`);
for (const operation of missed) console.log(`not called: ${operation}`);
if (missed.length > 0) process.exitCode = 1;
