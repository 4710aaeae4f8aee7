import { PlauditError } from "../errors.js";

/** Bytes of an answer that are read: a page of a hundred reviews has a few hundred thousand. */
export const LONGEST_ANSWER = 5_000_000;

type Send = (request: Request) => Promise<Response>;

/** A sender whose answers fail where they are longer than {@link LONGEST_ANSWER}. */
export function bounded(send: Send): Send {
  return async (request) => shortened(await send(request));
}

/** An answer that fails, and is read no further, where it is longer than {@link LONGEST_ANSWER}. */
export function shortened(response: Response): Response {
  const { body, status, statusText, headers } = response;
  // A redirect that a runtime hides has no status, and some senders' answers have no stream.
  if (typeof body?.pipeThrough !== "function" || status < 200) return response;
  let size = 0;
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        size += piece.byteLength;
        if (size <= LONGEST_ANSWER) controller.enqueue(piece);
        else controller.error(tooLong(status));
      },
    }),
  );
  return new Response(counted, { status, statusText, headers });
}

const tooLong = (status: number) =>
  new PlauditError("malformed_response", `the answer has more than ${LONGEST_ANSWER} bytes`, {
    status,
  });
