import { afterEach, expect, test, vi } from "vitest";
import { get, ownPath, post } from "./answer";

test.each(["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n//evil.example", "https://evil.example", "javascript:alert(1)", "evil", ""])("%j leads to the top page", (go) =>
  expect(ownPath(go)).toBe("/"));

test.each(["/", "/token/issuance", "/login?ended=logout"])("%j is ours", (go) => expect(ownPath(go)).toBe(go));

afterEach(() => vi.unstubAllGlobals());

const noAnswer = () => Promise.reject(new TypeError("no network"));
const fromAProxy = () => Promise.resolve(new Response("<h1>504 Gateway Time-out</h1>", { status: 504 }));

test.each([["no answer", "OTP-906", noAnswer], ["a proxy's answer", "OTP-901", fromAProxy]])("%s to a form's post: it may have been done; to a look: there is nothing to lose", async (_, code, fetch) => {
  vi.stubGlobal("fetch", fetch);
  const posted = await post("/management/tokens/revoke", new FormData());
  expect(posted).toMatchObject({ ok: false, refusal: { code, next: expect.stringContaining("操作が行われている場合があります。") as string } });
  const looked = await get("/state");
  expect(looked).toMatchObject({ ok: false, refusal: { code } });
  expect(JSON.stringify(looked)).not.toMatch(/入力した内容|操作が行われて/);
});
