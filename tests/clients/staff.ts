// Employees, and the groups, departments and telephones they have.
import assert from "node:assert/strict";

import { type Api, at, created, every, gone, ok } from "./client.js";

export type Staff = Awaited<ReturnType<typeof hire>>;

/** Makes a department with a supervised group, and an employee who works there. */
export async function hire(api: Api, supervisor: { id: number }) {
  const group = await created(api.POST("/api/v1/group", { body: { name: "Evening shift", supervisor_id: supervisor.id } }));
  const department = await created(api.POST("/api/v1/department", { body: { name: "客服部", abbrev: "CSD" } }));
  const jobTitle = await created(api.POST("/api/v1/job-title", { body: { name: "客服專員" } }));
  const extension = await created(api.POST("/api/v1/extension", { body: { type: 3, extension: "7001" } }));
  const ctiAgent = await created(api.POST("/api/v1/cti-agent", { body: { account: "script7001", group_id: group.id } }));
  const employee = await created(
    api.POST("/api/v1/employee", {
      body: {
        employee_no: "script-hired",
        first_name: "美玲",
        last_name: "陳",
        role: "agent",
        group_id: group.id,
        department_id: department.id,
        job_title_id: jobTitle.id,
        extension_id: extension.id,
        cti_agent_id: ctiAgent.id,
      },
    }),
  );
  assert.equal(employee.department?.abbrev, "CSD");
  assert.equal(employee.cti_agent_account, ctiAgent.account);
  return { group, department, jobTitle, extension, ctiAgent, employee };
}

/** An employee by its number. */
export async function employeeOf(api: Api, employee_no: string) {
  const { data } = await ok(api.GET("/api/v1/employee", { params: { query: { search: employee_no } } }));
  const found = data.find((one) => one.employee_no === employee_no);
  assert.ok(found !== undefined, `${employee_no} is listed`);
  return found;
}

/** Reads and changes them one by one. */
export async function readStaff(api: Api, staff: Staff): Promise<void> {
  const { group, department, jobTitle, extension, ctiAgent, employee } = staff;
  assert.ok((await ok(api.GET("/api/v1/group", every))).data.some((one) => one.id === group.id));
  assert.deepEqual(await ok(api.GET("/api/v1/group/{id}", at(group))), group);
  await ok(api.PUT("/api/v1/group/{id}", { ...at(group), body: { name: "Night shift" } }));

  assert.ok((await ok(api.GET("/api/v1/department", every))).data.some((one) => one.id === department.id));
  assert.deepEqual(await ok(api.GET("/api/v1/department/{id}", at(department))), department);
  await ok(api.PUT("/api/v1/department/{id}", { ...at(department), body: { number: "D7", description: null } }));

  assert.ok((await ok(api.GET("/api/v1/job-title", every))).data.some((one) => one.id === jobTitle.id));
  assert.deepEqual(await ok(api.GET("/api/v1/job-title/{id}", at(jobTitle))), jobTitle);
  await ok(api.PUT("/api/v1/job-title/{id}", { ...at(jobTitle), body: { abbrev: "CS" } }));

  assert.ok((await ok(api.GET("/api/v1/extension", every))).data.some((one) => one.id === extension.id));
  assert.deepEqual(await ok(api.GET("/api/v1/extension/{id}", at(extension))), extension);
  await ok(api.PUT("/api/v1/extension/{id}", { ...at(extension), body: { description: "7F" } }));

  assert.ok((await ok(api.GET("/api/v1/cti-agent", every))).data.some((one) => one.id === ctiAgent.id));
  assert.deepEqual(await ok(api.GET("/api/v1/cti-agent/{id}", at(ctiAgent))), ctiAgent);
  await ok(api.PUT("/api/v1/cti-agent/{id}", { ...at(ctiAgent), body: { account: "script7002" } }));

  const moved = await ok(api.PUT("/api/v1/employee/{id}", { ...at(employee), body: { extension_id: -1, email: "ml@example.com" } }));
  assert.equal(moved.extension, null);
  const seen = await ok(api.GET("/api/v1/employee/{id}", at(employee)));
  assert.equal(seen.group?.name, "Night shift");
  assert.equal(seen.job_title?.abbrev, "CS");
}

/** Deletes them, those first that refer to others. */
export async function dismiss(api: Api, { group, department, jobTitle, extension, ctiAgent, employee }: Staff): Promise<void> {
  const refused = await api.DELETE("/api/v1/department/{id}", at(department));
  assert.equal(refused.response.status, 409, "a department in use stays");
  assert.ok(refused.error !== undefined && "message" in refused.error, "a refusal says why");
  await gone(api.DELETE("/api/v1/employee/{id}", at(employee)));
  await gone(api.DELETE("/api/v1/cti-agent/{id}", at(ctiAgent)));
  await gone(api.DELETE("/api/v1/extension/{id}", at(extension)));
  await gone(api.DELETE("/api/v1/job-title/{id}", at(jobTitle)));
  await gone(api.DELETE("/api/v1/department/{id}", at(department)));
  await gone(api.DELETE("/api/v1/group/{id}", at(group)));
}
