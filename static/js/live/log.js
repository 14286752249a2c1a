// The list of posts: fragments in order, the unread line, what is said aloud.
import { counted, make, rest, words } from "./page.js";

const NEAR = 160; // px of the list above its end, and as many below the screen
const MANY = 3, WHILE = 10_000; // more in so long: only their number is said

export function makeLog(root, { say, anchor, seen }) {
  const list = root.querySelector("[data-posts]");
  const log = list.closest("[role=log]");
  const jump = document.querySelector("[data-jump]"); // by the composer: who writes sees it too
  const mine = new Set(root.dataset.mine.split(" ").filter(Boolean));
  root.querySelector("[data-newest]")?.remove(); // the button does it from here on
  const held = []; // own posts that came while their bubble still waits for its answer
  let fresh = 0, recent = [], loud;

  const seqOf = (item) => Number(item.dataset.seq);
  const byId = (id) => list.querySelector(`[data-post="${CSS.escape(id)}"]`);
  const isNear = () => {
    const at = list.getBoundingClientRect().bottom - NEAR;
    return at >= 0 && at <= innerHeight;
  };
  const isSending = () => list.querySelector("[data-state=sending]");
  const isRead = () => !document.hidden && isNear();

  function parse(html) {
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("li[data-post]");
    return found && markMine(found);
  }

  function markMine(item) {
    const post = item.querySelector(".post");
    if (mine.has(item.dataset.byline) && !post.classList.contains("mine")) {
      post.classList.add("mine");
      post.querySelector(".post-head time").before(make("span", "you", words.you));
      post.querySelector(":scope > .tap:not(.only-mine)")?.replaceChildren(words.yours);
    }
    return item;
  }

  function place(item) {
    const older = [...list.querySelectorAll("[data-post]")].findLast((one) => seqOf(one) < seqOf(item));
    if (older) older.after(item);
    else if (!list.querySelector("[data-post]")) list.prepend(item);
    root.querySelector(".empty")?.remove();
  }

  // Not spoken: no news to this reader, or told as a number.
  function quietly(change, long = 500) {
    log.setAttribute("aria-live", "off");
    clearTimeout(loud);
    loud = setTimeout(() => log.removeAttribute("aria-live"), long);
    change();
  }

  // What one writes in stays where it is on screen. Nothing else scrolls by itself. Who is on a post stays on it: at
  // the same link of it, or at the post.
  function steady(change, to) {
    const on = document.activeElement, post = list.contains(on) && on.closest("li");
    const stops = (item) => [...item.querySelectorAll("a, button")];
    const at = anchor.contains(on) && anchor.getBoundingClientRect().top;
    change();
    if (at !== false) scrollBy(0, anchor.getBoundingClientRect().top - at);
    if (!post || on.isConnected) return;
    const item = to ?? byId(post.dataset.post ?? "") ?? log;
    rest(item);
    stops(item)[stops(post).indexOf(on)]?.focus({ preventScroll: true });
  }

  // The clock of who reads, for what comes while they look.
  function justNow(item) {
    const time = item.querySelector("time"), day = time.textContent;
    time.textContent = words.now;
    setTimeout(() => { time.textContent = day; }, 300_000);
  }

  function one({ id, kind, html }) {
    const old = byId(id);
    const item = html && parse(html);
    if (!item) old?.remove();
    else if (kind !== "post_published") old?.replaceWith(item); // else it is further up than this page goes
    else if (old) return; // one's own, which came with the answer
    else if (mine.has(item.dataset.byline) && isSending()) held.push(item);
    else { place(item); return item; }
  }

  function apply(events, isNow) {
    const read = isRead(), added = [];
    const change = () => steady(() => {
      for (const event of events) {
        const item = one(event);
        if (!item) continue;
        if (isNow) justNow(item);
        if (!mine.has(item.dataset.byline)) added.push(item);
      }
    });
    const now = Date.now();
    const coming = events.filter((event) => event.kind === "post_published" && !byId(event.id)).length;
    recent = [...recent.filter((at) => now - at < WHILE), ...Array(coming).fill(now)];
    if (recent.length > MANY) quietly(change, WHILE); else change();
    if (added.length && recent.length > MANY) say(counted("many", recent.length));
    if (added.length && !read) unread(added);
    look();
  }

  function unread(added) {
    if (!fresh) {
      let line = root.querySelector(".unread");
      if (!line) {
        line = make("li", "unread");
        line.append(make("h2", "unread-words", words.fresh));
      }
      added[0].before(line);
    }
    fresh += added.length;
  }

  function look() {
    const last = list.lastElementChild;
    if (isRead()) {
      fresh = 0;
      if (last?.dataset.seq) seen(seqOf(last));
    }
    jump.textContent = !last || isNear() ? "" : fresh ? counted("jump", fresh) : words.newest;
  }

  jump.addEventListener("click", () => {
    list.lastElementChild.scrollIntoView({ block: "nearest" });
    rest(list.lastElementChild);
  });
  addEventListener("scroll", look);
  addEventListener("visibilitychange", look);
  look();

  function release() {
    if (!isSending()) for (const item of held.splice(0)) if (!byId(item.dataset.post)) place(item);
  }

  return {
    apply,
    release,
    // The same list made again: only what is still being sent stays as it is.
    renew(items) {
      quietly(() => steady(() => {
        const bubbles = [...list.children].filter((item) => item.querySelector("[data-state]"));
        list.replaceChildren(...items, ...bubbles);
        held.length = 0; // the page has them
      }));
      fresh = list.querySelector(".unread") ? fresh : 0;
      look();
    },
    // One's own post, as the server rendered it, takes the place of its bubble.
    settle(bubble, { id, html }, isNow) {
      const item = parse(html);
      if (isNow) justNow(item);
      mine.add(item.dataset.byline);
      markMine(item);
      quietly(() => steady(() => {
        bubble.remove();
        const old = byId(id);
        if (old) old.replaceWith(item); else place(item);
        release();
      }, item));
      look();
      return item;
    },
    append(bubble) {
      quietly(() => steady(() => { list.append(bubble); root.querySelector(".empty")?.remove(); }));
      look();
    },
  };
}
