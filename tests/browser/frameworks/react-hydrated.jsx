import { props } from "plaudit/elements/react";
import { useEffect, useRef } from "react";
import { hydrateRoot } from "react-dom/client";

const hear = (name) => (event) => window.heard.push([name, event.type]);

/** React's own way, ours, and one without us. */
export function App({ rating }) {
  const own = useRef(null);
  useEffect(() => {
    const element = own.current;
    const listener = hear("effect");
    element.data = { rating };
    element.addEventListener("plaudit-test", listener);
    return () => element.removeEventListener("plaudit-test", listener);
  }, [rating]);
  return (
    <main>
      <plaudit-badge id="jsx" data={{ rating }} onplaudit-error={hear("jsx")} />
      <plaudit-badge
        id="props"
        locale="de"
        ref={props({ data: { rating }, onPlauditError: hear("props") })}
      />
      <plaudit-badge id="effect" ref={own} />
      <plaudit-rating
        id="callback"
        ref={(element) => {
          if (element) element.data = { rating };
        }}
      />
    </main>
  );
}

if (globalThis.document) {
  window.hydrate = (given) => {
    const root = hydrateRoot(document.getElementById("app"), <App {...given} />, {
      onRecoverableError: (error) => window.errors.push(`recovered ${error}`),
    });
    window.change = (next) => root.render(<App {...next} />);
    window.end = () => root.unmount();
  };
}
