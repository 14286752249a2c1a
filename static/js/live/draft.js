// A draft is all that a form held: the words, who was to sign, when and for how long. And how much room is left.
import { counted } from "./page.js";

const HOW = ["face", "when", "stays", "for_self"], BACK = ["title", "text", "ask", "heads_ups", ...HOW];
const MOST = 8000, FEW = 500, PAUSE = 1000; // as core/text.py; letters; ms without a key

export function held(form) {
  const data = new URLSearchParams(new FormData(form));
  data.delete("csrfmiddlewaretoken");
  return data;
}

// What cannot come back as it was, as a name that is not on offer any more, a line by the button says. Returns whether.
export function bring(form, data) {
  const before = held(form), signs = data.get("face") === "once" ? "once" : "named";
  for (const field of form.elements) {
    if (!BACK.includes(field.name)) continue;
    const isPicked = data.getAll(field.name).includes(field.value);
    if (field.type === "radio") field.checked ||= isPicked;
    else if (field.type === "checkbox") field.checked = isPicked;
    else field.value = data.get(field.name) ?? "";
  }
  const now = held(form), differs = (other) => (name) => now.get(name) !== other.get(name);
  const isOther = [signs, ...HOW].some(differs(data));
  form.querySelector("[data-other]").hidden = !isOther;
  if (isOther || HOW.some(differs(before))) form.querySelector(".how").open = true;
  return isOther;
}

// Seen and heard once nobody types for a moment, and only near the end.
export function room(box) {
  const line = box.form.querySelector("[data-room]");
  let timer;
  const tell = () => {
    const n = MOST - [...box.value.normalize().trim()].length;
    line.textContent = n < 0 ? counted("over", -n) : n < FEW ? counted("room", n) : "";
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(tell, PAUSE); });
  tell();
  return tell;
}
