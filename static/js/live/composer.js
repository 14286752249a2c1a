// Sending without leaving the page. A bubble says where the words are. Each text has one id, so that trying
// again never makes two posts.
import { words } from "./words.js";

const PATIENCE = 20_000;
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only where the page is served safely
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Everything kept is this tab's, and gone with quick exit. Storage may be switched off.
function keeper(place) {
  return {
    get: (name) => { try { return sessionStorage.getItem(name + place); } catch { return null; } },
    set(name, value) {
      try {
        if (value) sessionStorage.setItem(name + place, value); else sessionStorage.removeItem(name + place);
      } catch { /* then nothing is kept */ }
    },
  };
}

function make(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

export function makeComposer(form, { log, say, gone }) {
  const box = form.elements.text, id = form.elements.client_id, note = form.querySelector("[data-draft-note]");
  const store = keeper(form.action);
  const waiting = new Map(JSON.parse(store.get("unsent") ?? "[]"));
  let turn = Promise.resolve();

  const keep = () => store.set("unsent", waiting.size ? JSON.stringify([...waiting]) : "");

  function bubbleOf(text) {
    const bubble = make("li", ""), post = make("article", "post mine");
    const face = form.querySelector(".signs .face")?.cloneNode();
    const name = form.querySelector(".signs b");
    const head = make("header", "post-head"), body = make("div", "post-text"), line = make("p", "");
    if (name) head.append(make("h2", "post-by", name.textContent));
    body.dir = "auto";
    text.split("\n").forEach((part, at) => line.append(...(at ? [make("br", "")] : []), part));
    body.append(line);
    post.append(...(face ? [face] : []), head, body, make("p", "post-state"));
    bubble.append(post);
    log.append(bubble);
    return bubble;
  }

  function show(bubble, state, text, actions = {}) {
    bubble.querySelector(".post").dataset.state = state;
    const line = bubble.querySelector(".post-state");
    line.replaceChildren(make("span", "", text));
    for (const [label, act] of Object.entries(actions)) {
      const button = Object.assign(make("button", "btn quiet", label), { type: "button" });
      button.addEventListener("click", act);
      line.append(button);
    }
  }

  function unsent(bubble, key, text, reason = "") {
    const line = `${words.unsent} ${reason}`;
    show(bubble, "unsent", line, {
      [words.retry]: () => send(bubble, key, text),
      [words.copy]: () => copy(text, bubble),
      [words.change]: () => {
        if (box.value.trim()) return copy(text, bubble);
        waiting.delete(key);
        keep();
        bubble.remove();
        restore(key, text);
        return box.focus();
      },
    });
    log.release();
    say(line);
  }

  // What was not sent goes back into the box with its id: sent again unchanged, it is still one post.
  function restore(key, text) {
    id.value = key;
    box.value = text;
    store.set("draft", text);
  }

  async function copy(text, bubble) {
    try {
      await navigator.clipboard.writeText(text);
      say(words.done);
    } catch { getSelection().selectAllChildren(bubble.querySelector(".post-text")); }
  }

  function send(bubble, key, text) {
    const data = new URLSearchParams(new FormData(form));
    data.set("client_id", key);
    data.set("text", text);
    show(bubble, "sending", words.sending);
    turn = turn.then(() => post(bubble, key, text, data)); // one after the other keeps the order
  }

  async function post(bubble, key, text, data) {
    let answer, found = {};
    try {
      answer = await fetch(form.action, {
        method: "POST", body: data, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE),
      });
      found = await answer.json();
    } catch { if (!answer) return unsent(bubble, key, text); }
    if (answer.status === 200 || answer.status === 201) return sent(bubble, key, found);
    if (answer.status === 409) {
      waiting.delete(key);
      keep();
      restore(key, text);
      return form.submit(); // a name or the changed promise comes first: the page asks for it and keeps the words
    }
    unsent(bubble, key, text, found.message ?? found.errors?.text?.join(" ") ?? "");
    if (answer.status === 404) gone();
    return undefined;
  }

  function sent(bubble, key, found) {
    waiting.delete(key);
    keep();
    log.settle(bubble, found);
    say(words.sent);
  }

  form.addEventListener("submit", (event) => {
    const text = box.value.trim();
    const hasName = form.querySelector(".signs .face");
    if (!text || !hasName || form.elements.agrees) {
      store.set("left", "1");
      return; // the server says what is missing, or brings the page with its new name
    }
    event.preventDefault();
    const key = id.value;
    waiting.set(key, text);
    keep();
    box.value = "";
    id.value = newId();
    store.set("draft", "");
    note.hidden = true;
    send(bubbleOf(text), key, text);
  });
  box.addEventListener("input", () => { store.set("draft", box.value); note.hidden = true; });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
  });

  if (store.get("left") && location.search === "?newest=1") store.set("draft", ""); // it was sent
  store.set("left", "");
  const draft = store.get("draft");
  if (draft && !box.value) {
    box.value = draft;
    note.textContent = words.draft;
    note.hidden = false;
  }
  for (const [key, text] of waiting) {
    if (text === box.value.trim()) waiting.delete(key); // the page itself brought these words back
    else unsent(bubbleOf(text), key, text);
  }
  keep();
}
