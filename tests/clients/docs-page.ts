// Drives Swagger UI as a newcomer would: `node docs-page.js BASE FOLDER`. It signs in the way the page's top says, executes
// every operation with what the page filled in, and keeps screenshots in FOLDER. No request may leave the server.
import assert from "node:assert/strict";
import { join } from "node:path";

import { chromium, type Locator, type Page, type Response } from "playwright-core";

interface Operation {
  operationId: string;
  tags: [string];
}

const [base, folder] = process.argv.slice(2);
if (base === undefined || folder === undefined) throw new Error("usage: docs-page.js BASE FOLDER");

const SIGN_IN = "auth_login";
/** A stream that never ends. */
const WITHOUT = ["event_stream"];
/** What ends the page's token, so that it signs in again. The last one changes the password of the page's example. */
const ENDS = ["auth_logout", "auth_refresh", "auth_password"];

const PATIENCE = 60_000;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const place = (tag: string): string => tag.replaceAll(" ", "_");
const block = (page: Page, { tags, operationId }: Operation): Locator => page.locator(`[id="operations-${place(tags[0])}-${operationId}"]`);

/** Leaves the operations of one tag alone on the page, which is slow to draw with all of them. */
async function show(page: Page, tag: string): Promise<void> {
  const opened = page.locator(".opblock-tag[data-is-open=true]");
  const wanted = page.locator(`[id="operations-tag-${place(tag)}"]`);
  for (let left = await opened.count(); left > 0; left--) await opened.first().click();
  await wanted.click();
}

/** Executes an operation as the page filled it in, and answers with what came back. */
async function execute(page: Page, operation: Operation): Promise<Response> {
  const opened = block(page, operation);
  if (!(await opened.isVisible())) await show(page, operation.tags[0]);
  await opened.locator(".opblock-summary-control").click();
  const sent = page.waitForResponse((response) => response.request().resourceType() === "fetch", { timeout: PATIENCE });
  sent.catch(() => undefined);
  await opened.locator("button.execute").click();
  const shown = opened.locator(".live-responses-table .response-col_status").last();
  await shown.or(opened.locator(".invalid").first()).waitFor({ timeout: PATIENCE });
  assert.ok(await shown.isVisible(), "a value that it needs has no example");
  const response = await sent;
  assert.equal(await shown.textContent(), String(response.status()), "the page shows a documented status");
  return response;
}

/** Closes an operation, without the mouse: that would wait until the page has scrolled to what was opened. */
const close = (page: Page, operation: Operation): Promise<void> =>
  block(page, operation).locator(".opblock-summary-control").dispatchEvent("click");

/** The tags one after another, in the document's order within each. */
const byTag = (a: Operation, b: Operation): number => a.tags[0].localeCompare(b.tags[0]);

/** Says what is wrong with an answer; nothing when it is a success. */
async function fault(response: Response): Promise<string | undefined> {
  const text = await response.text().catch(() => "");
  const surface = new URL(response.url()).pathname;
  const refused = /^\/api\/(task|auth)\//.test(surface) && (JSON.parse(text) as { status: number }).status !== 1;
  if (response.ok() && !refused) return undefined;
  return `${response.status()} ${text.slice(0, 300)}`;
}

/** Presses Authorize and pastes a token under `bearer`. */
async function authorize(page: Page, token: string): Promise<void> {
  await page.locator(".auth-wrapper .btn.authorize").first().click();
  const dialog = page.locator(".dialog-ux");
  const bearer = dialog.locator(".auth-container").filter({ has: page.locator("h4 code", { hasText: "bearer" }) });
  const earlier = bearer.getByRole("button", { name: "Remove authorization" });
  if (await earlier.isVisible()) await earlier.click();
  await bearer.locator("input").fill(token);
  await bearer.getByRole("button", { name: "Apply credentials" }).click();
  await dialog.locator("button.close-modal").click();
}

/** Executes the sign-in of the page's first line and authorizes with its token. */
async function signIn(page: Page, operation: Operation): Promise<void> {
  const response = await execute(page, operation);
  assert.equal(await fault(response), undefined);
  await close(page, operation);
  const { access_token } = (await response.json()) as { access_token: string };
  await authorize(page, access_token);
}

/** Executes operations on a page that is signed in, says what failed, and answers how many did. */
async function executeAll(page: Page, operations: Operation[], door: Operation): Promise<number> {
  let failed = 0;
  for (const operation of operations) {
    const wrong = await execute(page, operation).then(fault, (error: Error) => error.message.split("\n")[0]);
    if (wrong !== undefined) {
      failed += 1;
      console.log(`failed: ${operation.operationId}: ${wrong}`);
      await picture(page, operation, `failed-${operation.operationId}`);
    } else if (operation.operationId === "ticket_list") {
      await picture(page, operation, "executed");
    }
    await close(page, operation);
    if (ENDS.includes(operation.operationId) && operation !== operations.at(-1)) await signIn(page, door);
  }
  return failed;
}

/** Keeps what the page shows of an operation. */
async function picture(page: Page, operation: Operation, name: string): Promise<void> {
  await block(page, operation).evaluate((element) => (element.querySelector(".responses-wrapper") ?? element).scrollIntoView());
  await page.screenshot({ path: join(folder!, `docs-${name}.png`) });
}

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
// With a new profile, which is removed in the end.
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  const requests = new Set<string>();
  const blocked = new Set<string>();
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: Record<string, Record<string, Operation>> };
  const served = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const operations = served.filter((one) => !WITHOUT.includes(one.operationId)).sort(byTag);
  const last = ENDS.flatMap((id) => operations.filter((one) => one.operationId === id));
  const rest = operations.filter((one) => !last.includes(one));
  const door = operations.find((one) => one.operationId === SIGN_IN);
  assert.ok(door !== undefined, `the document has ${SIGN_IN}`);

  // Nothing is sent again to a webhook that is not active, as those of the demo organization are not.
  const send = (method: string, path: string, body: object, headers = {}) =>
    fetch(`${base}${path}`, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
  const known = await send("POST", "/api/v1/auth", { name: "admin", password: "frontdesk-demo" });
  const { access_token } = (await known.json()) as { access_token: string };
  const active = await send("PUT", "/api/v1/webhook/1", { is_active: true }, { authorization: `Bearer ${access_token}` });
  assert.equal(active.status, 200);

  /** Opens the page, signs in and executes some of the operations. */
  const visit = async (some: Operation[]) => {
    // In a window of its own: pages behind others are drawn rarely.
    const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
    context.on("request", (request) => requests.add(request.url()));
    const page = await context.newPage();
    page.on("console", (line) => line.text().includes("Content Security Policy") && blocked.add(line.text()));
    await page.goto(`${base}/docs/`);
    await page.locator(".opblock").first().waitFor();
    await page.screenshot({ path: join(folder, "docs-top.png") });
    await signIn(page, door);
    return { page, failed: await executeAll(page, some, door) };
  };
  // Swagger UI takes most of a second to draw an operation, on one core.
  const middle = rest.length / 2;
  const [first, second] = await Promise.all([visit(rest.slice(0, middle)), visit(rest.slice(middle))]);
  const failed = first.failed + second.failed + (await executeAll(first.page, last, door));

  console.log(`operations executed in the browser: ${operations.length - failed}, in the document: ${served.length}, of them left out: ${WITHOUT.length}`);
  const elsewhere = [...requests].filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(`${base}/`));
  console.log(`requests of the page: ${requests.size} addresses, elsewhere: ${elsewhere.length}`);
  for (const url of elsewhere) console.log(`asked elsewhere: ${url}`);
  for (const line of blocked) console.log(`blocked on the page: ${line}`);
  if (failed + elsewhere.length + blocked.size > 0) process.exitCode = 1;
} finally {
  await browser.close();
}
