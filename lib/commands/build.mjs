// next build, then the hash-based content security policy of each prerendered page. ICHIDO_QA=1 builds the QA flavour.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compressBuild } from "./from-memory.mjs";
import { hashPages } from "./hash-pages.mjs";
import { Plain, failPlainly, inRoot, runTool } from "./project.mjs";
import { demoTraces } from "./without-qa.mjs";

const sources = [
  "app", "drizzle", "lib", "public", "instrumentation.ts", "next.config.ts", "postcss.config.mjs", "tsconfig.json", "package-lock.json",
];

/** @param {boolean} qa */
const outputOf = (qa) => inRoot(qa ? ".next-qa" : ".next");

/** @param {boolean} qa */
const stampOf = (qa) => path.join(outputOf(qa), "sources.sha256");

/** @param {{ qa: boolean }} options */
export async function build({ qa }) {
  const hash = hashOfSources();
  rmSync(stampOf(qa), { force: true });
  const { code } = await runTool("next/dist/bin/next", ["build"], {
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ICHIDO_QA: qa ? "1" : "" },
  });
  if (code !== 0) throw new Plain("The build failed; its own messages are above.");
  const traces = qa ? [] : demoTraces(outputOf(qa));
  if (traces.length > 0) throw new Plain(`The production build contains what is the demo's only:\n${traces.join("\n")}`);
  const pages = hashPages(outputOf(qa), { qa });
  console.log(`${pages} prerendered pages have their content security policy.`);
  compressBuild(outputOf(qa));
  writeFileSync(stampOf(qa), hash);
}

/** Builds unless the last build was of these very sources. @param {{ qa: boolean }} options */
export async function ensureBuilt({ qa }) {
  if (existsSync(stampOf(qa)) && readFileSync(stampOf(qa), "utf8") === hashOfSources()) return;
  console.log(`Building the ${qa ? "QA" : "production"} flavour, about half a minute…`);
  await build({ qa });
}

function hashOfSources() {
  const hash = createHash("sha256").update(process.version.split(".")[0] ?? "");
  /** @param {string} place */
  const add = (place) => {
    if (!existsSync(inRoot(place))) return;
    const files = readdirSync(inRoot(place), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const file of files) {
      const name = `${place}/${file.name}`;
      if (file.isDirectory()) add(name);
      else if (!file.name.includes(".test.")) hash.update(`${name}\0`).update(readFileSync(inRoot(name)));
    }
  };
  for (const place of sources) {
    if (place.includes(".")) hash.update(`${place}\0`).update(existsSync(inRoot(place)) ? readFileSync(inRoot(place)) : "");
    else add(place);
  }
  return hash.digest("hex");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await build({ qa: process.env.ICHIDO_QA === "1" }).catch(failPlainly);
}
