import http from "node:http";

const lookMilliseconds = 250;

type Kept = { headers: http.IncomingHttpHeaders; body: Buffer };

/** What docs/operations/deploy/nginx.conf does: requests go to who is ready, one after the other; a file of a page is asked of the other, too, and kept. */
export async function startBalancer(port: number) {
  let origins: string[] = [];
  const ready = new Set<string>();
  const files = new Map<string, Kept>();
  const agent = new http.Agent({ keepAlive: false });
  let turn = 0;

  const ask = (origin: string, { method, url, headers }: http.IncomingMessage, body: Buffer): Promise<{ status: number } & Kept> => new Promise((resolve, reject) => {
    const request = http.request({ agent, host: "127.0.0.1", port: new URL(origin).port, method, path: url, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part)).once("error", reject).once("end", () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.once("error", reject).end(body);
  });

  async function answer(request: http.IncomingMessage, body: Buffer) {
    const file = request.url!.startsWith("/_next/static/");
    const kept = file && files.get(request.url!);
    if (kept) return { status: 200, ...kept };
    const able = [...ready];
    const [first, second] = [able[(turn += 1) % able.length], able[(turn + 1) % able.length]];
    let answered = await ask(first!, request, body);
    if (file && answered.status === 404) answered = await ask(second!, request, body);
    if (file && answered.status === 200) files.set(request.url!, answered);
    return answered;
  }

  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part)).once("end", () => void answer(request, Buffer.concat(parts)).then(
      ({ status, headers: { "transfer-encoding": _, ...headers }, body }) => response.writeHead(status, { ...headers, connection: "close", "content-length": body.length }).end(body),
      () => response.writeHead(502).end(),
    ));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

  const look = async (origin: string) =>
    (await fetch(`${origin}/health/ready`, { headers: { connection: "close" } }).then(({ status }) => status === 200, () => false) ? ready.add(origin) : ready.delete(origin));
  const timer = setInterval(() => origins.forEach((origin) => void look(origin)), lookMilliseconds);
  return {
    async leadTo(those: string[]) {
      origins = those;
      await Promise.all(origins.map(look));
    },
    stop() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}
