import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { refusals } from "@/lib/refusals";
import { disconnected } from "../ui/answer";
import { phoneRefusals } from "./refusals";

test("a code the phone says by itself means nothing else on the server", () => {
  const codes = [...Object.values(refusals), ...Object.values(phoneRefusals), disconnected].map(({ code }) => code);
  expect(codes).toHaveLength(new Set(codes).size);
});

test("the documentation prints the phone's codes too", () => {
  const documentation = readFileSync("docs/messages.md", "utf8");
  for (const [reason, { code }] of Object.entries({ ...phoneRefusals, disconnected })) expect(documentation).toContain(`| ${code} | ${reason} |`);
});
