// Video appointments with their moderators and publishers.
import assert from "node:assert/strict";

import { type Api, done, info } from "./client.js";

/** Makes an appointment about `ticket`, brings `moderator` and a customer together in it, and takes it to its end. */
export async function appointment(api: Api, moderator: { employee_no: string }, ticket: { id: number }): Promise<string> {
  const { task_num } = await info(
    api.POST("/api/task/do_add", {
      body: {
        business_id: 15,
        out_task_num: `client-${Date.now()}`,
        task_type: "normal",
        task_time: "1703141398",
        branch_code: 943,
        room_type: "normal",
        video: true,
        ticket_id: ticket.id,
      },
    }),
  );
  await done(api.POST("/api/task/service/do_add", { body: { task_num, emp_id: moderator.employee_no } }));
  const customer = [{ customer_name: "林小姐", customer_id_num: "A123456789" }];
  await done(api.POST("/api/task/customer/do_add", { body: { task_num, customer } }));

  const found = await info(api.POST("/api/task/get_info", { body: { task_num } }));
  assert.equal(found.ticket_id, ticket.id);
  assert.equal(found.branch_code, "943");
  assert.deepEqual(found.moderators.map((one) => one.emp_id), [moderator.employee_no]);
  assert.deepEqual(found.publishers.map((one) => one.customer_name), ["林小姐"]);
  const page = await info(api.POST("/api/task/get_list", { body: { status: found.status, out_task_num: found.out_task_num } }));
  assert.deepEqual(page.items.map((one) => one.id), [found.id]);

  const { customer_id_num } = customer[0]!;
  await done(api.POST("/api/task/time/do_update", { body: { task_num, task_time: 1893488400 } }));
  await done(api.POST("/api/task/customer/do_del", { body: { task_num, customer: [{ customer_id_num }] } }));
  await done(api.POST("/api/task/service/do_del", { body: { task_num, emp_id: moderator.employee_no } }));
  await done(api.POST("/api/task/service/do_add", { body: { task_num } }));
  await done(api.POST("/api/task/status/do_update", { body: { task_num, task_status: "finished" } }));
  const history = await info(api.POST("/api/task/get_history", { body: { task_num } }));
  assert.deepEqual(history.items[0]?.changes, [{ field: "status", from: "pending", to: "finished", erased: false }]);
  return task_num;
}
