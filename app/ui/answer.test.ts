import { expect, test } from "vitest";
import { ownPath } from "./answer";

test.each(["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n//evil.example", "https://evil.example", "javascript:alert(1)", "evil", ""])("%j leads to the top page", (go) =>
  expect(ownPath(go)).toBe("/"));

test.each(["/", "/token/issuance", "/login?ended=logout"])("%j is ours", (go) => expect(ownPath(go)).toBe(go));
