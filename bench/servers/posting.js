// Node's ws or socket.io, where a message comes as a POST and is kept in PostgreSQL before it goes out:
// `node posting.js PORT ws|socketio DATABASE`. One transaction for each message (bench/endtoend.py has the tables).
import { createServer } from "node:http";
import pg from "pg";
import { WebSocketServer } from "ws";
import { Server } from "socket.io";

const [port, kind, database] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: database, max: 8 });

async function keep(text) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const taken = await client.query({
      name: "take", text: "UPDATE talk SET last_seq = last_seq + 1 WHERE id = 1 RETURNING last_seq",
    });
    const seq = taken.rows[0].last_seq;
    await client.query({
      name: "post", text: "INSERT INTO post (talk, seq, text) VALUES (1, $1, $2)", values: [seq, text],
    });
    await client.query({
      name: "event", text: "INSERT INTO event (talk, seq, kind) VALUES (1, $1, 'post_published')", values: [seq],
    });
    await client.query("COMMIT");
    return seq;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

let hand_out;
const http = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    try {
      const text = Buffer.concat(parts).toString();
      const seq = await keep(text);
      hand_out({ seq, message: text });
      response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify({ seq }));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
});

if (kind === "ws") {
  const readers = new Set();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on("connection", (socket) => {
    readers.add(socket);
    socket.on("close", () => readers.delete(socket));
  });
  hand_out = (message) => {
    const text = Buffer.from(JSON.stringify(message)); // encoded once, not by each send
    for (const socket of readers) socket.send(text, { binary: false });
  };
} else {
  const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
  io.on("connection", (socket) => socket.join("0"));
  hand_out = (message) => io.to("0").emit("message", message);
}
http.listen({ host: "127.0.0.1", port: Number(port), backlog: 4096 });
