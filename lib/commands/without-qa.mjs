// A production build contains nothing of the demo: no way to mailboxes, clocks and keys, and no password anybody may know.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const demoOnly = ["/qa/api", "/qa/transfer", "qa.clock", "qa.mailbox", "Ichido-demo-2026", "Kakunin-demo"];

/**
 * Where a build's text names what is the demo's; next's own `cache/` is never served and left out.
 * @param {string} output the build's folder
 * @returns {string[]} a sentence each
 */
export function demoTraces(output) {
  const files = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.relative(output, path.join(file.parentPath, file.name)))
    .filter((name) => name.split(path.sep)[0] !== "cache");
  return files.flatMap((name) => {
    const text = readFileSync(path.join(output, name));
    return demoOnly.filter((word) => text.includes(word)).map((word) => `${name} contains ${JSON.stringify(word)}`);
  });
}
