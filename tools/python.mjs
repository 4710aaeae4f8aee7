// Python packages for tests: a virtual environment of the project's own, from the default index.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { hashOf, once, output, run, toolsFolder, which } from "./run.mjs";

const folder = join(toolsFolder, "python");
const program = join(
  folder,
  ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
);

/** Why there can be no virtual environment here, or null. */
export function missingPython() {
  const python = which("python3") ?? which("python");
  if (!python) return "python3 is not installed";
  const version = output(python, ["-c", "import sys; print(*sys.version_info[:2])"]);
  if (!version) return "python3 is there but does not run";
  const [major, minor] = version.split(" ").map(Number);
  if (major < 3 || (major === 3 && minor < 10)) return `Python ${major}.${minor} is too old`;
  // Debian keeps both in a package of their own
  if (output(python, ["-c", "import venv, ensurepip"]) === null) return "python3 has no venv";
  return null;
}

/** Brings the packages that a requirements file names; gives the Python that has them. */
export async function bringPython(requirements) {
  const python = which("python3") ?? which("python");
  const key = hashOf([requirements], output(python, ["--version"]) ?? "");
  await once("python", key, [program], async () => {
    rmSync(folder, { recursive: true, force: true });
    const log = { log: "python", append: true };
    await run("Python environment", python, ["-m", "venv", folder], log);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    await run("Python packages (pip)", program, [...pip, requirements], log);
  });
  return program;
}
