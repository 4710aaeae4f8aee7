// What listeners on the document are given. Types alone: nothing of it is left in JavaScript.

/** An event of an element of ours, as it arrives anywhere. */
export type Heard<D> = CustomEvent<D> & { readonly target: HTMLElement };
