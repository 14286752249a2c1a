// A talk that is being started is kept in this tab until it is there.
import { bring, held, room } from "./live/draft.js";
import { keeper } from "./live/page.js";

const form = document.querySelector("[data-keep]");
const note = form.querySelector("[data-draft-note]");
const store = keeper(form);
const isWritten = () => ["title", "text", "ask"].some((name) => form.elements[name].value);

if (store.get("left") && location.hash === "#waiting") store.set("draft", ""); // it was sent, and waits
store.set("left", "");
if (!isWritten() && store.get("draft")) {
  bring(form, new URLSearchParams(store.get("draft")));
  note.hidden = !isWritten();
}
room(form.elements.text);
form.addEventListener("input", () => {
  note.hidden = true;
  store.set("draft", `${held(form)}`);
});
form.addEventListener("submit", () => {
  store.set("left", "1");
  history.replaceState("", ""); // "Back" asks for this page by its address: nothing is sent once more
});
