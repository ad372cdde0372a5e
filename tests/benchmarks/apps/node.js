// Node's own server: `node node.js PORT`.
const http = require("node:http");

const LARGE = Buffer.alloc(64 * 1024, "x");
const JSON_TYPE = { "content-type": "application/json" };

function answered(request, response, body, headers = { "content-type": "text/plain" }) {
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function uploaded(request, response) {
  let bytes = 0;
  request.on("data", (piece) => { bytes += piece.length; });
  request.on("end", () => answered(request, response, String(bytes)));
}

const server = http.createServer((request, response) => {
  switch (request.url.split("?")[0]) {
    case "/": return answered(request, response, "Hello World");
    case "/task": return setImmediate(answered, request, response, "Hello World");
    case "/json": return answered(request, response, JSON.stringify({ message: "Hello World" }), JSON_TYPE);
    case "/upload": return uploaded(request, response);
    case "/large": return answered(request, response, LARGE);
    case "/wait": return setTimeout(answered, 10, request, response, "Hello World");
    default: return answered(request, response, `user ${Number(request.url.slice("/users/".length))}`);
  }
});
server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
