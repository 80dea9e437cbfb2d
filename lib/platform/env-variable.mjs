// Read by `env.ts` and, before any TypeScript runs, by `lib/commands/server.mjs`: both must see the same value.
import { readFileSync } from "node:fs";

/** A variable of the environment. A secret `X` may stand in a file named by `X_FILE`. @param {string} name @returns {string | undefined} */
export function variable(name) {
  const file = process.env[`${name}_FILE`];
  const value = file ? readFileSync(file, "utf8").trim() : process.env[name];
  return value === "" ? undefined : value;
}
