// A TCP proxy on this machine, to cut connections with and to lead them elsewhere.
import { createConnection, createServer } from "node:net";

/**
 * @typedef {object} Proxy
 * @property {number} port where it listens
 * @property {(port: number) => void} leadTo where new connections go from now on
 * @property {() => void} hold what the other side says no longer arrives, though every connection stays open; undone by a cut
 * @property {() => void} cut every connection ends at once, what was held is lost, and new ones are refused until it leads somewhere again
 * @property {() => void} stop
 */

/** @returns {Promise<Proxy>} */
export function startProxy() {
  /** @type {Set<import("node:net").Socket>} */
  const clients = new Set();
  /** @type {Map<import("node:net").Socket, import("node:net").Socket>} */
  const behind = new Map();
  /** @type {number | undefined} */
  let target;
  let held = false;

  const server = createServer((client) => {
    if (target === undefined) return void client.resetAndDestroy();
    const upstream = createConnection({ host: "127.0.0.1", port: target });
    clients.add(client);
    behind.set(client, upstream);
    client.pipe(upstream);
    upstream.on("data", (part) => {
      if (!held && !client.write(part)) upstream.pause();
    });
    client.on("drain", () => upstream.resume());
    upstream.on("end", () => { if (!held) client.end(); });
    const end = () => {
      clients.delete(client);
      behind.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on("error", end).on("close", () => { if (!held) end(); });
  });

  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve({
      port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
      leadTo: (port) => { target = port; },
      hold: () => { held = true; },
      cut: () => {
        target = undefined;
        held = false;
        for (const client of clients) {
          behind.get(client)?.destroy();
          client.resetAndDestroy();
        }
        clients.clear();
        behind.clear();
      },
      stop: () => {
        for (const client of clients) client.destroy();
        for (const upstream of behind.values()) upstream.destroy();
        server.close();
      },
    }));
  });
}
