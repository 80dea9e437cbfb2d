// How long requests take, seen where they arrive: `lib/commands/server.mjs`.
import { histogram } from "./prometheus.mjs";

/** Route groups by the path's first part; two parts where one says too little. */
const groupsByPath = /** @type {const} */ ({
  "/": "top", "/state": "top",
  "/login": "login", "/login/one-time-password": "one_time_password",
  "/logout": "session", "/session": "session",
  "/token": "token", "/authenticator": "authenticator",
  "/management": "management", "/settings": "settings", "/password": "settings",
  "/staff": "staff", "/staff/login": "staff_login",
  "/qa": "qa",
  "/health": "operations", "/metrics": "operations",
  "/_next": "files", "/institution.json": "files", "/icons": "files", "/favicon.ico": "files", "/icon.svg": "files", "/plain.css": "files",
  "/manifest.webmanifest": "files", "/authenticator-sw.js": "files", "/users-sample.csv": "files", "/accessibility": "files",
});

/** @typedef {(typeof groupsByPath)[keyof typeof groupsByPath] | "other"} RouteGroup */

/** @type {Map<string, RouteGroup>} */
const groups = new Map(Object.entries(groupsByPath));

/** @param {string | undefined} url @returns {RouteGroup} */
export function routeGroupOf(url = "") {
  const [, first = "", second = ""] = (url.split("?", 1)[0] ?? "").split("/", 3);
  return groups.get(`/${first}/${second}`) ?? groups.get(`/${first}`) ?? "other";
}

const statuses = /** @type {const} */ (["1xx", "2xx", "3xx", "4xx", "5xx", "cut"]);

const seconds = histogram({
  name: "ichido_request_seconds", help: "Time from a request's headers to the end of its answer, by route group and status class; cut: the line went before the end.",
  labels: { group: [...new Set(groups.values())], status: statuses },
  bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** Measures one request, from now to the end of its answer. @param {string | undefined} url @param {import("node:http").ServerResponse} response */
export function measure(url, response) {
  const group = routeGroupOf(url);
  const begun = performance.now();
  response.once("close", () => {
    const status = response.writableFinished ? /** @type {(typeof statuses)[number]} */ (`${Math.floor(response.statusCode / 100)}xx`) : "cut";
    seconds.observe({ group, status }, (performance.now() - begun) / 1_000);
  });
}
