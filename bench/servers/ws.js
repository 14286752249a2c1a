// Node's ws, with its own loop over the readers of a talk: `node ws.js PORT CONTROL`.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { WebSocketServer } from "ws";

const [port, control] = process.argv.slice(2).map(Number);
const talks = new Map();

const server = new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false, backlog: 4096 });
server.on("connection", (socket, request) => {
  const talk = request.url.slice(1);
  if (!talks.has(talk)) talks.set(talk, new Set());
  talks.get(talk).add(socket);
  socket.on("close", () => talks.get(talk).delete(socket));
});

createServer((connection) => {
  createInterface({ input: connection }).on("line", (line) => {
    const cut = line.indexOf(" ");
    const text = Buffer.from(JSON.stringify({ message: line.slice(cut + 1) })); // encoded once, not by each send
    for (const socket of talks.get(line.slice(0, cut)) ?? []) socket.send(text, { binary: false });
  });
  connection.on("close", () => process.exit(0));
}).listen(control, "127.0.0.1");
