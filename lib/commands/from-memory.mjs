// Prerendered pages and the files they load, from memory, compressed beforehand. Next answers the first request for each, its headers included; giving the
// same answer again through its router, cache and compressor took two thirds of a page's time, and most of what the files of a first visit cost.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { inlineScriptHashes } from "./hash-pages.mjs";
import { Plain } from "./project.mjs";

/** @typedef {{ headers: string[], plain: Buffer, br: Buffer | undefined, gzip: Buffer | undefined }} Answer neither of the two for what is compressed as it is, such as a font */
/** @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => unknown} Handler */

const notKept = ["date", "connection", "keep-alive", "transfer-encoding", "content-length", "vary"];

/** Where a text is kept, compressed. @param {string} output @param {Buffer} text */
const brotliOf = (output, text) => path.join(output, "brotli", createHash("sha256").update(text).digest("hex"));

/** Compresses a build's texts as small as they get: seconds, which is too long for each start of a process. @param {string} output the build's folder */
export function compressBuild(output) {
  rmSync(path.join(output, "brotli"), { recursive: true, force: true });
  mkdirSync(path.join(output, "brotli"));
  for (const [folder, texts] of /** @type {const} */ ([["static", /\.(js|css)$/], ["server/app", /\.html$/]])) {
    for (const file of readdirSync(path.join(output, folder), { recursive: true, encoding: "utf8" }).filter((name) => texts.test(name))) {
      const text = readFileSync(path.join(output, folder, file));
      writeFileSync(brotliOf(output, text), brotliCompressSync(text));
    }
  }
}

/** Asks Next for every prerendered page and every static file of a build. A page rendered anew would come without its own policy: refused.
 * @param {string} output the build's folder @param {Handler} handle @returns {Promise<Map<string, Answer>>} by path */
export async function answersOf(output, handle) {
  const { routes } = JSON.parse(readFileSync(path.join(output, "prerender-manifest.json"), "utf8"));
  const files = readdirSync(path.join(output, "static"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `/_next/${path.relative(output, path.join(parentPath, name)).split(path.sep).map(encodeURIComponent).join("/")}`);
  const asking = http.createServer(handle);
  await new Promise((resolve) => asking.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (asking.address());
  const agent = new http.Agent({ keepAlive: true });
  const answers = new Map();
  try {
    for (const name of [...Object.keys(routes).filter((route) => !route.startsWith("/_")), ...files]) {
      const answer = await ask(output, agent, port, name);
      const html = path.join(output, "server/app", `${name === "/" ? "index" : name}.html`);
      if (name in routes && existsSync(html) && !isAsBuilt(answer, readFileSync(html))) throw new Plain(`${name} is not answered as it was built. Run \`npm run build\` again.`);
      if (answer) answers.set(name, answer);
    }
  } finally {
    agent.destroy();
    asking.close();
    asking.closeAllConnections();
  }
  return answers;
}

/** The page that was built, under the policy that names its scripts. @param {Answer | undefined} answer @param {Buffer} html */
function isAsBuilt(answer, html) {
  const policy = answer?.headers.find((_, index, headers) => headers[index - 1]?.toLowerCase() === "content-security-policy") ?? "";
  return answer?.plain.equals(html) && inlineScriptHashes(String(html)).every((hash) => policy.includes(`'${hash}'`));
}

/** @param {string} output @param {http.Agent} agent @param {number} port @param {string} name @returns {Promise<Answer | undefined>} undefined for what is neither a complete page nor a static file */
const ask = (output, agent, port, name) => new Promise((resolve, reject) => {
  http.get({ agent, host: "127.0.0.1", port, path: name, headers: { host: "localhost" } }, (response) => {
    /** @type {Buffer[]} */
    const parts = [];
    response.on("data", (part) => parts.push(part)).once("error", reject).once("end", () => {
      const plain = Buffer.concat(parts);
      const names = response.rawHeaders.filter((_, index) => index % 2 === 0);
      const headers = names.flatMap((header, index) => (notKept.includes(header.toLowerCase()) ? [] : [header, response.rawHeaders[2 * index + 1] ?? ""]));
      const type = response.headers["content-type"] ?? "";
      const whole = response.statusCode === 200 && (type.startsWith("text/html") || name.startsWith("/_next/static/"));
      if (!whole) return resolve(undefined);
      const text = /^text\/|javascript|json|svg/.test(type);
      const vary = [response.headers.vary, ...(text ? ["Accept-Encoding"] : [])].filter(Boolean);
      if (vary.length) headers.push("Vary", vary.join(", "));
      const small = brotliOf(output, plain);
      resolve({ headers, plain, br: existsSync(small) ? readFileSync(small) : undefined, gzip: text ? gzipSync(plain, { level: 9 }) : undefined });
    });
  }).once("error", reject);
});

/** Answers a plain request for what is in memory; what asks for more (data of a page, a fresh copy) is Next's.
 * @param {Map<string, Answer>} answers @param {http.IncomingMessage} request @param {http.ServerResponse} response @returns {boolean} whether it was */
export function answerFromMemory(answers, { method, url = "", headers }, response) {
  const [name = "", query = ""] = url.split("?", 2);
  const answer = method === "GET" && !query.includes("_rsc") && !headers.rsc && !headers["next-action"] && !headers["if-none-match"] && answers.get(name);
  if (!answer) return false;
  const encoding = /** @type {const} */ (["br", "gzip"]).find((name) => answer[name] && isAccepted(name, String(headers["accept-encoding"] ?? "")));
  const body = (encoding && answer[encoding]) ?? answer.plain;
  response.writeHead(200, [...answer.headers, ...(encoding ? ["Content-Encoding", encoding] : []), "Content-Length", String(body.length)]).end(body);
  return true;
}

/** @param {string} encoding @param {string} accepted an Accept-Encoding header */
const isAccepted = (encoding, accepted) => new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted);
