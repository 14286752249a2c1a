// The line to the server: a socket that only receives, or asking again and again. It knows one number, the last
// event seen, and keeps the last ticket in memory alone, so that coming back costs the server no look-up.
const SILENCE = 50_000; // two and a half heartbeats
const STEP = 1000; // doubled with each failure, then spread over all of it
const SLOW = 4; // failures: three quick tries
const CAUGHT_UP = 3000; // what comes sooner may be what was missed

export function follow({ socket, events, head, view, on }) {
  let seen = head, failures = 0, opened, ticket, wire, silence, retry, over = false;
  const pause = navigator.connection?.saveData ? 30_000 : 15_000;

  function take(frame, isNow) {
    if (frame.type === "events" && frame.to > seen) {
      on.events(frame.events.filter((event) => event.seq > seen), isNow);
      seen = frame.to;
    } else if (frame.type === "heartbeat" && frame.head > seen) {
      wire.send(JSON.stringify({ type: "after", seq: seen }));
    } else if (frame.type === "ticket") {
      ticket = frame.ticket;
    } else if (frame.type === "renew") {
      renew();
    } // after "reload" and "gone" the socket closes with a code that says the same
  }

  function connect() {
    if (over || wire) return;
    const asked = `after=${seen}&view=${view}&ticket=${ticket ? "shown" : "wanted"}`;
    const mine = new WebSocket(`${location.origin.replace("http", "ws")}${socket}?${asked}`);
    const isIn = () => { failures = 0; opened = Date.now(); on.state("on"); on.back?.(); };
    let waits = Boolean(ticket); // open to whoever has a ticket: the first frame says that one is in
    wire = mine;
    listen(mine);
    mine.onopen = () => {
      if (waits) mine.send(JSON.stringify({ type: "ticket", ticket }));
      else isIn();
    };
    mine.onmessage = ({ data }) => {
      if (wire !== mine) return;
      listen(mine);
      if (waits) isIn();
      waits = false;
      on.state("on");
      on.back?.();
      take(JSON.parse(data), Date.now() - opened > CAUGHT_UP);
    };
    mine.onclose = ({ code }) => { if (wire === mine) lost(code); };
  }

  function listen(mine) {
    clearTimeout(silence);
    silence = setTimeout(() => { if (wire === mine) lost(); }, SILENCE);
  }

  function cut() {
    const mine = wire;
    wire = undefined;
    clearTimeout(silence);
    mine?.close();
  }

  function lost(code) {
    cut();
    if (code === 4408) return stop("reload");
    if (code === 4403 && !events) return stop("gone");
    failures = code === 4403 ? SLOW : failures + 1; // asking tells why it is over
    again();
  }

  function again() {
    if (over) return;
    clearTimeout(retry);
    if (!navigator.onLine) return on.state("off");
    if (failures < SLOW) {
      retry = setTimeout(connect, Math.random() * STEP * 2 ** (failures - 1));
      return;
    }
    on.state("slow");
    ask();
    retry = setTimeout(connect, pause * (0.8 + 0.4 * Math.random()));
  }

  async function ask() {
    if (!events) return; // what follows by socket alone
    try {
      const answer = await fetch(`${events}?after=${seen}&view=${view}`, { headers: { Accept: "application/json" } });
      if (over) return;
      const found = await answer.json();
      if (answer.status === 404) return stop("gone", found.over);
      if (!answer.ok) return;
      on.back?.(); // the line may never come back where only asking works
      if (found.reload) return stop("reload");
      if (found.renew) return renew();
      take({ type: "events", ...found });
    } catch { /* asked again soon */ }
  }

  // What one may see here has changed: the page is made again, and the line as well. So where two came at once, and
  // the older page last, the server says so once more.
  async function renew() {
    const found = await on.renew();
    if (over) return;
    if (!found) return stop("reload");
    ({ head: seen, view } = found);
    ticket = ""; // of other eyes
    cut();
    connect();
  }

  function stop(why, ...more) {
    over = true;
    clearTimeout(retry);
    cut();
    if (why) on[why](...more);
  }

  addEventListener("offline", () => {
    if (over) return;
    on.state("off");
    cut(); // the browser leaves it open although nothing comes
  });
  addEventListener("online", () => { failures = 0; clearTimeout(retry); connect(); });
  connect();
  if (!navigator.onLine) on.state("off");
  return { stop };
}
