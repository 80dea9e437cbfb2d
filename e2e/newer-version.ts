import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot, node, root, workDirectory } from "../lib/commands/project.mjs";

const copied = ["app", "drizzle", "lib", "public", "package.json", "package-lock.json", "tsconfig.json", "next.config.ts", "postcss.config.mjs", "instrumentation.ts"];
const checkout = path.join(workDirectory, "newer-version"); // below this one, whose packages it shares

function edit(file: string, change: (text: string) => string) {
  const place = path.join(checkout, file);
  writeFileSync(place, change(readFileSync(place, "utf8")));
}

/**
 * Another version of ours, built: its pages, scripts and build id are not this one's. It says so: `newerVersion` is true in a browser on its login page.
 * Answers its checkout.
 */
export async function buildNewerVersion(): Promise<string> {
  rmSync(checkout, { recursive: true, force: true });
  mkdirSync(checkout, { recursive: true });
  for (const name of copied) cpSync(inRoot(name), path.join(checkout, name), { recursive: true });
  symlinkSync(path.relative(checkout, inRoot("node_modules")), path.join(checkout, "node_modules"));
  edit("next.config.ts", (text) => text.replace("root: import.meta.dirname", `root: ${JSON.stringify(root)}`));
  edit("package.json", (text) => text.replace(/"version": "[^"]+"/, `"version": "999.0.0"`));
  edit("app/(customer)/login/login.tsx", (text) => `${text}\n(globalThis as { newerVersion?: boolean }).newerVersion = true;\n`);
  const built = spawn(node(), [path.join(checkout, "lib/commands/build.mjs")], { cwd: checkout, env: { ...process.env, ICHIDO_QA: "1" }, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  built.stdout.setEncoding("utf8").on("data", (text: string) => { said += text; });
  if (await new Promise((resolve) => built.once("close", resolve)) !== 0) throw new Error(`The newer version was not built:\n${said}`);
  return checkout;
}
