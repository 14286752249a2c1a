// Node's ws, written in the way of Kith's engine: what comes while a round goes out goes out in the next one, in one write
// for each reader: `node ws_joined.js PORT CONTROL`.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Sender, WebSocketServer } from "ws";

const [port, control] = process.argv.slice(2).map(Number);
const talks = new Map(); // by name: its readers' connections, and the frames that nobody has yet
const FRAME = { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true };

function talkOf(name) {
  if (!talks.has(name)) talks.set(name, { readers: new Set(), frames: [] });
  return talks.get(name);
}

function flush(talk) {
  const bytes = Buffer.concat(talk.frames);
  talk.frames = [];
  for (const connection of talk.readers) connection.write(bytes);
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
    const talk = talkOf(line.slice(0, cut));
    if (!talk.frames.length) setImmediate(flush, talk);
    talk.frames.push(...Sender.frame(Buffer.from(JSON.stringify({ message: line.slice(cut + 1) })), FRAME));
  });
  connection.on("close", () => process.exit(0));
}).listen(control, "127.0.0.1");
