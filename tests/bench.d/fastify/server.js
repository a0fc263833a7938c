// The measured operations as somebody would write them with Fastify and better-sqlite3, in a cluster of 2. DATABASE names the file,
// PORT the port.

import cluster from "node:cluster"

import fastify from "fastify"

if (cluster.isPrimary) {
  for (let worker = 0; worker < 2; worker++) cluster.fork()
} else {
  const store = await import("./store.js")
  const schemas = await import("./schemas.js")
  const app = fastify()
  const answers = (code, schema, rest) => ({ schema: { ...rest, response: { [code]: schema } } })
  const found = (record, reply) => (record ? reply.send(record) : reply.code(404).send())
  const id = { type: "object", properties: { id: { type: "integer" } } }
  const pages = (rows) => ({ type: "object", properties: { page: { type: "integer", default: 1 }, per_page: { type: "integer", default: rows } } })

  app.get("/api/v1/ticket/:id", answers(200, schemas.ticket, { params: id }), (request, reply) => found(store.ticket(request.params.id), reply))
  app.get("/api/v1/ticket", answers(200, schemas.ticketPage, { querystring: pages(15) }), ({ query }, reply) => {
    reply.send(store.tickets(query.page, query.per_page))
  })
  app.post("/api/v1/ticket", answers(201, schemas.ticketCreated, { body: schemas.newTicket }), (request, reply) => {
    reply.code(201).send({ data: store.createTicket(request.body) })
  })
  app.put("/api/v1/ticket/:id", answers(200, schemas.ticket, { params: id, body: schemas.ticketPatch }), (request, reply) => {
    found(store.updateTicket(request.params.id, request.body), reply)
  })
  app.get("/api/tasks", answers(200, schemas.callTaskPage, { querystring: pages(20) }), ({ query }, reply) => {
    reply.send(store.callTasks(query.page, query.per_page))
  })
  app.post("/api/tasks", answers(200, schemas.callTask, { body: schemas.newCallTask }), (request, reply) => {
    reply.send(store.createCallTask(request.body))
  })
  app.post("/api/task/do_add", answers(200, schemas.appointmentCreated, { body: schemas.newAppointment }), (request, reply) => {
    reply.send(store.createAppointment(request.body))
  })
  app.post("/api/task/get_info", answers(200, schemas.appointmentShown, { body: schemas.appointmentNumber }), (request, reply) => {
    found(store.appointment(request.body.task_num), reply)
  })
  await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) })
}
