import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { caseKinds } from "@/lib/staff/case-kinds";
import { documentsOf, helpDeskIsOpen } from "./institution";

const noticesHours = {
  name: "", number: "",
  hours: [{ days: "平日" as const, from: "9:00", to: "24:00" }, { days: "土・日・祝日" as const, from: "9:00", to: "17:00" }],
  closedDays: ["1月1日〜1月3日", "5月3日〜5月5日", "12月31日"],
};

test.each([
  ["2026-11-20T08:59:59", false, "a Friday before nine"],
  ["2026-11-20T09:00:00", true, "a Friday at nine"],
  ["2026-11-20T23:59:59", true, "a Friday until midnight"],
  ["2026-11-21T00:00:00", false, "a Saturday at midnight"],
  ["2026-11-21T16:59:59", true, "a Saturday until five"],
  ["2026-11-21T17:00:00", false, "a Saturday at five"],
  ["2026-11-23T17:00:00", false, "a public holiday on a Monday"],
  ["2026-11-24T17:00:00", true, "the Tuesday after it"],
  ["2027-03-22T18:00:00", false, "a holiday in lieu"],
  ["2026-12-31T12:00:00", false, "New Year's Eve"],
  ["2027-01-03T12:00:00", false, "the third of January"],
  ["2027-01-04T12:00:00", true, "the fourth of January, a Monday"],
  ["2027-05-04T12:00:00", false, "the fourth of May"],
])("help desk at %s Japan time: open %s (%s)", (at, open) => {
  expect(helpDeskIsOpen(new Date(`${at}+09:00`), noticesHours)).toBe(open);
});

test("closed days may go over the year's end", () => {
  const hours = { ...noticesHours, closedDays: ["12月30日〜1月2日"] };
  expect(helpDeskIsOpen(new Date("2026-12-31T12:00:00+09:00"), hours)).toBe(false);
  expect(helpDeskIsOpen(new Date("2027-01-04T12:00:00+09:00"), hours)).toBe(true);
});

describe("確認書類 by 種別", () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-institution-"));
  afterEach(() => void vi.unstubAllEnvs());
  afterAll(() => rmSync(directory, { recursive: true }));

  async function withDocuments(documents: unknown) {
    const file = path.join(directory, "institution.json");
    writeFileSync(file, JSON.stringify({ name: "みほん銀行", serviceId: "20020002", helpDesk: { ...noticesHours, name: "窓口", number: "0120-111-111" }, documents }));
    vi.stubEnv("INSTITUTION_FILE", file);
    vi.resetModules();
    return import("./institution");
  }

  test("every kind has some without a file", () => {
    for (const kind of caseKinds) expect(documentsOf(kind)).toEqual(["届出印", "本人確認書類", kind === "emergency_stop" ? "届出電話番号への折返し" : "委任状"]);
  });

  test("a bank names its own; a kind that it leaves out keeps the default", async () => {
    const ours = await withDocuments({ 失効: ["届出印", "窓口での本人確認（顔写真付き）"], "停止解除（利用者）": ["申出書"] });
    expect(ours.institutionProblems()).toEqual([]);
    expect([ours.documentsOf("revoke_token"), ours.documentsOf("release_stop")]).toEqual([["届出印", "窓口での本人確認（顔写真付き）"], ["申出書"]]);
    expect(ours.documentsOf("lift_suspension")).toEqual(documentsOf("lift_suspension"));
    expect((await withDocuments(undefined)).institutionProblems()).toEqual([]);
  });

  test.each([
    ["an unknown kind", { 解除: ["届出印"] }, /documents .*解除/],
    ["no document", { 失効: [] }, /documents\.失効 must name a document/],
    ["a document twice", { 失効: ["届出印", "本人確認書類", "届出印"] }, /documents\.失効 names a document twice/],
    ["an empty name", { 失効: [""] }, /documents\.失効\.0 must be 1 to 40/],
    ["a blank name", { 失効: ["　"] }, /documents\.失効\.0/],
    ["spaces around a name", { 失効: ["届出印 "] }, /documents\.失効\.0/],
    ["a name over two lines", { 失効: ["届出\n印"] }, /documents\.失効\.0/],
    ["a name of 41 characters", { 失効: ["あ".repeat(41)] }, /documents\.失効\.0/],
    ["more than 12", { 失効: Array.from({ length: 13 }, (_, index) => `書類${index}`) }, /documents\.失効 must name 12 documents at most/],
    ["what is no list", { 失効: "届出印" }, /documents\.失効/],
    ["what is no object", ["届出印"], /documents/],
  ])("%s is named at start, and nobody is shown a default instead", async (_, documents, problem) => {
    const { institutionProblems, documentsOf: documentsHere } = await withDocuments(documents);
    expect(institutionProblems()).toEqual([expect.stringMatching(problem)]);
    expect(institutionProblems()[0]).toMatch(/^INSTITUTION_FILE: /);
    expect(() => documentsHere("lift_suspension")).toThrow("INSTITUTION_FILE");
  });

  test("12 of 40 characters each are taken, however wide", async () => {
    const twelve = Array.from({ length: 12 }, (_, index) => `${String.fromCodePoint(0x3042 + index)}${"𠮷".repeat(39)}`);
    expect((await withDocuments({ 失効: twelve })).documentsOf("revoke_token")).toEqual(twelve);
  });
});
