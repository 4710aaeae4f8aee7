// Not a peer: the least that a page must do with the platform's own means. It checks nothing.
function read(text, name) {
  const params = new URLSearchParams(text);
  const value = params.get(name);
  params.get("state");
  params.get("error");
  params.get("expires_in");
  return value;
}

export const readCode = (href) => read(href.slice(href.indexOf("?") + 1), "code");
export const readToken = (href) => read(href.slice(href.indexOf("#") + 1), "access_token");
