import next from "@next/eslint-plugin-next";
import reactHooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const clock = ["NewExpression[callee.name='Date'][arguments.length=0]", "CallExpression[callee.object.name='Date'][callee.property.name='now']"]
  .map((selector) => ({ selector, message: "A rule takes its time from app_now(), through work.now; nothing in lib reads a clock." }));
const environment = { selector: "MemberExpression[object.name='process'][property.name='env']", message: "Only lib/platform/env.ts reads the environment." };
const styleAttribute = { selector: "JSXAttribute[name.name='style']", message: "The content security policy has no inline styles; use a class." };
const queries = { group: ["drizzle-orm", "drizzle-orm/*", "@/drizzle/*"], message: "app has the doors; verbs and queries are lib's." };

export default ts.config(
  { ignores: [".next/", ".next-qa/", ".ichido/", "node_modules/", "next-env.d.ts", "public/", "e2e/results/", "coverage/"] },
  ...ts.configs.recommended,
  { ...reactHooks.configs.flat.recommended, files: ["app/**"] },
  next.configs["core-web-vitals"],
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@next/next/no-html-link-for-pages": "off", // pages that end in a POST are left by a full load on purpose
      eqeqeq: ["error", "always"],
    },
  },
  { files: ["app/**"], rules: { "no-restricted-syntax": ["error", environment, styleAttribute] } },
  { files: ["app/**"], ignores: ["app/**/*.test.ts", "app/test-doors.ts"], rules: { "no-restricted-imports": ["error", { patterns: [queries] }] } },
  { files: ["lib/**"], rules: { "no-restricted-syntax": ["error", ...clock, environment] } },
  { files: ["lib/platform/**"], ignores: ["lib/platform/env*.{ts,mjs}"], rules: { "no-restricted-syntax": ["error", environment] } },
  { files: ["lib/platform/env*.{ts,mjs}", "lib/commands/**", "lib/**/*.test.ts", "lib/platform/test-database.ts"], rules: { "no-restricted-syntax": "off" } },
);
