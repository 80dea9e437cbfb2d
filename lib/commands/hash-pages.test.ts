import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { inlineScriptHashes } from "./hash-pages.mjs";

const hash = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

test("each inline script once; scripts from files are covered by 'self'", () => {
  const html = '<script src="/a.js" async=""></script><script>one()</script><script id="x">two()\n</script><script>one()</script><script async src="/b.js"></script>';
  expect(inlineScriptHashes(html)).toEqual([hash("one()"), hash("two()\n")]);
});
