// A thread that follows along. Without this file the page works as a page.
import { makeComposer } from "./live/composer.js";
import { forgetSent } from "./live/forget.js";
import { follow } from "./live/link.js";
import { makeLog } from "./live/log.js";
import { put } from "./live/page.js";

const root = document.querySelector("[data-thread]");
const form = document.querySelector("[data-composer]");
const status = root?.querySelector("[data-live-status]");
const newest = status?.firstElementChild; // the link to this talk: the page itself may be an answer to something sent
let resting, clearing, marking, marked = 0;

// One status line: news for a moment, then how the line stands. News never hides that it is down, or whom to call.
function say(text) {
  if (resting && resting !== "on") {
    put(status, resting);
    status.prepend(text, " ");
  } else status.textContent = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => { if (resting) put(status, resting); }, 6000);
}

function state(name) {
  if (resting === name) return;
  status.dataset.live = resting = name;
  clearTimeout(clearing);
  put(status, name);
}

// No more comes here: this sign-in or this page is over, or the place is not theirs any more.
function gone(why) {
  line.stop();
  state(why || "gone");
}

// The page as it is for this reader now, without a word of what is being written getting lost.
async function renew(log) {
  try {
    const answer = await fetch(newest.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-thread]");
    if (!page) return null;
    log.renew(page.querySelector("[data-posts]").children);
    return { head: Number(page.dataset.head), view: page.dataset.view };
  } catch { return null; }
}

// How far one has read, told at most every two seconds, while the page is looked at.
function seen(seq) {
  const token = form?.elements.csrfmiddlewaretoken.value;
  if (!token || seq <= marked) return;
  marked = seq;
  clearTimeout(marking);
  marking = setTimeout(() => {
    fetch(root.dataset.read, {
      method: "POST", keepalive: true, body: new URLSearchParams({ seq: marked, csrfmiddlewaretoken: token }),
    }).catch(() => {});
  }, 2000);
}

let line, composer;
if (root) {
  marked = Number(root.dataset.head);
  const log = makeLog(root, { say, seen, anchor: form ?? status });
  line = follow({
    socket: root.dataset.socket,
    events: root.dataset.events,
    head: marked,
    view: root.dataset.view,
    on: {
      state, gone, events: log.apply, renew: () => renew(log),
      reload: () => state("reload"), back: () => composer?.resend(),
    },
  });
  forgetSent();
  if (form) composer = makeComposer(form, { log, say, gone });
  // On from where somebody left off, unless they asked for a place, or the browser brings them back to theirs.
  const isFresh = performance.getEntriesByType("navigation")[0].type === "navigate";
  if (isFresh && !location.hash) document.getElementById(root.dataset.goTo)?.scrollIntoView();
}
