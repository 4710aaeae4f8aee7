import { attach, type Exports, type Glue, isAttached } from "./core.js";
import { compile, compileAside } from "./inline.js";

/** Starts the inlined module, unless one that has `needed` runs already. */
export function boot(needed: keyof Exports, hex: string, glue: Glue): void {
  if (!isAttached(needed)) attach(compile(hex), glue);
}

/** The same, compiled off the main thread. */
export async function warmUp(needed: keyof Exports, hex: string, glue: Glue): Promise<void> {
  if (isAttached(needed)) return;
  const module = await compileAside(hex);
  if (!isAttached(needed)) attach(module, glue);
}
