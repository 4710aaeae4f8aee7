import { invalid } from "../../errors.js";
import { type Broker, handlerOf } from "./broker.js";
import type { Inbound, Reply } from "./http.js";

/** As much of Node's `IncomingMessage`, and of Express' and Fastify's, as is used. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The address before Express took the mount's path off. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
  /** What a body parser made of the body, where one ran before. */
  readonly body?: unknown;
  readonly readableEnded?: boolean;
  /** Whether all of the request has come. */
  readonly complete?: boolean;
  iterator?(options: { destroyOnReturn: boolean }): AsyncIterable<Uint8Array>;
}

/** As much of Node's `ServerResponse` as is used. */
export interface NodeResponse {
  readonly writableEnded: boolean;
  readonly headersSent: boolean;
  writeHead(status: number, headers: Record<string, string | number | string[]>): unknown;
  end(text?: string): unknown;
  on(event: "close", listener: () => void): unknown;
}

const encoder = new TextEncoder();

/**
 * A handler for `node:http` and Express: `createServer(nodeHandler(broker))`,
 * `app.use(nodeHandler(broker))`. Mount it before body parsers, and without taking a path off: the
 * broker knows its own (`basePath`). Headers that come slowly are the server's to refuse
 * (`headersTimeout`).
 */
export function nodeHandler(
  broker: Broker,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  const handle = handlerOf(broker);
  if (!handle) throw invalid("broker: must be what createBroker gave");
  return async (request, response) => {
    const inbound = new NodeInbound(request, response);
    send(response, await handle(inbound), inbound.method, hasMore(request));
  };
}

/** No object literal, for the reason of `FetchInbound` in broker.ts. */
class NodeInbound implements Inbound {
  readonly method: string;
  readonly target: string;
  readonly address: string | undefined;
  readonly #request: NodeRequest;
  readonly #response: NodeResponse;
  #controller: AbortController | undefined;

  constructor(request: NodeRequest, response: NodeResponse) {
    this.#request = request;
    this.#response = response;
    this.method = request.method ?? "GET";
    const url = request.originalUrl ?? request.url ?? "/";
    // An absolute target (for proxies) is none of ours: it becomes a path that there is not.
    this.target = url.startsWith("/") ? withoutFragment(url) : "/";
    this.address = request.socket.remoteAddress;
  }

  header(name: string): string | null {
    const value = this.#request.headers[name];
    if (value === undefined) return null;
    return typeof value === "string" ? value : value.join(", ");
  }

  body(): AsyncIterable<Uint8Array> {
    return bodyOf(this.#request);
  }

  /** Most answers are there at once, and nobody has the time to leave. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const own = new AbortController();
      const response = this.#response;
      this.#controller = own;
      response.on("close", () => {
        if (!response.writableEnded) own.abort();
      });
    }
    return this.#controller.signal;
  }
}

function withoutFragment(url: string): string {
  const mark = url.indexOf("#");
  return mark < 0 ? url : url.slice(0, mark);
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield encoder.encode(text);
}

function bodyOf(request: NodeRequest): AsyncIterable<Uint8Array> {
  const { body, readableEnded } = request;
  // A parser that ran before has taken the stream.
  if (!readableEnded || body === undefined) {
    // To stop reading must not end the connection: the answer is still to be sent.
    return request.iterator?.({ destroyOnReturn: false }) ?? request;
  }
  return once(typeof body === "string" ? body : JSON.stringify(body));
}

/** What a server takes of a body that nobody reads, before it may as well end the connection. */
const LONGEST_REST = 65_536;

/** Whether the rest of a request may be long, or without an end: node:http would read all of it. */
function hasMore({ headers, complete }: NodeRequest): boolean {
  const isLong = Number(headers["content-length"] ?? 0) > LONGEST_REST;
  return complete === false && (isLong || headers["transfer-encoding"] !== undefined);
}

function send(response: NodeResponse, reply: Reply, method: string, isCut: boolean): void {
  if (response.headersSent) return;
  const { status, headers, cookies, text, size } = reply;
  const body = text ?? "";
  // Not spread: the copy's shape would be one of its own, which collections of young objects keep.
  const all: Record<string, string | number | string[]> = {};
  for (const name of Object.keys(headers)) all[name] = headers[name] as string;
  if (status !== 204 && status !== 304) {
    all["content-length"] = size ?? encoder.encode(body).byteLength;
  }
  if (cookies) all["set-cookie"] = [...cookies];
  // Nobody is going to read the rest of that body.
  if (isCut || status === 408 || status === 413) all.connection = "close";
  response.writeHead(status, all);
  response.end(method === "HEAD" ? undefined : body);
}
