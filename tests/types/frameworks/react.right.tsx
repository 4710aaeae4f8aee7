import { props as handed, type PlauditProps } from "plaudit/elements/react";
import { createRef } from "react";

const rating = createRef<HTMLElementTagNameMap["plaudit-rating"]>();

export const page = (
  <main>
    <plaudit-stars key="a" value={4.5} count="12" outline />
    <plaudit-rating
      ref={rating}
      className="mine"
      id="rating"
      domain="example.com"
      business-unit="46d6a890000064000500e0c3"
      provider="trustpilot"
      schema="aggregate"
      data={{ rating: null }}
      onplaudit-load={(event) => event.detail.from === "markup" && event.currentTarget.state}
      onplaudit-error={({ detail }) => detail.code}
      onClick={(event) => event.currentTarget.refresh()}
    >
      <a href="https://www.trustpilot.com/review/example.com">Reviews</a>
    </plaudit-rating>
    <plaudit-trustbox template="micro-star" consent="required" onplaudit-consent={() => {}} />
  </main>
);

export const props: PlauditProps<"plaudit-badge"> = { value: 4.5, hidden: true };

export const hydrated = [
  <plaudit-reviews
    ref={handed({
      perPage: 3,
      data: { rating: null, reviews: [] },
      onPlauditLoad: (event) => event.detail.from === "markup" && event.currentTarget.state,
      onPlauditError: ({ detail }) => detail.code,
    })}
    domain="example.com"
  />,
  <plaudit-sign-in ref={handed({ auth: null, onPlauditSignIn: ({ detail }) => detail.kind })} />,
  <plaudit-sign-in auth={null} />,
];
