/** The official widget, typed and safe in single-page applications. @packageDocumentation */
export {};
