import { globSync, readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";

async function headersOf(flavour: "production" | "qa") {
  vi.resetModules();
  vi.stubEnv("ICHIDO_QA", flavour === "qa" ? "1" : "");
  vi.stubEnv("NODE_ENV", "production");
  const { default: config } = await import("@/next.config");
  const rules = await config.headers!();
  return { config, everywhere: Object.fromEntries(rules.find((rule) => rule.source === "/:path*")!.headers.map(({ key, value }) => [key, value])) };
}

afterEach(() => void vi.unstubAllEnvs());

test("a production build sends the bank's headers, and nobody may frame it", async () => {
  const { config, everywhere } = await headersOf("production");
  const policy = everywhere["Content-Security-Policy"]!;
  for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "style-src 'self'"]) expect(policy.split("; ")).toContain(part);
  expect(policy).not.toMatch(/unsafe|http:|\*/);
  expect(everywhere).toMatchObject({
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
  });
  const [, seconds] = /max-age=(\d+); includeSubDomains/.exec(everywhere["Strict-Transport-Security"]!)!;
  expect(Number(seconds)).toBeGreaterThanOrEqual(365 * 86_400);
  expect(config).toMatchObject({ distDir: ".next", pageExtensions: ["tsx", "ts"], poweredByHeader: false, compress: false, images: { unoptimized: true }, typescript: { ignoreBuildErrors: false } });
  expect(config.turbopack!.resolveExtensions!.join()).not.toContain("qa");
});

test("a QA build alone may be framed, by itself", async () => {
  const { everywhere } = await headersOf("qa");
  expect(everywhere["Content-Security-Policy"]).toContain("frame-ancestors 'self'");
});

test("no image optimiser, no rewrites, no cached parts of pages and no server actions: what is not there has no holes", async () => {
  const { config } = await headersOf("production");
  expect(config.images).toEqual({ unoptimized: true });
  expect(config.experimental).toEqual({ isrFlushToDisk: false });
  for (const feature of ["rewrites", "redirects", "cacheComponents", "i18n"]) expect(config).not.toHaveProperty(feature);
  const sources = globSync("{app,lib}/**/*.{ts,tsx,mjs}").filter((file) => !file.includes(".test."));
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter((file) => /["']use (cache|server)|from "next\/(image|cache)"/.test(readFileSync(file, "utf8")))).toEqual([]);
});
