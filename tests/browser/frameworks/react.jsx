import { useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";

export function App({ state }) {
  const { shown, value, outline, locale, data } = state;
  if (!shown) return <main />;
  return (
    <main>
      <plaudit-stars id="stars" value={value} outline={outline} className="mine">
        <b id="child">child</b>
      </plaudit-stars>
      <plaudit-rating id="rating" locale={locale} data={data} />
      <plaudit-badge
        id="badge"
        business-unit="46d6a890000064000500e0c3"
        proxy="/api"
        onplaudit-load={(event) => window.heard.push(event.detail.from)}
      />
    </main>
  );
}

function Live({ state: first }) {
  const [state, setState] = useState(first);
  window.change = (part) => setState((before) => ({ ...before, ...part }));
  return <App state={state} />;
}

/** What the server wrote, raw, beside an element of JSX. */
export const Page = ({ html }) => (
  <main>
    {/* React would compare the text with what the parser made a root of */}
    <div id="raw" suppressHydrationWarning dangerouslySetInnerHTML={{ __html: html }} />
    <plaudit-stars id="stars" value={3} />
    <plaudit-badge id="badge" value={3} count={2} />
    <p>Text</p>
  </main>
);

if (globalThis.document) {
  const target = document.getElementById("app");
  window.start = (state) => createRoot(target).render(<Live state={state} />);
  window.hydrate = (html) =>
    hydrateRoot(target, <Page html={html} />, {
      onRecoverableError: (error) => window.errors.push(`recovered ${error}`),
    });
}
