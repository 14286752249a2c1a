// A talk that is being started is kept in this tab until it is there.
import { keeper } from "./live/page.js";

const NAMES = ["title", "text", "ask"];
const form = document.querySelector("[data-keep]");
const note = form.querySelector("[data-draft-note]");
const store = keeper(form);

const isWritten = () => NAMES.some((name) => form.elements[name].value);
if (!isWritten()) {
  for (const name of NAMES) form.elements[name].value = store.get(name) ?? "";
  note.hidden = !isWritten();
}
form.addEventListener("input", () => {
  note.hidden = true;
  for (const name of NAMES) store.set(name, form.elements[name].value);
});
