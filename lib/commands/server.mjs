// The HTTP server of one process: Next behind our own limits on time and size, a client address that can be trusted, and a drain.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import http from "node:http";
import { BlockList, isIP } from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bodyLimitOf } from "../platform/body-limits.mjs";
import { variable } from "../platform/env-variable.mjs";
import { measure } from "../platform/request-metrics.mjs";
import { isSameHost } from "../platform/staff-host.mjs";
import { answerFromMemory, answersOf } from "./from-memory.mjs";
import { Plain, failPlainly, inRoot, root } from "./project.mjs";

const headersMilliseconds = 10_000;
const requestMilliseconds = 15_000; // a body that drips is cut, and holds nobody else up
const keepAliveMilliseconds = 65_000; // longer than a proxy's, so that it never writes into a connection we are closing
const drainMilliseconds = 10_000;
const noticeMilliseconds = 2_000; // for a proxy to see that nobody is to be sent here any more
const loopback = ["localhost", "127.0.0.1", "[::1]", "::1"];

/** The addresses of TRUSTED_PROXIES: single ones and CIDRs, separated by commas.
 * @param {string} text */
export function trustedProxies(text) {
  const list = new BlockList();
  for (const [place, entry] of text.split(",").map((part) => part.trim()).filter(Boolean).entries()) {
    const [address = "", prefix] = entry.split("/");
    const family = isIP(address);
    const bits = prefix === undefined ? undefined : Number(prefix);
    if (!family || (bits !== undefined && !(Number.isInteger(bits) && bits >= 0 && bits <= (family === 4 ? 32 : 128)))) {
      throw new Plain(`Entry ${place + 1} of TRUSTED_PROXIES is neither an address nor a network such as 10.0.0.0/8.`);
    }
    if (bits === undefined) list.addAddress(address, family === 4 ? "ipv4" : "ipv6");
    else list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

/** @param {string} address */
const plainAddress = (address) => address.trim().replace(/^::ffff:(?=\d+\.)/i, "");

/**
 * Who is asking: the peer, or what trusted proxies say, read from the right up to the first address nobody vouches for.
 * @param {string} peer @param {string | undefined} forwardedFor @param {BlockList} proxies
 */
export function clientAddress(peer, forwardedFor, proxies) {
  const isProxy = (/** @type {string} */ address) => proxies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  let client = plainAddress(peer);
  for (const entry of (forwardedFor ?? "").split(",").reverse()) {
    const address = plainAddress(entry);
    if (!isIP(address) || !isProxy(client)) break;
    client = address;
  }
  return client;
}

/**
 * Puts the client's address into the headers that Next and our code read, and takes out what from outside would be claims. That a request was handed on
 * by somebody is a claim that can only take rights away.
 * @param {http.IncomingHttpHeaders} headers @param {string} peer @param {BlockList} proxies
 */
export function sayWhoAsks(headers, peer, proxies) {
  const client = clientAddress(peer, String(headers["x-forwarded-for"] ?? ""), proxies);
  let handedOn = headers.via !== undefined;
  for (const name of Object.keys(headers)) {
    if (!/^(x-forwarded-|x-ichido-|x-real-ip$|forwarded$)/.test(name)) continue;
    handedOn ||= !name.startsWith("x-ichido-");
    delete headers[name];
  }
  if (handedOn) headers["x-ichido-forwarded"] = "1";
  headers["x-ichido-client"] = client;
}

/** Says what is wrong with where this flavour is about to listen.
 * @param {{ qa: boolean, host: string, publicOrigin?: string, staffHost?: string }} place */
export function requireLoopbackForQa({ qa, host, publicOrigin, staffHost }) {
  if (!qa) return;
  const names = [host, ...(publicOrigin ? [new URL(publicOrigin).hostname] : []), ...(staffHost ? [staffHost.replace(/:\d+$/, "")] : [])];
  const outside = names.find((name) => !loopback.includes(name) && !name.endsWith(".localhost"));
  if (outside) throw new Plain(`The QA build answers on loopback only, and refuses to start on ${outside}.`);
}

/**
 * Where a demo asked for by number is found by name. One name, one set of cookies: the phone and the PC of a demo must meet.
 * @param {string | undefined} host the Host header @param {string | undefined} url
 */
export function onLocalhost(host, url) {
  const number = /^127\.0\.0\.1(:\d+)?$/.exec(host ?? "");
  return number && url?.startsWith("/") ? `http://localhost${number[1] ?? ""}${url}` : undefined;
}

/** Pages that are one for every id: prerendered as `-`, whose it is their script reads from the address. */
const pagesWithId = [
  /^(\/management\/users|\/staff\/users)\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}()(?=\?|$)/,
  /^(\/staff\/contracts)\/\d{4,12}()(?=\?|$)/,
  /^(\/staff\/cases)\/(?=[A-Za-z-]*\d)[A-Za-z0-9-]{1,30}(|\/receipt)(?=\?|$)/, // with a digit in it: no other path below has one
];

/** @param {string} url */
export const pageOfId = (url) => pagesWithId.reduce((path, pattern) => path.replace(pattern, "$1/-$2"), url);

const sharedFiles = ["/institution.json", "/plain.css", "/favicon.ico", "/icon.svg"];
const sharedFolders = ["/_next/static/", "/health/"];

/**
 * Whether a request is answered under its Host header. Where the counter console has a host of its own (STAFF_HOST) it is answered there and nowhere
 * else, and nothing else there but the files that its pages need. What could be read in two ways is answered nowhere: Next decodes paths, resolves
 * dots and redirects from doubled slashes, and no browser sends those.
 * @param {string | undefined} url @param {string | undefined} host the Host header @param {string | undefined} staffHost
 */
export function isAnsweredHere(url = "", host, staffHost) {
  if (!staffHost) return true;
  const [sent = ""] = url.split(/[?#]/, 1);
  const path = decoded(sent);
  if (path === undefined || !path.startsWith("/") || /\s/.test(sent) || /[\p{Cc}\\]|\/\/|\/\.{1,2}(\/|$)/u.test(path)) return false;
  if (sharedFiles.includes(sent) || sharedFolders.some((folder) => sent.startsWith(folder))) return true;
  if (path.startsWith("/_next/")) return false; // data of pages and images by another name
  return isSameHost(host, staffHost) === /^\/staff(?=[/.]|$)/i.test(path); // `/staff.rsc` and the like are the page's, too
}

/** As often as it takes: nothing is left to decode behind us. @param {string} text @returns {string | undefined} */
function decoded(text) {
  try {
    const once = decodeURIComponent(text);
    return once === text ? text : decoded(once) ?? once;
  } catch {
    return undefined;
  }
}

async function serve() {
  const development = process.argv.includes("--dev");
  const qa = process.env.ICHIDO_QA === "1";
  const port = Number(variable("PORT") ?? 3000);
  const host = variable("HOST") ?? "127.0.0.1";
  const staffHost = variable("STAFF_HOST");
  requireLoopbackForQa({ qa, host, publicOrigin: variable("PUBLIC_ORIGIN"), staffHost });
  const proxies = trustedProxies(variable("TRUSTED_PROXIES") ?? "");
  const output = inRoot(qa ? ".next-qa" : ".next");
  if (!development && !existsSync(path.join(output, "BUILD_ID"))) {
    throw new Plain(`There is no build in ${path.basename(output)}. Run \`npm run build\` first.`);
  }

  process.env.NEXT_TELEMETRY_DISABLED = "1";
  if (!development) process.env.NODE_ENV = "production";
  const { default: next } = await import("next");
  const server = http.createServer({
    headersTimeout: headersMilliseconds,
    requestTimeout: requestMilliseconds,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: keepAliveMilliseconds,
  });
  const app = next({ dev: development, dir: root, hostname: "localhost", port, httpServer: server });
  await app.prepare();
  const handle = app.getRequestHandler();
  const answers = development ? new Map() : await answersOf(output, (request, response) => {
    keepLastPolicy(response);
    return handle(request, response);
  });
  let draining = false;

  if (!development) server.on("upgrade", (_request, socket) => void socket.destroy()); // Next would neither answer nor close it

  server.on("request", (request, response) => {
    const { headers } = request;
    const peer = request.socket.remoteAddress;
    if (peer === undefined) return void request.socket.destroy(); // gone already: an attempt from nowhere is not evaluated
    measure(request.url, response);
    sayWhoAsks(headers, peer, proxies);
    headers["x-ichido-request-id"] = randomUUID();
    if (draining) response.setHeader("Connection", "close");
    keepLastPolicy(response);

    if (!isAnsweredHere(request.url, headers.host, staffHost)) return refuse(response, 404, "Not Found");
    if (draining && request.url?.split("?")[0] === "/health/ready") return refuse(response, 503, "Service Unavailable");
    if (headers["transfer-encoding"] !== undefined) return refuse(response, 411, "Length Required");
    if (Number(headers["content-length"] ?? 0) > bodyLimitOf(request.url)) return refuse(response, 413, "Content Too Large");
    const byName = qa && (request.method === "GET" || request.method === "HEAD") && onLocalhost(headers.host, request.url);
    if (byName) {
      response.writeHead(307, { Location: byName, "Cache-Control": "no-store" }).end();
      return;
    }
    if (request.method === "GET" || request.method === "HEAD") request.url = pageOfId(request.url ?? "");
    if (answerFromMemory(answers, request, response)) return;
    void handle(request, response);
  });

  await new Promise((resolve, reject) => server.once("error", reject).listen(port, host, () => resolve(undefined))).catch((error) => {
    throw error.code === "EADDRINUSE" ? new Plain(`Port ${port} is in use by another program. Choose another with PORT.`) : error;
  });
  console.log(`Listening on http://${host}:${port}`);
  process.send?.({ ready: true });

  const drain = async (notice = 0) => {
    if (draining) return;
    draining = true;
    setTimeout(() => process.exit(1), drainMilliseconds - 500).unref();
    await new Promise((resolve) => setTimeout(resolve, notice));
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    const background = /** @type {{ ichidoStopBackground?: () => Promise<void> }} */ (globalThis).ichidoStopBackground;
    await Promise.all([closed, background?.()]);
    await app.close();
    process.exit(0);
  };
  process.on("SIGTERM", () => void drain(noticeMilliseconds));
  process.on("SIGINT", () => void drain());
  process.on("disconnect", () => void drain()); // the launcher that started us was killed
}

/** Next appends a prerendered page's own policy to the general one; both would hold, and the page's inline scripts would not run.
 * @param {http.ServerResponse} response */
function keepLastPolicy(response) {
  const writeHead = response.writeHead;
  response.writeHead = /** @type {typeof writeHead} */ (function (/** @type {any[]} */ ...args) {
    const policies = response.getHeader("content-security-policy");
    if (Array.isArray(policies)) response.setHeader("content-security-policy", policies.at(-1) ?? "");
    return writeHead.apply(response, /** @type {any} */ (args));
  });
}

/** @param {http.ServerResponse} response @param {number} status @param {string} text */
function refuse(response, status, text) {
  response.writeHead(status, { Connection: "close", "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" }).end(`${text}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  serve().catch((error) => {
    failPlainly(error);
    process.exit(1);
  });
}
