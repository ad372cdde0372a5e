// The three questions of the trial, answered by Node's own http module.
// Where and with what is told by variables of the environment.
"use strict";

const cluster = require("node:cluster");
const http = require("node:http");
const { readFile } = require("node:fs/promises");
const { setTimeout: sleep } = require("node:timers/promises");
const Database = require("better-sqlite3");

const WAIT_MS = 10;
const IDLE_MS = 600_000;
const QUERY = "SELECT name FROM users WHERE id = ?";
const ROW_ID = 42;

const { CLAIMS_HOST, CLAIMS_PORT, CLAIMS_CONNECTIONS, CLAIMS_FILE, CLAIMS_DATABASE } = process.env;
const workers = Number(process.env.CLAIMS_WORKERS);

function nameInRow() {
  const database = new Database(CLAIMS_DATABASE, { readonly: true });
  try {
    return database.prepare(QUERY).get(ROW_ID).name;
  } finally {
    database.close();
  }
}

async function read() {
  return (await readFile(CLAIMS_FILE, "utf8")) + nameInRow();
}

function send(response, body, status = 200) {
  const headers = { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}

async function answer(request, response) {
  switch (request.url) {
    case "/":
      return send(response, "Hello World");
    case "/wait":
      await sleep(WAIT_MS);
      return send(response, "Hello World");
    case "/read":
      return send(response, await read());
    default:
      return send(response, "", 404);
  }
}

if (cluster.isPrimary && workers > 1) {
  for (let started = 0; started < workers; started++) cluster.fork();
} else {
  const server = http.createServer({ keepAliveTimeout: IDLE_MS }, (request, response) => {
    answer(request, response).catch((error) => send(response, String(error), 500));
  });
  server.listen({
    host: CLAIMS_HOST,
    port: Number(CLAIMS_PORT),
    backlog: Number(CLAIMS_CONNECTIONS),
  });
}
