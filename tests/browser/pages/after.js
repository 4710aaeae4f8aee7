// The script that comes next on the page.
const { seen } = window;
seen.next = location.href;
Promise.resolve().then(() => seen.later.push(location.href));
setTimeout(() => seen.later.push(location.href));
addEventListener("load", () => seen.later.push(location.href));
