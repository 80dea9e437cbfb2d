import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import os from "node:os";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { contentSecurityPolicy } from "../platform/content-security-policy.mjs";
import { answersOf, compressBuild } from "./from-memory.mjs";
import { inlineScriptHashes } from "./hash-pages.mjs";

const output = mkdtempSync(path.join(os.tmpdir(), "ichido-build-"));
const asBuilt: Record<string, string> = { "/": "<h1>top</h1>", "/staff/cases/-": "<h1>case</h1><script>draw()</script>" };
mkdirSync(path.join(output, "static"));
mkdirSync(path.join(output, "server/app/staff/cases"), { recursive: true });
writeFileSync(path.join(output, "prerender-manifest.json"), JSON.stringify({ routes: { ...asBuilt, "/_not-found": "" } }));
writeFileSync(path.join(output, "server/app/index.html"), asBuilt["/"]!);
writeFileSync(path.join(output, "server/app/staff/cases/-.html"), asBuilt["/staff/cases/-"]!);
afterAll(() => rmSync(output, { recursive: true }));

const answering = (pages: Record<string, string>, { status = 200, policy = pages }: { status?: number; policy?: Record<string, string> } = {}) => (request: IncomingMessage, response: ServerResponse) => {
  const hashes = inlineScriptHashes(policy[request.url!] ?? "");
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": contentSecurityPolicy({ qa: false, hashes }) }).end(pages[request.url!]);
};

test("the pages of a build are kept as they are answered, plain and compressed", async () => {
  compressBuild(output);
  const answers = await answersOf(output, answering(asBuilt));
  const texts = [...answers].map(([name, { plain, br, gzip }]) => [name, ...[plain, brotliDecompressSync(br!), gunzipSync(gzip!)].map(String)]);
  expect(texts).toEqual(Object.entries(asBuilt).map(([name, text]) => [name, text, text, text]));
});

test.each<[string, Parameters<typeof answering>]>([
  ["is rendered anew", [{ ...asBuilt, "/staff/cases/-": "<h1>case</h1><script>hints()</script>" }]],
  ["comes under a policy that does not name its script", [asBuilt, { policy: {} }]],
  ["is not there", [asBuilt, { status: 404 }]],
])("a page that %s is refused", async (_, answer) => {
  await expect(answersOf(output, answering(...answer))).rejects.toThrow(/^\/.* is not answered as it was built. Run `npm run build` again.$/);
});
