import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import os from "node:os";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { answersOf, compressBuild } from "./from-memory.mjs";

const output = mkdtempSync(path.join(os.tmpdir(), "ichido-build-"));
const asBuilt: Record<string, string> = { "/": "<h1>top</h1>", "/staff/cases/-": "<h1>case</h1>" };
mkdirSync(path.join(output, "static"));
mkdirSync(path.join(output, "server/app/staff/cases"), { recursive: true });
writeFileSync(path.join(output, "prerender-manifest.json"), JSON.stringify({ routes: { ...asBuilt, "/_not-found": "" } }));
writeFileSync(path.join(output, "server/app/index.html"), asBuilt["/"]!);
writeFileSync(path.join(output, "server/app/staff/cases/-.html"), asBuilt["/staff/cases/-"]!);
afterAll(() => rmSync(output, { recursive: true }));

const answering = (pages: Record<string, string>) => (request: IncomingMessage, response: ServerResponse) =>
  response.setHeader("Content-Type", "text/html; charset=utf-8").end(pages[request.url!]);

test("the pages of a build are kept as they are answered, plain and compressed", async () => {
  compressBuild(output);
  const answers = await answersOf(output, answering(asBuilt));
  const texts = [...answers].map(([name, { plain, br, gzip }]) => [name, ...[plain, brotliDecompressSync(br!), gunzipSync(gzip!)].map(String)]);
  expect(texts).toEqual(Object.entries(asBuilt).map(([name, text]) => [name, text, text, text]));
});

test("a page that is rendered anew is refused: its inline scripts are not those that its policy names", async () => {
  await expect(answersOf(output, answering({ ...asBuilt, "/staff/cases/-": "<h1>case</h1><script>hints()</script>" })))
    .rejects.toThrow("/staff/cases/- is not answered as it was built. Run `npm run build` again.");
});
