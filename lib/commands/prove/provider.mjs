// A mail provider that fails in every way, and keeps what it has taken: once by idempotency key, as Resend does.
import http from "node:http";

/** @typedef {"well" | "error" | "busy" | "silent" | "cut" | "cut after taking"} Mood */
/** @type {Mood[]} */
export const badMoods = ["error", "busy", "silent", "cut", "cut after taking"];

export async function startProvider() {
  /** @type {Map<string, { to: string, text: string, words: string }>} */
  const taken = new Map();
  /** @type {string[]} keys that came a second time in other words */
  const doubled = [];
  /** @type {Mood} */
  let mood = "well";

  const take = (/** @type {string} */ key, /** @type {string} */ body) => {
    const { to: [to], text } = JSON.parse(body);
    const earlier = taken.get(key);
    if (earlier && earlier.words !== body) doubled.push(key);
    else taken.set(key, { to, text, words: body });
  };
  const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part) => { body += part; }).on("end", () => {
      const answer = (/** @type {number} */ status, /** @type {object} */ json, /** @type {Record<string, string>} */ headers = {}) =>
        response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(json));
      const key = String(request.headers["idempotency-key"]);
      switch (mood) {
        case "error": return answer(500, { statusCode: 500, name: "internal_server_error", message: "no" });
        case "busy": return answer(429, { statusCode: 429, name: "rate_limit_exceeded", message: "no" }, { "retry-after": "2" });
        case "silent": return undefined;
        case "cut": return request.socket.destroy();
        case "cut after taking": take(key, body); return request.socket.destroy();
        default: take(key, body); return answer(200, { id: key });
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`, taken, doubled,
    be: (/** @type {Mood} */ next) => { mood = next; },
    /** The codes of the links that have reached an address, newest last. @param {string} address */
    codesAt: (address) => [...taken.values()].filter(({ to }) => to === address).flatMap(({ text }) => /\/authenticator\/start#(\S+)/.exec(text)?.[1] ?? []),
    stop: () => { server.close(); server.closeAllConnections(); },
  };
}
