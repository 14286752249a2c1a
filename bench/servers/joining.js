// Kith's way to hand out: what comes while a round goes out, or while the server rests for as long as that took (at most
// PAUSE), goes out in the next one; with nothing to do, at once. Returns what takes in one item.
const PAUSE = 50; // ms

export function joined(handOut) {
  let items = [], rests = false;

  function round() {
    const began = performance.now(), together = items;
    items = [];
    handOut(together);
    rests = true;
    setTimeout(wake, Math.min(performance.now() - began, PAUSE));
  }

  function wake() {
    rests = false;
    if (items.length) round();
  }

  return (item) => {
    items.push(item);
    if (items.length === 1 && !rests) setImmediate(round);
  };
}
