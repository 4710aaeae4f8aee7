// What the stand-in's frame says to its page, and shows: that it is none of Trustpilot's, and what it
// was asked for.
(() => {
  const asked = new URLSearchParams(location.hash.slice(1));
  const widgetId = asked.get("widgetId");
  // Another one's frame holds no message back; see startFake().
  const isMute = window.isMute || location.pathname.includes("/popup/");
  const say = (command, more) =>
    parent.postMessage(JSON.stringify({ command, widgetId, ...more }), "*");

  function show() {
    if (asked.get("theme") === "dark") document.documentElement.dataset.theme = "dark";
    const { searchParams } = new URL(location.href);
    asked.delete("widgetId");
    const given = [["template", searchParams.get("templateId")], ...asked];
    const items = given.map(([name, value]) => {
      const item = document.createElement("li");
      const label = document.createElement("b");
      label.append(name.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`));
      item.append(label, ` ${value}`);
      return item;
    });
    document.getElementById("given").replaceChildren(...items);
  }

  addEventListener("DOMContentLoaded", show);
  // What its messages are is known, their order is not.
  addEventListener("load", () => {
    say("createIFrame", { name: "popup" });
    say("setStyle", { style: { minWidth: "10px" } });
    if (isMute) return;
    setTimeout(() => {
      say("loaded");
      say("impression");
    }, 20);
  });
  addEventListener("message", ({ data }) => {
    if (data === "grow") say("resize-height", { height: "200px" });
  });
})();
