// What the page gives its scripts: words in its own language (templates/chat/_words.html), and a place for drafts.
const all = [...document.getElementById("words").content.children];

export const words = Object.fromEntries(all.map((p) => [p.title, p.textContent]));
export const counted = (name, n) => words[name].replace("#", n);
// With its links, where it has some.
export const put = (line, name) => line.replaceChildren(...all.find((p) => p.title === name).cloneNode(true).childNodes);

export function make(tag, className = "", textContent = "") {
  return Object.assign(document.createElement(tag), { className, textContent });
}

// Where the focus goes on from, when what had it is gone.
export function rest(item) {
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
}

// What is being written is kept in this tab: gone with quick exit, and for nobody but who wrote it. The form has a
// mark, another one for each account in each place: under a foreign mark all that is kept goes.
export function keeper(form) {
  const place = form.action, by = form.dataset.keep;
  let kept = { by };
  try {
    kept = JSON.parse(sessionStorage.getItem(place)) ?? kept;
    if (kept.by !== by) {
      sessionStorage.clear();
      kept = { by };
    }
  } catch { /* storage may be switched off: then nothing is kept */ }
  return {
    get: (name) => kept[name],
    set(name, value) {
      kept[name] = value;
      try { sessionStorage.setItem(place, JSON.stringify(kept)); } catch { /* as above */ }
    },
  };
}
