/** Whose tokens a record holds. */
export interface TokenKey {
  /** The platform. */
  readonly provider: string;
  /** `client_id`, at Trustpilot the API key. */
  readonly client: string;
  /** The user, business or session that the grant is of, with the scope that was asked for. */
  readonly subject: string;
}

/** Why a grant is at its end. */
export type DeadCause = "refused" | "rotation_lost" | "revoked";

/**
 * What a store tells of a record. Times are relative to now, in milliseconds of the store's own
 * clock, so that nobody else's clock matters.
 */
export interface RecordView {
  /** Counts the tokens; 0: there was never one. */
  readonly generation: number;
  /** SHA-256 of the refresh token, as hex. */
  readonly rt?: string | null;
  /** Whether there are tokens. */
  readonly token: boolean;
  /** The tokens, as the manager wrote them: opaque to the store. */
  readonly blob?: string | null;
  /**
   * Why the tokens cannot be opened, in plain words: their key is missing, or they were changed. There
   * is no `blob` then; a new grant takes their place.
   */
  readonly locked?: string | null;
  /** How long the access token lives in all; null: not known. */
  readonly lifeMs?: number | null;
  /** How long ago it was stored. */
  readonly ageMs: number;
  readonly expiresInMs?: number | null;
  readonly refreshInMs?: number | null;
  /** How long the process that leads may still send; 0: none leads. */
  readonly leaseForMs: number;
  /** How long ago a refresh of this generation was announced that is not settled. */
  readonly intentAgeMs?: number | null;
  /** The platform has refused the refresh token; `dead` once the time is over. */
  readonly suspect?: { readonly forMs: number; readonly cause: string } | null;
  /** No process asks the platform before this is over. */
  readonly gate?: {
    readonly forMs: number;
    readonly cause: GateCause;
    readonly failures: number;
  } | null;
  readonly dead?: DeadCause | null;
}

/** What {@link TokenStore.begin} answers. */
export type Begun =
  | { readonly type: "fresh" | "dead" | "wait" | "gate"; readonly view: RecordView }
  | {
      readonly type: "lead";
      /** The number of this lease; a later one is larger. */
      readonly fence: number;
      /** Somebody announced a refresh before, and nobody knows what came of it. */
      readonly hadIntentMs?: number | null;
      /** Whether what is there was got with another `source` than the one given. */
      readonly changed?: boolean | null;
      readonly view: RecordView;
    };

export interface BeginInput {
  /** Who asks: a random text for each manager. */
  readonly owner: string;
  /** The newest generation that it knows. */
  readonly seen: number;
  /** A hash of what it can get tokens with by itself. */
  readonly source?: string | null;
  /** A hash of what the platform may refuse of it: a gate of another configuration is none. */
  readonly client?: string | null;
  readonly leaseMs: number;
}

export interface MarkInput {
  readonly owner: string;
  readonly fence: number;
}

export interface CommitInput {
  readonly owner: string;
  /** Whether it is a new grant, which takes the place of whatever `base` was. */
  readonly grant: boolean;
  /** The generation that it takes the place of. */
  readonly base: number;
  /** SHA-256 of the refresh token that was used up for it. */
  readonly consumed?: string | null;
  readonly rt?: string | null;
  readonly blob: string;
  readonly lifeMs?: number | null;
  readonly refreshInMs?: number | null;
  readonly source?: string | null;
  /** How long it is of use to anybody, if nothing else is stored; null: it stays. */
  readonly keepMs?: number | null;
}

/** How a lease ends without tokens. */
export type Failing =
  | { readonly type: "suspect" | "dead"; readonly cause: DeadCause }
  | {
      readonly type: "release";
      /** Whether a request may have used the refresh token up. */
      readonly sent: boolean;
      /** Nobody may ask the platform for a while. */
      readonly gate?: { readonly forMs: number; readonly cause: GateCause } | null;
    };

export interface FailInput {
  readonly owner: string;
  readonly fence: number;
  readonly what: Failing;
}

export interface EndInput {
  /** The generation that is ended; any other is left as it is. */
  readonly base: number;
  readonly cause: DeadCause;
  /** Whether tokens may be got anew by the same credentials. */
  readonly reusable: boolean;
  /** A hash of what the process can get tokens with by itself: where nobody did yet, that ends. */
  readonly source?: string | null;
  /** How long it is known that it ended; null: 30 days. Then there is no record. */
  readonly keepMs?: number | null;
}

/** Why nobody may ask the platform for a while. */
export type GateCause = "rate_limited" | "unavailable" | "configuration";

/** What a store is like at the moment. */
export interface StoreHealth {
  /** Whether it can be read and written. */
  readonly ok: boolean;
  /** What may lose a token, in plain words. */
  readonly warnings: readonly string[];
}

/**
 * Where tokens are kept, for one process or many. Each call is atomic; what it does to a record is
 * decided in Rust (`src/server/tokens/record.rs`), which `recordStore` runs: of a store of your own
 * write its two functions, not this. A call that fails rejects; it may have been carried out all the
 * same, as an answer can get lost.
 */
export interface TokenStore {
  /** Milliseconds that a call may take before the manager counts it as failed. Default: 1000. */
  readonly timeout?: number | undefined;
  /** What there is. */
  read(key: TokenKey): Promise<RecordView>;
  /** Takes the lease, or says why not. */
  begin(key: TokenKey, input: BeginInput): Promise<Begun>;
  /** Announces that a request is about to be sent. */
  mark(key: TokenKey, input: MarkInput): Promise<{ readonly marked: boolean }>;
  /** Stores what came of it, iff the refresh token that was used is still the current one. */
  commit(
    key: TokenKey,
    input: CommitInput,
  ): Promise<{ readonly accepted: boolean; readonly view: RecordView }>;
  /** Gives the lease back without tokens. */
  fail(
    key: TokenKey,
    input: FailInput,
  ): Promise<{ readonly accepted: boolean; readonly view: RecordView }>;
  /** Ends the grant; what is left is no secret, and goes after `keepMs`. */
  end(
    key: TokenKey,
    input: EndInput,
  ): Promise<{ readonly accepted: boolean; readonly view: RecordView }>;
  /** Whether it is fit to keep tokens. */
  health?(): Promise<StoreHealth>;
}
