import { expect, test } from "vitest";
import { callerOf } from "./caller";

const from = (headers: Record<string, string>) => callerOf(new Request("http://localhost:3000/", { headers }));

test("a request ID is one or is made: the audit log takes nothing else", () => {
  const id = "0a1b2c3d-0000-4000-8000-000000000000";
  expect(from({ "x-ichido-request-id": id }).requestId).toBe(id);
  for (const text of ["", "x", `${id}0`, "'; drop table"]) expect(from({ "x-ichido-request-id": text }).requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test("what a browser calls itself cannot forge a line, and a long name costs nothing", () => {
  expect(from({ "user-agent": "" }).browser).toBe("不明");
  const { browser } = from({ "user-agent": `Mozilla/5.0 \u001b[31m"},{" Chrome/140.0 ${"crios/bot".repeat(1_500)}` });
  expect(browser).toMatch(/^[\x20-\x7e不明]{1,90}$/);
});
