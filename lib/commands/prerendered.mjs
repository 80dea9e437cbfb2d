// Prerendered pages from memory, compressed once. Next answers the first request for each, its headers included; giving the same answer
// again through its router, cache and compressor took two thirds of a page's time (half of a login's requests are such pages).
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";

/** @typedef {{ headers: string[], plain: Buffer, compressed: Buffer }} Page */
/** @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => unknown} Handler */

const ofTheConnection = ["date", "connection", "keep-alive", "transfer-encoding", "content-length"];

/** Asks Next for every prerendered page. @param {string} output the build's folder @param {Handler} handle @returns {Promise<Map<string, Page>>} */
export async function prerenderedPages(output, handle) {
  const { routes } = JSON.parse(readFileSync(path.join(output, "prerender-manifest.json"), "utf8"));
  const asking = http.createServer(handle);
  await new Promise((resolve) => asking.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (asking.address());
  const pages = new Map();
  for (const name of Object.keys(routes).filter((route) => !route.startsWith("/_"))) {
    const page = await ask(port, name);
    if (page) pages.set(name, page);
  }
  asking.close();
  asking.closeAllConnections();
  return pages;
}

/** @param {number} port @param {string} name @returns {Promise<Page | undefined>} undefined for what is no complete page */
const ask = (port, name) => new Promise((resolve, reject) => {
  http.get({ host: "127.0.0.1", port, path: name, headers: { host: "localhost" } }, (response) => {
    /** @type {Buffer[]} */
    const parts = [];
    response.on("data", (part) => parts.push(part)).once("error", reject).once("end", () => {
      const plain = Buffer.concat(parts);
      const names = response.rawHeaders.filter((_, index) => index % 2 === 0);
      const headers = names.flatMap((header, index) => (ofTheConnection.includes(header.toLowerCase()) ? [] : [header, response.rawHeaders[2 * index + 1] ?? ""]));
      const isPage = response.statusCode === 200 && (response.headers["content-type"] ?? "").startsWith("text/html");
      resolve(isPage ? { headers, plain, compressed: gzipSync(plain, { level: 9 }) } : undefined);
    });
  }).once("error", reject);
});

/** Answers a plain request for a prerendered page; what asks for more (data of a page, a fresh copy) is Next's.
 * @param {Map<string, Page>} pages @param {http.IncomingMessage} request @param {http.ServerResponse} response @returns {boolean} whether it was one */
export function answerPrerendered(pages, { method, url = "", headers }, response) {
  const [name = "", query = ""] = url.split("?", 2);
  const page = method === "GET" && !query.includes("_rsc") && !headers.rsc && !headers["next-action"] && !headers["if-none-match"] && pages.get(name);
  if (!page) return false;
  const compress = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(headers["accept-encoding"] ?? ""));
  const body = compress ? page.compressed : page.plain;
  response.writeHead(200, [...page.headers, ...(compress ? ["Content-Encoding", "gzip"] : []), "Content-Length", String(body.length)]).end(body);
  return true;
}
