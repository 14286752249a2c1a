// A message that is being changed is kept in this tab until it is saved. With it, what it was changed from: so the
// server can tell when it was changed elsewhere meanwhile.
import { room } from "./live/draft.js";
import { keeper } from "./live/page.js";

const form = document.querySelector("[data-keep]"), { text, was } = form.elements;
const note = form.querySelector("[data-draft-note]");
const store = keeper(form);

function keep() {
  store.set("text", text.value);
  store.set("was", was.value);
}

const kept = store.get("text");
if ("fresh" in form.dataset && kept && kept !== text.value) {
  text.value = kept;
  was.value = store.get("was");
  note.hidden = false;
} else if (kept) keep();
room(text);
form.addEventListener("input", () => { note.hidden = true; keep(); });
