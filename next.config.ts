import type { NextConfig } from "next";
import { contentSecurityPolicy } from "./lib/platform/content-security-policy.mjs";

// The QA build knows the `.qa.ts(x)` files and has a folder of its own: the production build must not even name them.
const qa = process.env.ICHIDO_QA === "1";
const development = process.env.NODE_ENV === "development";

const nothingButCamera = (camera: string) =>
  ["accelerometer=()", `camera=${camera}`, "display-capture=()", "geolocation=()", "gyroscope=()", "magnetometer=()", "microphone=()", "midi=()", "payment=()", "usb=()"].join(", ");

// Pages with forms need the Origin header on a plain post, which "no-referrer" would turn into "null".
const everywhere = {
  "Content-Security-Policy": contentSecurityPolicy({ qa, development }),
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": qa ? "SAMEORIGIN" : "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": nothingButCamera("()"),
};

const headersOf = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));

// The phone's frame on the QA page may read the QR code too.
const withCamera = qa ? "/:page(authenticator|qa)" : "/:page(authenticator)";

const config: NextConfig = {
  distDir: qa ? ".next-qa" : ".next",
  pageExtensions: qa ? ["tsx", "ts", "qa.tsx", "qa.ts"] : ["tsx", "ts"],
  turbopack: {
    root: import.meta.dirname,
    resolveExtensions: [...(qa ? [".qa.tsx", ".qa.ts"] : []), ".tsx", ".ts", ".mjs", ".js", ".json"],
  },
  serverExternalPackages: ["@node-rs/argon2", "postgres", "pino"],
  typescript: { ignoreBuildErrors: qa }, // the production build and npm run check look at every file; the demo starts sooner
  poweredByHeader: false,
  devIndicators: false,
  compress: false, // pages and files are, beforehand; what is about somebody never is (BREACH)
  images: { unoptimized: true },
  // A build is read only: processes that started together have copied its pages over each other, and then rendered one anew, without its own policy, for all to come.
  experimental: { isrFlushToDisk: false },
  headers: async () => [
    { source: "/:path*", headers: headersOf(everywhere) },
    // Whatever is not a file: pages are the shells of what only a logged-in person may see, and Back must show nothing.
    { source: "/((?!_next/|authenticator|institution\\.json$|.*\\.[a-z0-9]+$).*)", headers: headersOf({ "Cache-Control": "no-store" }) },
    { source: "/authenticator/:path*", headers: headersOf({ "Cache-Control": "no-cache" }) },
    { source: `${withCamera}/:path*`, headers: headersOf({ "Permissions-Policy": nothingButCamera("(self)") }) },
  ],
};

export default config;
