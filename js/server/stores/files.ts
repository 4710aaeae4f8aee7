import { PlauditError } from "../../errors.js";

interface Stats {
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

interface Handle {
  stat(): Promise<Stats>;
  readFile(encoding: "utf8"): Promise<string>;
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }>;
  chmod(mode: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is used of `node:fs/promises`. */
interface FileSystem {
  open(path: string, flags: string | number, mode?: number): Promise<Handle>;
  readFile(path: string, encoding: "utf8"): Promise<string>;
  readdir(path: string): Promise<string[]>;
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
  lstat(path: string): Promise<Stats>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  statfs(path: string): Promise<{ readonly type: number }>;
}

interface Process {
  readonly pid: number;
  readonly platform: string;
  getuid?(): number;
  kill(pid: number, signal: 0): void;
  getBuiltinModule?(name: string): unknown;
}

interface Node {
  readonly fs: FileSystem;
  readonly process: Process;
  readonly flags: {
    readonly O_RDONLY: number;
    readonly O_NOFOLLOW?: number;
    readonly O_NONBLOCK?: number;
  };
  readonly path: {
    dirname(path: string): string;
    basename(path: string): string;
    join(...parts: string[]): string;
    resolve(path: string): string;
  };
  readonly host: string;
  uptime(): number;
}

/** The process that this is, as others on the machine can check it. */
interface Identity {
  /** The host's name and its machine id, where it has one. */
  readonly host: string;
  /** Which start of the machine this is; null where that cannot be read. */
  readonly boot: string | null;
  /** The namespace in which `pid` means something: containers have one each. */
  readonly space: string | null;
  readonly pid: number;
  /** When the process began, in the kernel's ticks; null where that cannot be read. */
  readonly start: string | null;
}

interface Owner extends Identity {
  readonly random: string;
}

const HOUR = 3_600_000;
/** The namespace of processes that a Linux machine starts with: not a container's. */
const FIRST_SPACE = "pid:[4026531836]";
const SUFFIX = ".tmp";
/** Bytes; an owner takes some 300. */
const LONGEST_LOCK = 4_096;
/** What statfs(2) names file systems by: tmpfs and ramfs; NFS, SMB, CIFS. */
const KINDS = new Map<number, "memory" | "network">([
  [0x01021994, "memory"],
  [0x858458f6, "memory"],
  [0x6969, "network"],
  [0x517b, "network"],
  [0xfe534d42, "network"],
  [0xff534d42, "network"],
]);
const ID = /^[0-9a-f]{32}$/;

/** @internal Milliseconds since the machine started and which start that was; null: not to be had. */
export interface Uptime {
  readonly ms: number;
  readonly machine: string;
}

/** @internal One file that is replaced whole, and the lock beside it. */
export interface GuardedFile {
  /** Its text; null where there is none. Needs no lock: it is the old one or the new one. */
  read(): Promise<string | null>;
  /** Runs `work` while no other process of this machine does. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Puts `text` in its place, on the disk before this ends. Only inside {@link exclusively}. */
  replace(text: string): Promise<void>;
  /** The clock that all processes of the machine share and that nobody sets. */
  uptime(): Promise<Uptime | null>;
  /** What kind of file system it lies on, where that matters; null: an ordinary one. */
  kind(): Promise<"memory" | "network" | null>;
}

let node: Node | undefined;
let identity: Promise<Identity> | undefined;

/** Not imported: a bundle for a runtime without files must still load. */
function load(): Node {
  if (node) return node;
  const { process } = globalThis as { process?: Process };
  const get = <T>(name: string) => process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
  const fs = get<FileSystem>("fs/promises");
  const path = get<Node["path"]>("path");
  const constants = get<{ readonly constants: Node["flags"] }>("fs")?.constants;
  const os = get<{ hostname(): string; uptime(): number }>("os");
  if (!process || !fs || !path || !constants || !os) {
    throw new PlauditError(
      "unsupported_environment",
      "fileStore needs the files of Node (20.19 or newer), Bun or Deno: use redisStore here",
    );
  }
  node = { fs, process, path, flags: constants, host: os.hostname(), uptime: os.uptime };
  return node;
}

const codeOf = (error: unknown) => (error as { readonly code?: string } | null)?.code;
const isMissing = (error: unknown) => codeOf(error) === "ENOENT";

/** @internal An error of the file system as the store's. */
export function unavailable(message: string, cause?: unknown, retryable = true): PlauditError {
  const why = codeOf(cause);
  return new PlauditError("store_unavailable", why ? `${message} (${why})` : message, {
    cause,
    retryable,
  });
}

function random(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** When a process began: a number that its successor under the same id does not share. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await load().fs.readFile(`/proc/${pid}/stat`, "utf8");
    // the program's name is in parentheses and may hold anything; the 22nd field counts from there
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** Who this process is; read once. */
function self(): Promise<Identity> {
  identity ??= (async () => {
    const { fs, host, process } = load();
    const or = <T>(read: Promise<T>, other: T) => read.catch(() => other);
    const text = async (path: string) => (await fs.readFile(path, "utf8")).trim();
    const id = await or(text("/etc/machine-id"), "");
    return {
      host: id === "" ? host : `${host} ${id}`,
      boot: await or<string | null>(text("/proc/sys/kernel/random/boot_id"), null),
      space: await or<string | null>(fs.readlink("/proc/self/ns/pid"), null),
      pid: process.pid,
      start: await startOf(process.pid),
    };
  })();
  return identity;
}

/** What can be said of another's process: nothing, where its ids are not of this machine. */
async function judge(owner: Owner): Promise<"alive" | "gone" | "foreign"> {
  const me = await self();
  if (owner.host === me.host && owner.boot === me.boot && owner.space === me.space) {
    return (await isGone(owner)) ? "gone" : "alive";
  }
  const hasRestarted =
    owner.host === me.host &&
    me.host.includes(" ") &&
    owner.boot !== null &&
    me.boot !== null &&
    owner.boot !== me.boot &&
    owner.space === FIRST_SPACE &&
    me.space === FIRST_SPACE;
  return hasRestarted ? "gone" : "foreign";
}

/** Whether the process of an id is there no more, or is another one by now. */
async function isGone({ pid, start }: Pick<Identity, "pid" | "start">): Promise<boolean> {
  try {
    load().process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return true;
  }
  if (start === null) return false;
  const now = await startOf(pid);
  return now !== null && now !== start;
}

/** Waiting turns of this process, by path: only its first asks for the lock file. */
const turns = new Map<string, Promise<unknown>>();

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/**
 * @internal The file at `path`. `lockTimeout`: milliseconds after which waiting for another process
 * is given up.
 */
export function guardedFile(path: string, lockTimeout: number): GuardedFile {
  let opened: Promise<Opened> | undefined;
  const open = () => {
    opened ??= openOnce(path).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  return {
    async read() {
      return read(await open());
    },
    async exclusively(work) {
      const { file } = await open();
      const before = turns.get(file) ?? Promise.resolve();
      const turn = before.then(async () => {
        const release = await acquire(`${file}.lock`, performance.now() + lockTimeout);
        try {
          return await work();
        } finally {
          await release();
        }
      });
      const settled = turn.catch(() => {});
      turns.set(file, settled);
      try {
        return await turn;
      } finally {
        if (turns.get(file) === settled) turns.delete(file);
      }
    },
    async replace(text) {
      await replace(await open(), text);
    },
    async uptime() {
      const { host, boot, space } = await self();
      try {
        if (boot === null) {
          const ms = Math.round(load().uptime() * 1000);
          return ms > 0 ? { ms, machine: host } : null;
        }
        // Not process.hrtime: in Deno it counts from the start of the process.
        const text = await load().fs.readFile("/proc/uptime", "utf8");
        const ms = Math.round(Number.parseFloat(text) * 1000);
        // a container may be told an uptime of its own
        return Number.isFinite(ms) ? { ms, machine: `${boot} ${space}` } : null;
      } catch {
        return null;
      }
    },
    async kind() {
      const { folder } = await open();
      try {
        return KINDS.get((await load().fs.statfs(folder)).type) ?? null;
      } catch {
        return null;
      }
    },
  };
}

interface Opened {
  /** Where it lies: links are followed once, here. */
  readonly file: string;
  readonly folder: string;
  readonly base: string;
}

async function openOnce(path: string): Promise<Opened> {
  const { fs, path: paths } = load();
  const absolute = paths.resolve(path);
  let file: string;
  try {
    file = await fs.realpath(absolute);
  } catch (cause) {
    if (!isMissing(cause)) throw unavailable("the token file cannot be reached", cause);
    // another process may have made the file since
    const isLink = await fs.lstat(absolute).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
    if (isLink) throw unavailable("the token file is a link to nothing", cause, false);
    try {
      file = paths.join(await fs.realpath(paths.dirname(absolute)), paths.basename(absolute));
    } catch (missing) {
      throw unavailable("the folder of the token file cannot be reached", missing);
    }
  }
  const made = { file, folder: paths.dirname(file), base: paths.basename(file) };
  await tidy(made);
  return made;
}

/** Opens what is there to be read: no link is followed, and a pipe is not waited for. */
function openToRead(path: string): Promise<Handle> {
  const { fs, flags } = load();
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = flags;
  return fs.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
}

async function read({ file }: Opened): Promise<string | null> {
  const { process } = load();
  let handle: Handle;
  try {
    handle = await openToRead(file);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw unavailable("the token file cannot be opened", cause);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw unavailable("the token file is no regular file", undefined, false);
    if (process.platform !== "win32") {
      const own = process.getuid?.();
      if (own !== undefined && stats.uid !== own) {
        throw unavailable("the token file belongs to another user", undefined, false);
      }
      if ((stats.mode & 0o077) !== 0) {
        throw unavailable(
          "the token file can be read by other users: chmod 600 it, or delete it and sign in again",
          undefined,
          false,
        );
      }
    }
    return await handle.readFile("utf8");
  } catch (cause) {
    throw cause instanceof PlauditError
      ? cause
      : unavailable("the token file cannot be read", cause);
  } finally {
    await handle.close();
  }
}

/** A new file with `text`, 0600 whatever the umask is; on the disk where it is to last. */
async function create(path: string, text: string, isToLast = true): Promise<void> {
  const handle = await load().fs.open(path, "wx", 0o600);
  try {
    if (load().process.platform !== "win32") await handle.chmod(0o600);
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; ) {
      at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
    }
    if (isToLast) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function temporary({ folder, base }: Opened): Promise<string> {
  const { pid, start } = await self();
  return load().path.join(folder, `.${base}.${pid}-${start ?? 0}-${random()}${SUFFIX}`);
}

async function replace(opened: Opened, text: string): Promise<void> {
  const { fs } = load();
  const path = await temporary(opened);
  try {
    await create(path, text);
    await rename(path, opened.file);
  } catch (cause) {
    await fs.unlink(path).catch(() => {});
    throw unavailable("the token file cannot be written", cause);
  }
  await syncFolder(opened.folder);
}

/** Windows refuses while a scanner holds the file open for a moment. */
async function rename(from: string, to: string): Promise<void> {
  const { fs, process } = load();
  const deadline = performance.now() + 2000;
  for (;;) {
    try {
      await fs.rename(from, to);
      return;
    } catch (error) {
      const isBusy = ["EPERM", "EBUSY", "EACCES"].includes(codeOf(error) ?? "");
      if (process.platform !== "win32" || !isBusy || performance.now() > deadline) throw error;
      await pause(20);
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await load().fs.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    // Windows knows no such thing, and some file systems do not either
    const isUnknown = ["EPERM", "EINVAL", "EISDIR", "EACCES"].includes(codeOf(cause) ?? "");
    if (!isUnknown) throw unavailable("the folder of the token file cannot be synced", cause);
  }
}

/** Who holds the lock at `path`; null where nobody does, "unknown" where the file does not tell. */
async function ownerOf(path: string): Promise<Owner | "unknown" | null> {
  let text: string;
  try {
    const handle = await openToRead(path);
    try {
      const stats = await handle.stat();
      // In a folder that others may write to, anything can lie there.
      if (!stats.isFile() || stats.size > LONGEST_LOCK) return "unknown";
      text = await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw unavailable("the lock of the token file cannot be read", cause);
  }
  try {
    const { host, boot, space, pid, start, random: id } = JSON.parse(text) as Owner;
    const areTexts = [boot, space, start].every((it) => it === null || typeof it === "string");
    if (typeof host === "string" && areTexts && Number.isSafeInteger(pid) && ID.test(id)) {
      return { host, boot, space, pid, start, random: id };
    }
  } catch {
    // unknown
  }
  return "unknown";
}

/**
 * Takes the lock at `path`; what it gives releases it.
 *
 * The file is linked into place with its owner already in it. One whose owner is gone may be
 * removed by the holder of a second lock alone, which is named after that very owner's random id:
 * so two that saw the same dead owner cannot remove each other's new lock. No clock and no age
 * decides: a process that is stopped keeps its lock.
 */
async function acquire(path: string, deadline: number): Promise<() => Promise<void>> {
  const { fs } = load();
  const me: Owner = { ...(await self()), random: random() };
  for (let delay = 2; ; delay = Math.min(delay * 1.5, 50)) {
    const owner = await ownerOf(path);
    if (owner === null) {
      if (await place(path, me)) return () => release(path);
      continue;
    }
    const verdict = owner === "unknown" ? "alive" : await judge(owner);
    if (verdict === "foreign") {
      throw unavailable(
        `${path} is held by a process of another machine or container, which cannot be watched ` +
          "from here: use redisStore for several machines; if there is no other, delete the lock",
        undefined,
        false,
      );
    }
    if (verdict === "gone" && owner !== "unknown") {
      const free = await acquire(`${path}.${owner.random}`, deadline);
      try {
        const still = await ownerOf(path);
        if (still !== "unknown" && still?.random === owner.random) await fs.unlink(path);
      } finally {
        await free();
      }
      continue;
    }
    if (performance.now() > deadline) {
      throw owner === "unknown"
        ? unavailable(`${path} is not a lock of this library: delete it`, undefined, false)
        : unavailable(`process ${owner.pid} holds the lock ${path} for too long`);
    }
    await pause(delay * (0.5 + Math.random()));
  }
}

async function release(path: string): Promise<void> {
  try {
    await load().fs.unlink(path);
  } catch (cause) {
    if (!isMissing(cause)) throw unavailable("the lock of the token file stays", cause);
  }
}

/** Puts a lock where there is none; whether it did. */
async function place(path: string, owner: Owner): Promise<boolean> {
  const { fs } = load();
  const text = JSON.stringify(owner);
  const { pid, start, random: id } = owner;
  const whole = `${path}.${pid}-${start ?? 0}-${id}${SUFFIX}`;
  try {
    await create(whole, text, false);
    try {
      await fs.link(whole, path);
    } catch (error) {
      // a file system without hard links: for a moment the lock is there and tells nothing
      if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error) ?? "")) throw error;
      await create(path, text, false);
    }
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw unavailable("the lock of the token file cannot be made", cause);
  } finally {
    await fs.unlink(whole).catch(() => {});
  }
}

/** Removes what dead processes left behind more than an hour ago. */
async function tidy({ folder, base }: Opened): Promise<void> {
  const { fs, path: paths } = load();
  const names = await fs.readdir(folder).catch(() => [] as string[]);
  for (const name of names) {
    if (!name.startsWith(`.${base}.`) && !name.startsWith(`${base}.lock.`)) continue;
    const path = paths.join(folder, name);
    try {
      const left = /\.(\d+)-(\d+)-[0-9a-f]{32}\.tmp$/.exec(name);
      if (Date.now() - (await fs.lstat(path)).mtimeMs < HOUR) continue;
      if (left) {
        const [, pid, start] = left as unknown as [string, string, string];
        if (await isGone({ pid: Number(pid), start: start === "0" ? null : start })) {
          await fs.unlink(path);
        }
      } else if (/\.lock(\.[0-9a-f]{32})+$/.test(name)) {
        const release = await acquire(path, performance.now());
        await release();
      }
    } catch {
      // litter, and nothing depends on it
    }
  }
}
