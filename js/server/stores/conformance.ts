import type {
  BeginInput,
  Begun,
  CommitInput,
  GateCause,
  RecordView,
  TokenKey,
  TokenStore,
} from "./types.js";

/** A store to be examined. */
export interface StoreUnderTest {
  readonly store: TokenStore;
  /**
   * Moves the store's clock forward, where it can be moved. Without it the examination waits, about
   * ten seconds altogether.
   */
  readonly advance?: (ms: number) => void | Promise<void>;
  /** Another store object over the same records, as a second process has; needed for what outlives one. */
  readonly again?: () => TokenStore | Promise<TokenStore>;
  /** Called when the check is done. */
  readonly end?: () => void | Promise<void>;
}

/** What {@link storeConformance} can be told. */
export interface ConformanceOptions {
  /**
   * Registers a check: `test` of node:test, vitest, Deno or Bun. Without it the checks run at once,
   * one after the other.
   */
  readonly test?: (name: string, run: () => Promise<void>) => unknown;
}

interface Scene {
  readonly store: TokenStore;
  /** The same records as another process sees them; the store itself where `again` is missing. */
  readonly other: TokenStore;
  /** A lease, and all other times, long enough to be told apart here. */
  readonly lease: number;
  /** Lets `ms` pass. */
  pass(ms: number): Promise<void>;
}

type Check = readonly [name: string, run: (scene: Scene) => Promise<void>];

const KEY: TokenKey = { provider: "trustpilot", client: "client-1", subject: "default" };
const A = "a".repeat(32);
const B = "b".repeat(32);
const C = "c".repeat(32);
const SOURCE_1 = "1".repeat(64);
const SOURCE_2 = "2".repeat(64);
const LIFE = 360_000_000;
const R1 = "f1".repeat(32);
const R2 = "f2".repeat(32);
const R3 = "f3".repeat(32);

class Failure extends Error {
  override readonly name = "ConformanceError";
}

function that(isSo: boolean, what: string, found?: unknown): asserts isSo {
  if (isSo) return;
  throw new Failure(found === undefined ? what : `${what}; found ${JSON.stringify(found)}`);
}

function same(found: unknown, expected: unknown, what: string): void {
  that(
    JSON.stringify(found ?? null) === JSON.stringify(expected ?? null),
    `${what}: expected ${JSON.stringify(expected ?? null)}`,
    found ?? null,
  );
}

const beginning = (owner: string, lease: number, more: Partial<BeginInput> = {}): BeginInput => ({
  owner,
  seen: 0,
  leaseMs: lease,
  ...more,
});

const first = (owner: string, more: Partial<CommitInput> = {}): CommitInput => ({
  owner,
  grant: false,
  base: 0,
  rt: R1,
  blob: "tokens 1",
  lifeMs: LIFE,
  refreshInMs: LIFE / 2,
  ...more,
});

type Lead = Extract<Begun, { readonly type: "lead" }>;

function leads(begun: Begun, what: string): Lead {
  that(begun.type === "lead", `${what} leads`, begun);
  return begun;
}

/** A record with one generation, by owner A. */
async function withToken({ store, lease }: Scene, key = KEY): Promise<RecordView> {
  const begun = leads(await store.begin(key, beginning(A, lease)), "the first to begin");
  const marked = await store.mark(key, { owner: A, fence: begun.fence });
  that(marked.marked, "who leads may mark");
  const { accepted, view } = await store.commit(key, first(A));
  that(accepted, "the first tokens are accepted");
  return view;
}

/** Begins and marks: a refresh is about to be sent. */
async function sending({ store, lease }: Scene, owner: string, seen: number): Promise<Lead> {
  const begun = leads(await store.begin(KEY, beginning(owner, lease, { seen })), owner[0] ?? "");
  const { marked } = await store.mark(KEY, { owner, fence: begun.fence });
  that(marked, "who leads may mark");
  return begun;
}

/** There is no record, for nobody. */
async function nothing({ store, other }: Scene, when: string): Promise<void> {
  for (const view of [await store.read(KEY), await other.read(KEY)]) {
    const { generation, token, dead, leaseForMs, blob, rt } = view;
    same(
      [generation, token, dead ?? null, leaseForMs, blob ?? null, rt ?? null],
      [0, false, null, 0, null, null],
      `${when} there is no record`,
    );
  }
}

const CHECKS: readonly Check[] = [
  [
    "LK11 read: nothing is there, and reading makes nothing",
    async ({ store, other }) => {
      for (const view of [await store.read(KEY), await store.read(KEY), await other.read(KEY)]) {
        same(view.generation, 0, "generation of a record that was never written");
        same(view.blob, null, "its blob");
        same(view.rt, null, "its refresh token");
        same(view.leaseForMs, 0, "its lease");
        same(view.dead, null, "its end");
      }
    },
  ],
  [
    "LK1 begin: one leads, another one waits for the lease and then leads with a newer fence",
    async ({ store, other, lease, pass }) => {
      const begun = leads(await store.begin(KEY, beginning(A, lease)), "the first");
      that(begun.fence >= 1, "a fence is above 0", begun.fence);
      same(begun.hadIntentMs, null, "nobody sent before");
      const wait = await other.begin(KEY, beginning(B, lease));
      same(wait.type, "wait", "the second one");
      const left = wait.view.leaseForMs;
      that(left > 0 && left <= lease, "it is told how long, within the lease", left);
      await pass(lease + 1);
      same((await store.read(KEY)).leaseForMs, 0, "the lease is over");
      const next = leads(
        await other.begin(KEY, beginning(B, lease)),
        "the second, after the lease",
      );
      that(next.fence > begun.fence, "with a newer fence", next.fence);
    },
  ],
  [
    "LK1 begin: the holder of a lease leads again, with a newer fence",
    async ({ store, lease }) => {
      const one = leads(await store.begin(KEY, beginning(A, lease)), "the first");
      const two = leads(await store.begin(KEY, beginning(A, lease)), "the same one again");
      that(two.fence > one.fence, "with a newer fence", two.fence);
      same(
        (await store.mark(KEY, { owner: A, fence: one.fence })).marked,
        false,
        "the older fence",
      );
      same((await store.mark(KEY, { owner: A, fence: two.fence })).marked, true, "the newer fence");
    },
  ],
  [
    "LK1 mark: only the holder of the lease, only with its fence, only while it lasts",
    async ({ store, lease, pass }) => {
      const { fence } = leads(await store.begin(KEY, beginning(A, lease)), "the first");
      same((await store.mark(KEY, { owner: B, fence })).marked, false, "another owner's mark");
      same((await store.mark(KEY, { owner: A, fence: fence + 1 })).marked, false, "another fence");
      same((await store.read(KEY)).intentAgeMs, null, "a mark that was refused leaves nothing");
      same((await store.mark(KEY, { owner: A, fence })).marked, true, "the holder's mark");
      that(typeof (await store.read(KEY)).intentAgeMs === "number", "the mark is seen by all");
      await pass(lease + 1);
      same((await store.mark(KEY, { owner: A, fence })).marked, false, "a mark after the lease");
    },
  ],
  [
    "LK11 commit: the first tokens, as they are, with their times",
    async (scene) => {
      const { store, other, pass } = scene;
      const blob = `{"a":"\\u00e4 ä \u{1F600} \\" \\\\ / \u2028"}${"x".repeat(20_000)}`;
      const { fence } = leads(await store.begin(KEY, beginning(A, scene.lease)), "the first");
      await store.mark(KEY, { owner: A, fence });
      const { accepted, view } = await store.commit(KEY, first(A, { blob }));
      that(accepted, "the first tokens are accepted");
      that(Number.isSafeInteger(view.generation) && view.generation > 0, "a generation", view);
      same(view.leaseForMs, 0, "the lease is freed");
      same(view.intentAgeMs, null, "the mark is settled");
      for (const seen of [view, await store.read(KEY), await other.read(KEY)]) {
        same(seen.generation, view.generation, "generation");
        same(seen.blob === blob, true, "the blob is what was stored");
        same(seen.rt, R1, "the refresh token's hash");
        same(seen.lifeMs, LIFE, "the whole life");
        that(near(seen.expiresInMs, LIFE), "expires in its life", seen.expiresInMs);
        that(near(seen.refreshInMs, LIFE / 2), "refreshed ahead", seen.refreshInMs);
      }
      await pass(100);
      const later = await store.read(KEY);
      that(later.ageMs >= 100, "its age grows", later.ageMs);
      that((later.expiresInMs ?? 0) <= LIFE - 100, "its life shrinks", later.expiresInMs);
      that((later.refreshInMs ?? 0) <= LIFE / 2 - 100, "and the time to refresh", later);
    },
  ],
  [
    "LK11 commit: a life that is over is 0, an unknown life is null",
    async ({ store, lease, pass }) => {
      await store.begin(KEY, beginning(A, lease));
      const short = first(A, { lifeMs: lease, refreshInMs: lease / 2 });
      const one = await store.commit(KEY, short);
      await pass(lease + 1);
      const over = await store.read(KEY);
      same([over.expiresInMs, over.refreshInMs], [0, 0], "a life that is over");
      same(over.blob, "tokens 1", "the refresh token in it is kept");
      const next = { base: one.view.generation, consumed: R1, rt: R2, blob: "tokens 2" };
      await store.commit(KEY, first(A, { ...next, lifeMs: null, refreshInMs: null }));
      const unknown = await store.read(KEY);
      same(
        [unknown.lifeMs, unknown.expiresInMs, unknown.refreshInMs],
        [null, null, null],
        "unknown",
      );
    },
  ],
  [
    "LK3 begin: who has seen an older generation is told that there is a newer one",
    async (scene) => {
      const { other, lease } = scene;
      const { generation } = await withToken(scene);
      const begun = await other.begin(KEY, beginning(B, lease, { seen: 0 }));
      same(begun.type, "fresh", "who saw none");
      same(begun.view.generation, generation, "the newer generation");
      same(begun.view.blob, "tokens 1", "comes along");
      const next = await other.begin(KEY, beginning(B, lease, { seen: generation }));
      same(next.type, "lead", "who saw the newest");
    },
  ],
  [
    "LK4 commit: whoever consumed the current refresh token, lease or not; generations rise by one",
    async (scene) => {
      const { store, other, lease, pass } = scene;
      const { generation } = await withToken(scene);
      await sending(scene, A, generation);
      await pass(lease + 1);
      const late = await sending(scene, B, generation);
      same(typeof late.hadIntentMs, "number", "the next one is told of the open refresh");
      that((late.hadIntentMs ?? 0) >= lease, "and how old it is", late.hadIntentMs);
      const commit = first(A, { base: generation, consumed: R1, rt: R2, blob: "tokens 2" });
      const done = await store.commit(KEY, commit);
      same(done.accepted, true, "the late holder's answer");
      same(done.view.generation, generation + 1, "the next generation");
      same(done.view.intentAgeMs, null, "settles the mark of both");
      same(done.view.leaseForMs, 0, "and ends the lease of whoever leads with a used-up token");
      const what = { type: "suspect", cause: "refused" } as const;
      const verdict = await other.fail(KEY, { owner: B, fence: late.fence, what });
      same([verdict.accepted, verdict.view.dead ?? null], [false, null], "who cannot end it");
      const lost = { base: generation, consumed: R1, rt: R3, blob: "tokens 3" };
      const refused = await other.commit(KEY, first(B, lost));
      same(refused.accepted, false, "a second commit of the same generation");
      same((await store.read(KEY)).blob, "tokens 2", "changes nothing");
    },
  ],
  [
    "LK4 commit: refused with another refresh token, or another generation",
    async (scene) => {
      const { store } = scene;
      const { generation } = await withToken(scene);
      for (const wrong of [
        { base: generation, consumed: R2 },
        { base: generation, consumed: null },
        { base: generation - 1, consumed: R1 },
        { base: generation + 1, consumed: R1 },
      ]) {
        const { accepted, view } = await store.commit(
          KEY,
          first(A, { ...wrong, rt: R3, blob: "tokens 3" }),
        );
        same(accepted, false, `a commit of ${JSON.stringify(wrong)}`);
        same(
          [view.generation, view.blob, view.rt],
          [generation, "tokens 1", R1],
          "changes nothing",
        );
      }
    },
  ],
  [
    "LK4 commit: tokens without a refresh token follow each other by generation",
    async ({ store, lease }) => {
      await store.begin(KEY, beginning(A, lease));
      const one = await store.commit(KEY, first(A, { rt: null }));
      const { generation } = one.view;
      same([one.accepted, one.view.rt ?? null], [true, null], "no refresh token");
      const next = { base: generation, consumed: null, rt: null, blob: "tokens 2" };
      same((await store.commit(KEY, first(A, next))).accepted, true, "the next tokens");
      same((await store.commit(KEY, first(B, next))).accepted, false, "and not twice");
      same((await store.read(KEY)).blob, "tokens 2", "what is there");
    },
  ],
  [
    "LK5 fail: a gate for all, over after its time, counted on; a late holder sets none",
    async (scene) => {
      const { store, other, lease, pass } = scene;
      const { generation } = await withToken(scene);
      const old = await sending(scene, A, generation);
      await pass(lease + 1);
      const now = await sending(scene, B, generation);
      const gate = {
        type: "release",
        sent: false,
        gate: { forMs: lease, cause: "rate_limited" },
      } as const;
      const refused = await store.fail(KEY, { owner: A, fence: old.fence, what: gate });
      same([refused.accepted, refused.view.gate ?? null], [false, null], "the late holder's gate");
      const set = await other.fail(KEY, { owner: B, fence: now.fence, what: gate });
      same(set.accepted, true, "the newest holder's gate");
      same(set.view.leaseForMs, 0, "frees its lease");
      const begun = await store.begin(KEY, beginning(C, lease, { seen: generation }));
      same([begun.type, begun.view.gate?.cause], ["gate", "rate_limited"], "everyone sees it");
      const left = begun.view.gate?.forMs ?? 0;
      that(left > 0 && left <= lease, "and for how long", left);
      same(begun.view.gate?.failures, 1, "the first failure");
      await pass(lease + 1);
      const again = await sending(scene, C, generation);
      const second = await store.fail(KEY, { owner: C, fence: again.fence, what: gate });
      same(second.view.gate?.failures, 2, "the second one in a row");
    },
  ],
  [
    "TM14 begin: a gate of one configuration is none for another",
    async (scene) => {
      const { store, other, lease } = scene;
      const { generation: seen } = await withToken(scene);
      const fails = async (owner: string, client: string, cause: GateCause) => {
        const begin = { ...beginning(owner, lease, { seen }), client };
        const { fence } = leads(await store.begin(KEY, begin), owner);
        const what = { type: "release", sent: false, gate: { forMs: lease, cause } } as const;
        return other.fail(KEY, { owner, fence, what });
      };
      await fails(A, SOURCE_1, "configuration");
      const begun = await other.begin(KEY, {
        ...beginning(B, lease, { seen }),
        client: SOURCE_1,
      });
      same(begun.type, "gate", "the same one");
      const { view } = await fails(B, SOURCE_2, "rate_limited");
      same(view.gate?.failures, 1, "another one leads");
      const last = await store.begin(KEY, { ...beginning(C, lease, { seen }), client: SOURCE_1 });
      same(last.type, "gate", "of any other cause it is everybody's");
    },
  ],
  [
    "LK6 fail: an answer that never came leaves the mark, a call that never left removes it",
    async (scene) => {
      const { store } = scene;
      const { generation } = await withToken(scene);
      const one = await sending(scene, A, generation);
      const lost = { type: "release", sent: true } as const;
      const kept = await store.fail(KEY, { owner: A, fence: one.fence, what: lost });
      same(kept.view.leaseForMs, 0, "the lease is freed");
      same(typeof kept.view.intentAgeMs, "number", "the mark stays");
      const two = await sending(scene, B, generation);
      same(typeof two.hadIntentMs, "number", "the next one is told");
      const what = { type: "release", sent: false, gate: null } as const;
      const back = await store.fail(KEY, { owner: B, fence: two.fence, what });
      same(typeof back.view.intentAgeMs, "number", "the first one's mark still stands");
      same(back.view.gate ?? null, null, "no gate was asked for");
    },
  ],
  [
    "LK6 fail: nothing was sent, nothing stays",
    async (scene) => {
      const { store, lease } = scene;
      const { generation } = await withToken(scene);
      const one = await sending(scene, A, generation);
      const pause = { forMs: lease, cause: "unavailable" } as const;
      const what = { type: "release", sent: false, gate: pause } as const;
      const { accepted, view } = await store.fail(KEY, { owner: A, fence: one.fence, what });
      same([accepted, view.intentAgeMs ?? null], [true, null], "the mark is gone");
      same([view.gate?.cause, view.gate?.failures], ["unavailable", 1], "with the pause asked for");
    },
  ],
  [
    "LK5 fail: refused while nobody else can have sent is the end at once, for all",
    async (scene) => {
      const { store, other, lease } = scene;
      const { generation } = await withToken(scene);
      const { fence } = await sending(scene, A, generation);
      const what = { type: "suspect", cause: "refused" } as const;
      const { view } = await store.fail(KEY, { owner: A, fence, what });
      same(view.dead, "refused", "the verdict");
      same(view.generation, generation, "the generation stays");
      const begun = await other.begin(KEY, beginning(B, lease, { seen: generation }));
      same([begun.type, begun.view.dead], ["dead", "refused"], "nobody sends again");
    },
  ],
  [
    "LK4 fail: refused while an earlier one may still answer is suspicion, then the end",
    async (scene) => {
      const { store, other, lease, pass } = scene;
      const { generation } = await withToken(scene);
      await sending(scene, A, generation);
      await pass(lease + 1);
      const { fence } = await sending(scene, B, generation);
      const what = { type: "suspect", cause: "rotation_lost" } as const;
      const { view } = await store.fail(KEY, { owner: B, fence, what });
      same([view.dead ?? null, view.suspect?.cause], [null, "rotation_lost"], "suspected");
      const wait = await other.begin(KEY, beginning(C, lease, { seen: generation }));
      same(wait.type, "wait", "the next one waits");
      const left = wait.view.suspect?.forMs ?? 0;
      that(left > 0 && left <= lease, "for at most a lease", left);
      await pass(lease + 1);
      const end = await store.begin(KEY, beginning(C, lease, { seen: generation }));
      same([end.type, end.view.dead], ["dead", "rotation_lost"], "the next one draws the verdict");
      same((await other.read(KEY)).dead, "rotation_lost", "for all");
    },
  ],
  [
    "LK4 commit: the earlier one's answer clears suspicion, and even the verdict",
    async (scene) => {
      const { store, lease, pass } = scene;
      const { generation } = await withToken(scene);
      await sending(scene, A, generation);
      await pass(lease + 1);
      const { fence } = await sending(scene, B, generation);
      const what = { type: "suspect", cause: "refused" } as const;
      await store.fail(KEY, { owner: B, fence, what });
      await pass(lease + 1);
      const end = await store.begin(KEY, beginning(C, lease, { seen: generation }));
      same(end.type, "dead", "the verdict");
      const commit = first(A, { base: generation, consumed: R1, rt: R2, blob: "tokens 2" });
      const { accepted, view } = await store.commit(KEY, commit);
      same([accepted, view.dead ?? null, view.suspect ?? null], [true, null, null], "it lives");
      same(view.generation, generation + 1, "with a new generation");
    },
  ],
  [
    "TM15 a new grant ends what was dead, and the lease of whoever was at it",
    async (scene) => {
      const { store, other } = scene;
      const { generation } = await withToken(scene);
      const { fence } = await sending(scene, A, generation);
      await store.fail(KEY, { owner: A, fence, what: { type: "dead", cause: "refused" } });
      same((await store.read(KEY)).dead, "refused", "dead");
      const grant = { grant: true, base: generation, consumed: R1, rt: R2, blob: "tokens 2" };
      const before = { ...grant, base: generation - 1 };
      same((await other.commit(KEY, first(B, before))).accepted, false, "of another generation");
      const { accepted, view } = await other.commit(KEY, first(B, grant));
      same([accepted, view.dead ?? null, view.leaseForMs], [true, null, 0], "alive, nobody leads");
      same(view.generation, generation + 1, "with a new generation");
    },
  ],
  [
    "TM15 begin: dead is led anew by who brings another source of tokens",
    async (scene) => {
      const { store, lease } = scene;
      const begun = await store.begin(KEY, beginning(A, lease, { source: SOURCE_1 }));
      const { fence } = leads(begun, "the first");
      const grant = await store.commit(KEY, first(A, { source: SOURCE_1 }));
      const seen = grant.view.generation;
      that(fence >= 1, "a fence", fence);
      const next = leads(await store.begin(KEY, beginning(A, lease, { seen })), "the next");
      await store.fail(KEY, {
        owner: A,
        fence: next.fence,
        what: { type: "dead", cause: "refused" },
      });
      const same1 = await store.begin(KEY, beginning(A, lease, { seen, source: SOURCE_1 }));
      same(same1.type, "dead", "the same source");
      const none = await store.begin(KEY, beginning(A, lease, { seen }));
      same(none.type, "dead", "no source");
      const other = await store.begin(KEY, beginning(A, lease, { seen, source: SOURCE_2 }));
      same(other.type, "lead", "another source");
      const end = { base: seen, cause: "revoked", reusable: false } as const;
      await store.end(KEY, end);
      const repaired = beginning(A, lease, { seen: seen + 1, source: SOURCE_2 });
      leads(await store.begin(KEY, repaired), "the same of what was revoked");
      const commit = { base: seen + 1, consumed: null, rt: R2, source: SOURCE_2 };
      const { accepted, view } = await store.commit(KEY, first(A, commit));
      same([accepted, view.dead ?? null], [true, null], "its tokens");
    },
  ],
  [
    "LK11 end: the tokens are gone, the generation is newer, and late answers are refused",
    async (scene) => {
      const { store, other } = scene;
      const { generation } = await withToken(scene);
      await sending(scene, A, generation);
      const end = { cause: "revoked", reusable: false } as const;
      const refused = await other.end(KEY, { ...end, base: generation - 1 });
      same(
        [refused.accepted, refused.view.generation],
        [false, generation],
        "of another generation",
      );
      const { accepted, view } = await other.end(KEY, { ...end, base: generation });
      same(accepted, true, "accepted");
      same([view.generation, view.dead], [generation + 1, "revoked"], "ended");
      same(
        [view.blob ?? null, view.rt ?? null, view.expiresInMs ?? null],
        [null, null, null],
        "gone",
      );
      same(view.leaseForMs, 0, "nobody leads");
      const late = first(A, { base: generation, consumed: R1, rt: R2, blob: "tokens 2" });
      same((await store.commit(KEY, late)).accepted, false, "an answer from before");
      const none = first(A, { base: generation + 1, consumed: null, rt: R2 });
      same((await store.commit(KEY, none)).accepted, false, "revoked stays revoked");
      same((await store.read(KEY)).dead, "revoked", "for all");
    },
  ],
  [
    "LK11 end: where tokens can be got again, only the tokens end",
    async (scene) => {
      const { store, lease } = scene;
      const { generation } = await withToken(scene);
      const end = { base: generation, cause: "revoked", reusable: true } as const;
      const { view } = await store.end(KEY, end);
      same([view.dead ?? null, view.blob ?? null], [null, null], "not dead, no tokens");
      const begun = await store.begin(KEY, beginning(A, lease, { seen: generation + 1 }));
      same(begun.type, "lead", "the next one");
    },
  ],
  [
    "LK11 end: what ended is forgotten after its time, and late answers do not bring it back",
    async (scene) => {
      const { store, other, lease, pass } = scene;
      const { generation } = await withToken(scene);
      const { fence } = await sending(scene, A, generation);
      const end = { cause: "revoked", reusable: false } as const;
      const wrong = await other.end(KEY, { ...end, base: generation - 1, keepMs: 1 });
      same([wrong.accepted, wrong.view.generation], [false, generation], "of another generation");
      const { accepted } = await other.end(KEY, { ...end, base: generation, keepMs: lease });
      that(accepted, "the end of this generation is accepted");
      same((await store.read(KEY)).dead, "revoked", "until then it is known");
      await pass(lease + 1);
      await nothing(scene, "after its time");
      const late = first(A, { base: generation, consumed: R1, rt: R2, blob: "tokens 2" });
      same((await store.commit(KEY, late)).accepted, false, "an answer from before");
      same((await store.mark(KEY, { owner: A, fence })).marked, false, "a mark from before");
      const refused = { owner: A, fence, what: { type: "dead", cause: "refused" } } as const;
      same((await store.fail(KEY, refused)).accepted, false, "a refusal from before");
      await nothing(scene, "after what came late");
      const anew = await store.commit(KEY, first(B, { grant: true, rt: R2 }));
      that(anew.accepted, "a new sign-in is accepted");
      that(anew.view.generation > generation, "its generation is newer", anew.view.generation);
    },
  ],
  [
    "LK11 commit: a record is kept for its time and no longer; the next tokens say theirs",
    async (scene) => {
      const { store, other, lease, pass } = scene;
      const grant = first(A, { grant: true, keepMs: lease });
      const { view } = await store.commit(KEY, grant);
      same((await other.read(KEY)).blob, "tokens 1", "within its time");
      const next = { base: view.generation, consumed: R1, rt: R2, blob: "tokens 2" };
      that((await store.commit(KEY, first(A, next))).accepted, "the next tokens");
      await pass(lease + 1);
      same((await other.read(KEY)).blob, "tokens 2", "without a time it stays");
      const base = view.generation + 1;
      const last = { base, consumed: R2, rt: R3, blob: "tokens 3", keepMs: lease };
      that((await store.commit(KEY, first(A, last))).accepted, "the last tokens");
      await pass(lease + 1);
      await nothing(scene, "after its time");
    },
  ],
  [
    "LK11 begin: nothing is removed under a refresh, nor is what comes of it",
    async (scene) => {
      const { store, other, lease, pass } = scene;
      const { view } = await store.commit(KEY, first(A, { grant: true, keepMs: lease }));
      const { generation } = view;
      await sending(scene, A, generation);
      await pass(lease + 1);
      same((await other.read(KEY)).blob, "tokens 1", "while an answer may come");
      const next = { base: generation, consumed: R1, rt: R2, blob: "tokens 2" };
      that((await store.commit(KEY, first(A, next))).accepted, "the answer is stored");
      same((await other.read(KEY)).blob, "tokens 2", "and stays");
    },
  ],
  [
    "LK11 records of other providers, clients and subjects are apart",
    async (scene) => {
      const { store } = scene;
      const keys: TokenKey[] = [
        KEY,
        { ...KEY, provider: "trustoo" },
        { ...KEY, client: "client-2" },
        { ...KEY, subject: "Zoë:*?{}[]|/../ \u{1F600}" },
        { provider: "a", client: "b|c", subject: "d" },
        { provider: "a|b", client: "c", subject: "d" },
        { provider: "a", client: "b", subject: "c|d" },
        { ...KEY, subject: "__proto__" },
      ];
      for (const [at, key] of keys.entries()) {
        same((await store.read(key)).generation, 0, `record ${at} before it was written`);
        await store.commit(key, first(A, { grant: true, blob: `tokens of ${at}` }));
      }
      for (const [at, key] of keys.entries()) {
        same((await store.read(key)).blob, `tokens of ${at}`, `record ${at}`);
      }
    },
  ],
  [
    "LK11 all at once: of 30 that begin one leads, of 10 commits one is accepted",
    async (scene) => {
      const { store, other, lease } = scene;
      const { generation } = await withToken(scene);
      const owners = Array.from({ length: 30 }, (_, at) => `${at}`.padStart(32, "0"));
      const begun = await Promise.all(
        owners.map((owner, at) =>
          (at % 2 ? store : other).begin(KEY, beginning(owner, lease * 10, { seen: generation })),
        ),
      );
      same(begun.filter(({ type }) => type === "lead").length, 1, "that lead");
      same(begun.filter(({ type }) => type === "wait").length, 29, "that wait");
      const done = await Promise.all(
        owners.slice(0, 10).map((owner, at) => {
          const next = { base: generation, consumed: R1, rt: R2, blob: `by ${owner}` };
          return (at % 2 ? store : other).commit(KEY, first(owner, next));
        }),
      );
      const accepted = owners.filter((_, at) => done[at]?.accepted);
      same(accepted.length, 1, "that are accepted");
      const view = await other.read(KEY);
      same([view.generation, view.blob], [generation + 1, `by ${accepted[0]}`], "what is there");
    },
  ],
  [
    "LK11 what one process stores another one reads, also one that comes later",
    async (scene) => {
      const { store, other } = scene;
      const { generation } = await withToken(scene);
      same((await other.read(KEY)).blob, "tokens 1", "the other one reads");
      const next = { base: generation, consumed: R1, rt: R2, blob: "tokens 2" };
      same((await other.commit(KEY, first(B, next))).accepted, true, "the other one stores");
      const view = await store.read(KEY);
      same(
        [view.generation, view.blob, view.rt],
        [generation + 1, "tokens 2", R2],
        "the first reads",
      );
    },
  ],
];

/** A time that is as long as it should be, up to what a busy machine takes for a call. */
function near(found: number | null | undefined, expected: number): boolean {
  return typeof found === "number" && found <= expected && found > expected - 60_000;
}

/** Milliseconds of a lease where the examination has to wait for it. */
const REAL_LEASE = 400;
const VIRTUAL_LEASE = 30_000;

/**
 * Examines a token store: what every store must do for tokens not to be lost, each check with a
 * store of its own. Give `test` of your test runner, or await it: it rejects with all that failed.
 *
 * ```ts
 * import { test } from "node:test";
 * import { storeConformance } from "plaudit/server";
 *
 * storeConformance(() => ({ store: myStore() }), { test });
 * ```
 *
 * @param makeStore Makes a store without any records, anew for each check.
 */
export async function storeConformance(
  makeStore: () => StoreUnderTest | Promise<StoreUnderTest>,
  { test }: ConformanceOptions = {},
): Promise<void> {
  const failures: string[] = [];
  for (const [name, check] of CHECKS) {
    const run = async () => {
      const { store, advance, again, end } = await makeStore();
      try {
        await check({
          store,
          other: (await again?.()) ?? store,
          lease: advance ? VIRTUAL_LEASE : REAL_LEASE,
          async pass(ms) {
            if (advance) await advance(ms);
            else await new Promise<void>((resolve) => setTimeout(resolve, ms));
          },
        });
      } finally {
        await end?.();
      }
    };
    if (test) {
      test(name, run);
    } else {
      await run().catch((error: unknown) => {
        failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }
  if (failures.length > 0) throw new Failure(failures.join("\n"));
}
