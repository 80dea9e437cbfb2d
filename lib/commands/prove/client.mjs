// Requests as a browser sends them, each from an address of its own: the audit log keeps it, and so every event can be asked which request it was.
import http from "node:http";
import { pause } from "../project.mjs";

const timeoutMilliseconds = 25_000; // longer than the server may take for anything

/** @typedef {"ok" | "refused" | "unknown"} Outcome */
/** @typedef {{ address: string, kind: string, outcome: Outcome, status: number, code?: string, note?: string }} Sent */
/** @typedef {{ address: string, outcome: Outcome, status: number, body: any }} Answer */
/** @typedef {Map<string, string>} Jar a browser's cookies */

/** @param {string[]} origins @param {number} round */
export function clientOf(origins, round) {
  /** @type {Sent[]} */
  const sent = [];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  let number = 0;

  /** @param {string} origin @param {string} method @param {string} path @param {Jar} jar @param {string} address @param {string} [form] @returns {Promise<{ status: number, cookies: string[], text: string }>} */
  const exchange = (origin, method, path, jar, address, form) => new Promise((resolve, reject) => {
    const { port, host } = new URL(origin);
    const request = http.request({
      agent, host: "127.0.0.1", port, method, path, timeout: timeoutMilliseconds,
      headers: {
        host, origin, accept: "application/json", "user-agent": "prove", "x-forwarded-for": address, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(form !== undefined && { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(form) }),
      },
    }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => { text += part; }).on("error", reject)
        .on("end", () => (response.complete ? resolve({ status: response.statusCode ?? 0, cookies: response.headers["set-cookie"] ?? [], text }) : reject(new Error("cut"))));
    });
    request.on("error", reject).on("timeout", () => request.destroy(new Error("timeout"))).end(form);
  });

  /** @param {string} kind @param {string} origin @param {string} method @param {string} path @param {Jar} jar @param {Record<string, string>} [fields] @returns {Promise<Answer>} */
  async function send(kind, origin, method, path, jar, fields) {
    number += 1;
    const address = `2001:db8:${round.toString(16)}::${Math.floor(number / 65_536).toString(16)}:${(number % 65_536).toString(16)}`;
    /** @type {Sent} */
    const record = { address, kind, outcome: "unknown", status: 0 };
    sent.push(record);
    try {
      const { status, cookies, text } = await exchange(origin, method, path, jar, address, fields && new URLSearchParams(fields).toString());
      const body = JSON.parse(text);
      for (const cookie of cookies) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value) jar.set(name, value);
        else jar.delete(name);
      }
      // 5xx promises nothing: a transaction that did not answer in time may still end either way.
      record.outcome = status >= 500 ? "unknown" : status === 200 && body.ok !== false ? "ok" : "refused";
      record.status = status;
      record.code = body.refusal?.code;
      return { address, outcome: record.outcome, status, body };
    } catch (error) {
      record.note = String(/** @type {Error} */ (error).message);
      await pause(500); // nobody presses a button that leads nowhere a hundred times a second
      return { address, outcome: "unknown", status: 0, body: {} };
    }
  }

  return {
    sent, origins,
    close: () => agent.destroy(),
    /** @param {string} kind @param {string} origin @param {string} path @param {Jar} jar @param {Record<string, string>} fields */
    post: (kind, origin, path, jar, fields) => send(kind, origin, "POST", path, jar, fields),
    /** @param {string} kind @param {string} origin @param {string} path @param {Jar} jar */
    get: (kind, origin, path, jar) => send(kind, origin, "GET", path, jar),
  };
}

/** @typedef {ReturnType<typeof clientOf>} Client */
