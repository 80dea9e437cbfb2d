import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "..");

export default defineConfig({
  root,
  resolve: {
    alias: {
      "@": root,
      "server-only": path.join(root, "node_modules/server-only/empty.js"), // its other half throws outside a server bundle
    },
  },
  test: {
    include: ["{app,lib,drizzle}/**/*.test.ts"],
    globalSetup: ["lib/commands/throw-away-postgres.mjs"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { include: ["lib/**"] },
  },
});
