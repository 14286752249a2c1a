// socket.io, with a room for each talk: `node socketio.js PORT CONTROL`. Clients come over WebSocket at once.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { createServer as createHttpServer } from "node:http";
import { Server } from "socket.io";

const [port, control] = process.argv.slice(2).map(Number);
const http = createHttpServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => socket.join(socket.handshake.query.talk));
http.listen({ host: "127.0.0.1", port, backlog: 4096 });

createServer((connection) => {
  createInterface({ input: connection }).on("line", (line) => {
    const cut = line.indexOf(" ");
    io.to(line.slice(0, cut)).emit("message", line.slice(cut + 1));
  });
  connection.on("close", () => process.exit(0));
}).listen(control, "127.0.0.1");
