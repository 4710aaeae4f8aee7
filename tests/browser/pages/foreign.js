// Says to its parent what it is told to say.
addEventListener("message", ({ data }) => {
  parent.postMessage(data, "*");
  parent.postMessage("sent", "*");
});
