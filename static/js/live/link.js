// The line to the server: a socket that only receives, or asking again and again. It knows one number, the last
// event seen.
const SILENCE = 50_000; // two and a half heartbeats
const STEP = 1000; // doubled with each failure, then spread over all of it

export function follow({ socket, events, head, view, on }) {
  let seen = head, failures = 0, wire, silence, retry, over = false;
  const pause = navigator.connection?.saveData ? 30_000 : 15_000;

  function take(frame) {
    if (frame.type === "events" && frame.to > seen) {
      on.events(frame.events.filter((event) => event.seq > seen));
      seen = frame.to;
    } else if (frame.type === "heartbeat" && frame.head > seen) {
      wire.send(JSON.stringify({ type: "after", seq: seen }));
    } else if (frame.type === "renew") {
      renew();
    } else if (frame.type === "reload" || frame.type === "gone") {
      stop(frame.type);
    }
  }

  function connect() {
    if (over || wire) return;
    const mine = new WebSocket(`${location.origin.replace("http", "ws")}${socket}?after=${seen}&view=${view}`);
    wire = mine;
    listen(mine);
    mine.onopen = () => { failures = 0; on.state("on"); };
    mine.onmessage = ({ data }) => { if (wire === mine) { listen(mine); take(JSON.parse(data)); } };
    mine.onclose = ({ code }) => { if (wire === mine) lost(code); };
  }

  function listen(mine) {
    clearTimeout(silence);
    silence = setTimeout(() => { mine.close(); if (wire === mine) lost(); }, SILENCE);
  }

  function lost(code) {
    clearTimeout(silence);
    wire = undefined;
    if (code === 4403) return stop("gone");
    if (code === 4408) return stop("reload");
    failures += 1;
    again();
  }

  function again() {
    if (over) return;
    clearTimeout(retry);
    if (!navigator.onLine) { on.state("off"); return; }
    if (failures < 3) {
      retry = setTimeout(connect, Math.random() * STEP * 2 ** (failures - 1));
      return;
    }
    on.state("slow");
    ask();
    retry = setTimeout(connect, pause * (0.8 + 0.4 * Math.random()));
  }

  async function ask() {
    try {
      const answer = await fetch(`${events}?after=${seen}&view=${view}`, { headers: { Accept: "application/json" } });
      if (over) return;
      if (answer.status === 404 || answer.status === 403) return stop("gone");
      if (!answer.ok) return;
      const found = await answer.json();
      if (found.reload) stop("reload");
      else if (found.renew) await renew();
      else take({ type: "events", ...found });
    } catch { on.state(navigator.onLine ? "slow" : "off"); }
  }

  // What one may see here has changed: the page is made again, and what came meanwhile is asked for again.
  async function renew() {
    const found = await on.renew();
    if (over) return;
    if (!found) { stop("reload"); return; }
    seen = found.head;
    view = found.view;
    if (wire?.readyState === WebSocket.OPEN) wire.send(JSON.stringify({ type: "after", seq: seen }));
  }

  function stop(why) {
    over = true;
    clearTimeout(retry);
    clearTimeout(silence);
    const mine = wire;
    wire = undefined;
    mine?.close();
    if (why) on[why]();
  }

  addEventListener("offline", () => {
    on.state("off");
    const mine = wire; // the browser leaves it open although nothing comes
    wire = undefined;
    clearTimeout(silence);
    mine?.close();
  });
  addEventListener("online", () => { failures = 0; clearTimeout(retry); connect(); });
  connect();
  if (!navigator.onLine) on.state("off");
  return { stop };
}
