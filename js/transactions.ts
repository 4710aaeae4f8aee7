import { core } from "./core.js";
import { PlauditError } from "./errors.js";
import type { ResponseType } from "./types.js";

/** A sign-in under way, kept in the tab until its answer comes. */
export interface Transaction {
  state: string;
  provider: string;
  clientId: string;
  redirectUri: string;
  responseType: ResponseType;
  scope: readonly string[];
  returnTo: string;
  createdAt: number;
  mode: "redirect" | "popup";
}

const PREFIX = "plaudit:tx:";

/** The tab's storage. */
export function tabStorage(): Storage {
  let storage: Storage | undefined;
  try {
    storage = globalThis.sessionStorage;
  } catch (cause) {
    throw new PlauditError("storage_unavailable", "sessionStorage is blocked here", { cause });
  }
  if (storage) return storage;
  throw new PlauditError("unsupported_environment", "signing in needs a page with sessionStorage");
}

/** The sign-ins of this tab that wait for an answer, newest first. */
export function pending(): Transaction[] {
  const storage = tabStorage();
  return Object.keys(storage)
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key): Transaction[] => {
      try {
        const one = JSON.parse(storage.getItem(key) as string) as Transaction | null;
        return one?.state === key.slice(PREFIX.length) ? [one] : [];
      } catch {
        return [];
      }
    })
    .sort((a, b) => b.createdAt - a.createdAt);
}

/** Keeps a sign-in, and forgets those that are too old. */
export function saveTransaction(transaction: Transaction): void {
  const storage = tabStorage();
  for (const old of pending()) if (isExpired(old)) storage.removeItem(PREFIX + old.state);
  try {
    storage.setItem(PREFIX + transaction.state, JSON.stringify(transaction));
  } catch (cause) {
    throw new PlauditError("storage_unavailable", "sessionStorage is full or blocked", { cause });
  }
}

/** Uses a sign-in up. Answers whether it was still young enough. */
export function removeTransaction(transaction: Transaction): boolean {
  tabStorage().removeItem(PREFIX + transaction.state);
  return !isExpired(transaction);
}

function isExpired({ createdAt }: Transaction): boolean {
  return core().is_transaction_expired(createdAt, Date.now()) === 1;
}
