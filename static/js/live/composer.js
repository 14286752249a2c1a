// Sending without leaving the page. A bubble says where the words are. Each text has one id, so that trying
// again never makes two posts.
import { bring, held, room } from "./draft.js";
import { counted, keeper, make, rest, words } from "./page.js";

const PATIENCE = 20_000;

// A version-4 UUID, as the server makes them: the rows must not tell which of them came first on a page. By hand,
// because browsers have their own only where the line is encrypted.
function newId() {
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (n) =>
    (n ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> n / 4).toString(16));
}

export function makeComposer(form, { log, say: aloud, gone }) {
  const fields = form.elements, box = fields.text, note = form.querySelector("[data-draft-note]");
  const advice = form.querySelector("[data-advice]"), left = form.querySelector("[data-left]");
  const told = form.querySelector("[data-told]");
  const store = keeper(form);
  const waiting = new Map(store.get("outbox")); // id -> [all that the form held, why it was refused; 1: send it]
  const failed = new Map(); // bubble -> how to send it again
  let turn = Promise.resolve(), over;

  // Said aloud, and seen beside the button: on a small screen the talk and its status line are out of sight.
  const say = (text) => { told.textContent = text; aloud(text); };
  const keep = () => store.set("outbox", [...waiting]);
  const draft = (data) => store.set("draft", `${data}`);
  const drop = (data) => { waiting.delete(data.get("client_id")); keep(); };
  const faceOf = (face) => form.querySelector(`.signs.as-${face || "name"} .face`);

  function bubbleOf(data) {
    const bubble = make("li"), post = make("article", "post mine"), face = data.get("face");
    const head = make("header", "post-head"), body = make("div", "post-text", data.get("text"));
    head.append(make("h2", "post-by", data.get(face === "once" ? face : "named")));
    body.dir = "auto";
    post.append(faceOf(face)?.cloneNode(true) ?? "", head, body, make("p", "post-state"));
    bubble.append(post);
    log.append(bubble);
    return bubble;
  }

  function show(bubble, state, text, actions = {}) {
    bubble.querySelector(".post").dataset.state = state;
    const line = bubble.querySelector(".post-state");
    if (line.contains(document.activeElement)) rest(bubble); // on what was pressed, which goes
    line.replaceChildren(make("span", "", text));
    for (const [label, act] of Object.entries(actions)) {
      const button = make("button", "btn quiet", label);
      button.onclick = act;
      line.append(button);
    }
  }

  // How many are left, beside the box: the bubbles may be out of sight.
  function count(bubble, act) {
    failed.delete(bubble);
    if (act) failed.set(bubble, act);
    left.hidden = !failed.size;
    left.firstElementChild.textContent = counted("left", failed.size);
  }

  // By itself, once the line is back, only what it swallowed: not what the server refused or an earlier page left.
  function resend(isAsked) {
    for (const [bubble, act] of failed) if (isAsked || bubble.isLost) act();
  }

  function unsent(bubble, data, reason = "", isLost = false) {
    const line = `${words.unsent} ${reason}`;
    // A page that is over is made anew, and sends then: its token is not that of a later sign-in.
    const act = () => {
      if (!over || !navigator.onLine) return send(bubble, data);
      kept[1] = 1;
      keep();
      location = form.dataset.composer;
    };
    const kept = waiting.get(data.get("client_id"));
    if (kept && !isLost) { kept[1] = reason; keep(); }
    bubble.isLost = isLost;
    count(bubble, act);
    // Of a lost line, the status line says how it stands: once is enough.
    show(bubble, "unsent", isLost ? words.unsent : line, {
      [words.retry]: act,
      [words.copy]: () => copy(bubble, data),
      [words.change]: () => {
        if (box.value.trim()) return copy(bubble, data);
        count(bubble);
        bubble.remove();
        restore(data);
        return box.focus();
      },
    });
    log.release();
    told.textContent = line;
    aloud(isLost ? words.unsent : line);
  }

  // What was not sent goes back into the box with its id and its face: sent again, it is still one post of one name.
  function restore(data) {
    drop(data);
    fields.client_id.value = data.get("client_id");
    const isOther = bring(form, data);
    draft(held(form));
    tellRoom();
    return isOther;
  }

  async function copy(bubble, data) {
    try {
      await navigator.clipboard.writeText(data.get("text"));
      say(words.done);
    } catch { getSelection().selectAllChildren(bubble.querySelector(".post-text")); }
  }

  function send(bubble, data) {
    data.set("csrfmiddlewaretoken", fields.csrfmiddlewaretoken.value);
    count(bubble);
    show(bubble, "sending", words.sending);
    turn = turn.then(() => post(bubble, data)); // one after the other keeps the order
  }

  async function post(bubble, data) {
    let answer, found = {};
    try {
      answer = await fetch(form.action, {
        method: "POST", body: data, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE),
      });
      found = await answer.json();
    } catch { // an answer that broke off may have been a yes: sent again, it is still one
      return unsent(bubble, data, navigator.onLine ? words.kept : words.offline, !answer || answer.ok || answer.status > 499);
    }
    if (found.care) { // words of worry: whom to call, at once
      document.querySelector("[data-care]").innerHTML = found.care;
      document.getElementById("care-title").focus();
    }
    if (found.html) {
      drop(data);
      const drawn = log.settle(bubble, found, answer.status === 201).querySelector(".face");
      if (data.get("face") === "once" && drawn) { // a one-thread name has its picture from its first message on
        faceOf("once").replaceWith(drawn.cloneNode(true));
        for (const part of form.querySelectorAll("[data-until-sent]")) part.remove();
      }
      return say(words.sent);
    }
    if (found.held) { // the page shows it as waiting once it is loaded again
      drop(data);
      show(bubble, "held", found.held);
      return say(found.held);
    }
    if (answer.status === 409 && !box.value.trim()) {
      const isOther = restore(data);
      if (!found.advice && !isOther) return form.submit(); // something comes first: the page says what, with the words
      told.textContent = "";
      bubble.remove();
      if (!found.advice) return say(found.message); // not under a name that nobody looked at
      advice.innerHTML = found.advice;
      return advice.querySelector("[autofocus]").focus();
    }
    over = found.over;
    unsent(bubble, data, found.message ?? found.errors?.text?.join(" "));
    if (over !== undefined) gone(over);
  }

  form.addEventListener("submit", (event) => {
    const data = held(form), text = box.value.trim(), asks = event.submitter?.name;
    if (!text && !asks) { // pressed twice, or too soon
      event.preventDefault();
      if (!told.textContent) say(words.empty);
      return;
    }
    if (!faceOf(data.get("face")) || fields.agrees || data.get("when") || asks) {
      if (!navigator.onLine) {
        event.preventDefault();
        return say(words.away);
      }
      history.replaceState("", ""); // "Back" asks for the talk by its address: nothing is sent once more
      return store.set("left", "1"); // the server brings the page with what is new or missing
    }
    event.preventDefault();
    data.set("text", text);
    waiting.set(data.get("client_id"), [`${data}`]);
    keep();
    box.value = "";
    advice.replaceChildren();
    fields.client_id.value = newId();
    draft("");
    tellRoom();
    note.hidden = true;
    form.querySelector(".how")?.removeAttribute("open"); // short again, so that the box and the talk are in view
    const bubble = bubbleOf(data);
    send(bubble, data);
    told.textContent = words.sending;
    bubble.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("input", () => { told.textContent = ""; draft(held(form)); note.hidden = true; });
  left.lastElementChild.addEventListener("click", resend);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
  });

  if (store.get("left") && location.search.startsWith("?newest=1")) draft(""); // it was sent
  store.set("left", "");
  const last = new URLSearchParams(store.get("draft"));
  if (last.get("text") && !box.value) {
    bring(form, last);
    note.hidden = false;
  }
  const tellRoom = room(box);
  for (const [kept, reason] of waiting.values()) {
    const data = new URLSearchParams(kept);
    if (data.get("text") === box.value.trim()) drop(data); // the page itself brought these words back
    else (reason === 1 ? send : unsent)(bubbleOf(data), data, reason);
  }
  keep();
  return { resend };
}
