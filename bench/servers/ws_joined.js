// Node's ws, written in the way of Kith's engine: what comes while a round goes out, or in the rest after it, goes out in
// the next one, in one write for each reader: `node ws_joined.js PORT CONTROL`.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Sender, WebSocketServer } from "ws";
import { joined } from "./joining.js";

const [port, control] = process.argv.slice(2).map(Number);
const talks = new Map(); // by name: its readers' connections, and what takes in a message's frames
const FRAME = { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true };

function talkOf(name) {
  if (!talks.has(name)) {
    const readers = new Set();
    const take = joined((frames) => {
      const bytes = Buffer.concat(frames.flat());
      for (const connection of readers) connection.write(bytes);
    });
    talks.set(name, { readers, take });
  }
  return talks.get(name);
}

const server = new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false, backlog: 4096 });
server.on("connection", (socket, request) => {
  const { readers } = talkOf(request.url.slice(1));
  readers.add(request.socket);
  socket.on("close", () => readers.delete(request.socket));
});

createServer((connection) => {
  createInterface({ input: connection }).on("line", (line) => {
    const cut = line.indexOf(" ");
    const message = Buffer.from(JSON.stringify({ message: line.slice(cut + 1) }));
    talkOf(line.slice(0, cut)).take(Sender.frame(message, FRAME));
  });
  connection.on("close", () => process.exit(0));
}).listen(control, "127.0.0.1");
