// A prerendered page cannot carry a nonce: its inline scripts are named by their hashes, in the headers Next keeps beside the page.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { contentSecurityPolicy } from "../platform/content-security-policy.mjs";

/** @param {string} html @returns {string[]} */
export function inlineScriptHashes(html) {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) => text ?? "");
  return [...new Set(scripts.filter(Boolean).map((text) => `sha256-${createHash("sha256").update(text).digest("base64")}`))];
}

/**
 * Writes each prerendered page's policy. Returns how many pages there are.
 * @param {string} output the build's folder
 * @param {{ qa: boolean }} flavour
 */
export function hashPages(output, { qa }) {
  const folder = path.join(output, "server/app");
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
  for (const page of pages) {
    const html = readFileSync(path.join(folder, page), "utf8");
    const metaFile = path.join(folder, page.replace(/\.html$/, ".meta"));
    const meta = existsSync(metaFile) ? JSON.parse(readFileSync(metaFile, "utf8")) : {};
    meta.headers = { ...meta.headers, "content-security-policy": contentSecurityPolicy({ qa, hashes: inlineScriptHashes(html) }) };
    writeFileSync(metaFile, JSON.stringify(meta));
  }
  return pages.length;
}
