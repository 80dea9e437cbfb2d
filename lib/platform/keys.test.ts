import { beforeEach, describe, expect, test, vi } from "vitest";

const base64 = (fill: number) => Buffer.alloc(32, fill).toString("base64");

/** The module as a process with this KEY_RING knows it. */
async function withRing(ring: string) {
  vi.resetModules();
  vi.stubEnv("KEY_RING", ring);
  return import("./keys");
}

beforeEach(() => void vi.unstubAllEnvs());

describe("what is sealed", () => {
  test("opens where it belongs, under a ring that has its key, and holds nothing readable", async () => {
    const { seal } = await withRing(`a:${base64(1)}`);
    const sealed = seal(Buffer.from("a secret of someone"), "row 1");
    expect(sealed).toMatch(/^a\./);
    expect(Buffer.from(sealed.split(".")[2]!, "base64url").toString("latin1")).not.toContain("secret");
    const rotated = await withRing(`b:${base64(2)},a:${base64(1)}`);
    expect(rotated.unseal(sealed, "row 1").toString()).toBe("a secret of someone");
    expect(rotated.seal(Buffer.from("x"), "row 1")).toMatch(/^b\./);
  });

  test("does not open elsewhere, changed, or without its key", async () => {
    const keys = await withRing(`a:${base64(1)}`);
    const sealed = keys.seal(Buffer.from("x"), "row 1");
    expect(() => keys.unseal(sealed, "row 2")).toThrow();
    const [id, iv, text, tag] = sealed.split(".");
    expect(() => keys.unseal([id, iv, `${text}AA`, tag].join("."), "row 1")).toThrow();
    expect(() => keys.unseal([id, iv, text, tag!.slice(0, 8)].join("."), "row 1")).toThrow();
    expect(() => keys.unseal("a..", "row 1")).toThrow();
    const others = await withRing(`a:${base64(3)}`);
    expect(() => others.unseal(sealed, "row 1")).toThrow();
    const without = await withRing(`b:${base64(1)}`);
    expect(() => without.unseal(sealed, "row 1")).toThrow("no key");
  });

  test("that does not open is an alarm: one line that holds nothing of it, and a count", async () => {
    const keys = await withRing(`a:${base64(1)}`);
    const lines = vi.spyOn((await import("./log")).log(), "error");
    const { metricsText } = await import("./prometheus.mjs");
    const count = () => Number(/^ichido_unseal_failures_total\{table="tokens"\} (\d+)$/m.exec(metricsText())![1]);
    const before = count();
    const sealed = keys.seal(Buffer.from("x"), "tokens c u 1");
    expect(keys.opens(sealed, "tokens c u 2")).toBe(false);
    expect([count() - before, lines.mock.calls.length]).toEqual([0, 0]);
    expect(() => keys.unseal(sealed, "tokens c u 2")).toThrow();
    expect(count() - before).toBe(1);
    expect(lines.mock.calls).toEqual([[expect.objectContaining({ row: "tokens c u 2" }), "a sealed text does not open"]]);
    for (const part of sealed.split(".").slice(1)) expect(JSON.stringify(lines.mock.calls)).not.toContain(part);
    lines.mockRestore();
  });

  test("is never twice the same", async () => {
    const { seal } = await withRing(`a:${base64(1)}`);
    expect(seal(Buffer.from("x"), "row")).not.toBe(seal(Buffer.from("x"), "row"));
  });
});

test("a MAC is bound to its purpose and to every key of the ring, the current one's first", async () => {
  const { macs } = await withRing(`a:${base64(1)},b:${base64(2)}`);
  expect(macs("one", "x")).not.toEqual(macs("two", "x"));
  expect(macs("one", "x").map((mac) => mac.split(".")[0])).toEqual(["a", "b"]);
});

test("secrets have 256 bits and are stored as a fingerprint", async () => {
  const { newSecret, fingerprint } = await withRing(`a:${base64(1)}`);
  const secrets = Array.from({ length: 100 }, newSecret);
  expect(new Set(secrets).size).toBe(100);
  expect(secrets.every((secret) => Buffer.from(secret, "base64url").length === 32)).toBe(true);
  expect(fingerprint(secrets[0]!)).not.toContain(secrets[0]!.slice(0, 10));
});
