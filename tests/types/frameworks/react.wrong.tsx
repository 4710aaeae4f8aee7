import { props } from "plaudit/elements/react";

export const wrong = [
  <plaudit-rating value={{}} />,
  <plaudit-rating provider="yelp" />,
  <plaudit-rating schema="everything" />,
  <plaudit-rating nonsense="1" />,
  <plaudit-rating data="text" />,
  <plaudit-rating onplaudit-load={(event) => event.detail.nonsense} />,
  <plaudit-stars business={1} />,
  <plaudit-nothing />,
  <plaudit-sign-in auth="text" />,
  <plaudit-rating businessUnit="1" />,
  <plaudit-rating ref={props({ onPlauditLaod: () => {} })} />,
  <plaudit-rating ref={props({ busynessUnit: "1" })} />,
  <plaudit-rating ref={props({ data: "text" })} />,
  <plaudit-rating ref={props({ onPlauditLoad: ({ detail }) => detail.nonsense })} />,
];
