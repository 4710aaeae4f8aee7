// What the build puts in place of these names; see tools/build.mjs.
declare module "#glue" {
  export function __wbg_set_wasm(exports: unknown): void;
}
declare module "#sign-in-glue" {
  export function __wbg_set_wasm(exports: unknown): void;
}
declare module "#inline" {
  const hex: string;
  export default hex;
}
declare module "#sign-in-inline" {
  const hex: string;
  export default hex;
}
declare module "#wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "#sandbox-inline" {
  const hex: string;
  export default hex;
}
declare module "#sandbox-wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "#server-glue" {
  export function __wbg_set_wasm(exports: unknown): void;
}
declare module "#server-inline" {
  const hex: string;
  export default hex;
}
declare module "#server-wasm" {
  const module: WebAssembly.Module;
  export default module;
}
