// What the script itself says: the page brings it, in its own language (templates/chat/_words.html).
const all = document.getElementById("words").content.children;

export const words = Object.fromEntries([...all].map((p) => [p.title, p.textContent]));
export const counted = (name, n) => words[name].replace("#", n);
