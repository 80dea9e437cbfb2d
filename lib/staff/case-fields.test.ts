import { expect, test } from "vitest";
import { firstProblems } from "@/lib/platform/http";
import { caseFields, contractFields, mostTargets } from "./case-fields";

const good = { number: "A-1", kind: "lift_suspension", contractNumber: "1000001", loginIds: "haruki", reason: "窓口", "document:届出印": "on" };
const change = { kind: "change_authentication", loginIds: "", passkeyPolicy: "offered", stepUpPolicy: "off" };
const problemsOf = (form: object, fields: typeof caseFields | typeof contractFields = caseFields) => {
  const result = fields.safeParse(form);
  return result.success ? {} : firstProblems(result.error);
};

test("a case is read: full-width characters, lines of any kind, an ID twice in two spellings", () => {
  expect(caseFields.parse({ ...good, number: "Ａ－１２", contractNumber: "１０００００１", loginIds: "Haruki\r\n haruki \nｓａｋｕｒｏ、jiro\n\n", reason: " 一行目\r\n二行目 ", other: "x" })).toEqual({
    number: "A-12", kind: "lift_suspension", contractNumber: "1000001", loginIds: ["haruki", "sakuro", "jiro"], documents: ["届出印"], reason: "一行目\n二行目", serviceAppliesFrom: "", allowReissue: false, authentication: null,
  });
});

test("an empty form is told everything at once", () => {
  expect(Object.keys(problemsOf({})).sort()).toEqual(["contractNumber", "documents", "kind", "loginIds", "number", "reason"]);
  expect(Object.keys(problemsOf({}, contractFields)).sort()).toEqual(["contractNumber", "documents", "masterLoginId", "masterMailAddress", "masterName", "name", "number", "reason"]);
});

test.each([
  [{ number: "new" }, "number"], [{ number: "state" }, "number"], [{ number: "../1" }, "number"], [{ number: "1".repeat(31) }, "number"], [{ number: "番号1" }, "number"],
  [{ contractNumber: "123" }, "contractNumber"], [{ contractNumber: "12345678901234" }, "contractNumber"], [{ contractNumber: "1000001' or 1=1" }, "contractNumber"],
  [{ kind: "delete" }, "kind"], [{ loginIds: " , " }, "loginIds"], [{ loginIds: Array.from({ length: mostTargets + 1 }, (_, i) => `user${i}`).join("\n") }, "loginIds"],
  [{ loginIds: "x".repeat(61) }, "loginIds"], [{ reason: "　" }, "reason"], [{ reason: "x".repeat(501) }, "reason"], [{ reason: "a\u202eb" }, "reason"], [{ reason: "a\u0007b" }, "reason"],
  [{ "document:届出印": undefined }, "documents"], [{ "document:届出印": undefined, "document:でたらめ": "on" }, "documents"],
  [{ kind: "apply_service" }, "loginIds"], [{ kind: "apply_service", loginIds: "", serviceAppliesFrom: "2026-02-30" }, "serviceAppliesFrom"],
  [{ ...change, loginIds: "haruki" }, "loginIds"], [{ ...change, passkeyPolicy: undefined }, "passkeyPolicy"], [{ ...change, passkeyPolicy: "everything" }, "passkeyPolicy"],
  [{ ...change, passkeyPolicy: "toString" }, "passkeyPolicy"], [{ ...change, stepUpPolicy: "" }, "stepUpPolicy"], [{ ...change, stepUpPolicy: "never" }, "stepUpPolicy"],
  [{ ...change, passkeyPolicy: "required", passkeyRequiredFrom: "2026-02-30" }, "passkeyRequiredFrom"], [{ ...change, "document:届出印": undefined }, "documents"],
])("%j is a problem of %s, and of nothing else", (changed, field) => {
  expect(Object.keys(problemsOf({ ...good, ...changed }))).toEqual([field]);
});

test("an emergency stop waits for no document", () => {
  expect(problemsOf({ ...good, kind: "emergency_stop", "document:届出印": undefined })).toEqual({});
});

test("the box of a new 発行許可 is a revocation's alone", () => {
  expect(caseFields.parse({ ...good, kind: "revoke_token", allowReissue: "on" }).allowReissue).toBe(true);
  expect(caseFields.parse({ ...good, kind: "lift_suspension", allowReissue: "on" }).allowReissue).toBe(false);
});

test("a way of authenticating is read, and of no other kind of case; a date says something only where passkeys are required", () => {
  const read = (form: object) => caseFields.parse({ ...good, ...change, ...form }).authentication;
  expect(read({ passkeyPolicy: "required", passkeyRequiredFrom: "2026-12-01", passkeyAlone: "on" })).toEqual({
    passkeyPolicy: "required", passkeyRequiredFrom: "2026-12-01", passkeyAlone: true, stepUpPolicy: "off",
  });
  expect(read({ passkeyPolicy: "asked_of_managers", passkeyRequiredFrom: "2026-12-01" })).toEqual({
    passkeyPolicy: "asked_of_managers", passkeyRequiredFrom: null, passkeyAlone: false, stepUpPolicy: "off",
  });
  expect(read({ kind: "lift_suspension", loginIds: "haruki" })).toBeNull();
});
