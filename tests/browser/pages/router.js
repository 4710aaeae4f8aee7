// The smallest hash router: what stands behind "#" is the view. It starts after createAuth().
window.routes = [];
function route() {
  const path = location.hash.slice(1) || "/";
  window.routes.push(path);
  document.getElementById("view").textContent = path;
}
addEventListener("hashchange", route);
route();
const session = await window.app.auth.completeSignIn().catch(() => null);
const wanted = session?.returnTo && new URL(session.returnTo, location.origin).hash;
if (wanted) location.hash = wanted;
