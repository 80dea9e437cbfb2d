import { randomUUID } from "node:crypto";
import net, { type AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { smtp } from "./smtp";

type Sink = { messages: string[]; refuseRecipient?: number; refuseMessage?: number; hang?: boolean; cut?: boolean };

const sink: Sink = { messages: [] };
const no = (responseCode: number) => Object.assign(new Error("no"), { responseCode });

const server = new SMTPServer({
  disabledCommands: ["STARTTLS", "AUTH"], logger: false, closeTimeout: 100,
  onRcptTo: (_, __, done) => done(sink.refuseRecipient ? no(sink.refuseRecipient) : undefined),
  onData: (stream, _, done) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => {
      if (sink.refuseMessage) return done(no(sink.refuseMessage));
      sink.messages.push(Buffer.concat(chunks).toString());
      if (sink.hang) return;
      if (sink.cut) return sockets.forEach((socket) => socket.destroy());
      done();
    });
  },
});
server.on("error", () => {}); // cut connections
const sockets = new Set<net.Socket>();

/** In front of the sink: `smtp` reads one fixed SMTP_URL. */
let mode: "relay" | "silent" | "closing" = "relay";
const front = net.createServer((socket) => {
  sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
  if (mode === "closing") return socket.destroy();
  if (mode === "silent") return;
  const back = net.connect((server.server.address() as AddressInfo).port, "127.0.0.1").on("error", () => socket.destroy());
  socket.pipe(back).pipe(socket);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  await new Promise<void>((resolve) => { front.listen(0, "127.0.0.1", resolve); });
  Object.assign(process.env, {
    PUBLIC_ORIGIN: "http://localhost:3000", DATABASE_URL: "postgres://localhost/none", NEXTAUTH_SECRET: "n".repeat(32), KEY_RING: `k1:${Buffer.alloc(32, 1).toString("base64")}`,
    AUDIT_SIGNING_KEY: Buffer.alloc(32, 2).toString("base64"), MAIL_TRANSPORT: "smtp", MAIL_FROM: "いちど信用組合 <no-reply@ichido.example>",
    SMTP_URL: `smtp://127.0.0.1:${(front.address() as AddressInfo).port}`,
  });
});

afterEach(() => {
  mode = "relay";
  Object.assign(sink, { messages: [], refuseRecipient: undefined, refuseMessage: undefined, hang: false, cut: false });
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  front.close();
  server.close(() => {});
});

const letter = { to: "ichiro@example.jp", subject: "【いちど信用組合】停止解除のお知らせ", text: "データ一郎 様\n", html: "<p>データ一郎 様</p>" };
const send = (idempotencyKey = randomUUID() as string, milliseconds = 1_000) => smtp(letter, { idempotencyKey, signal: AbortSignal.timeout(milliseconds) });
const header = (message: string, name: string) => message.match(new RegExp(`^${name}: (.*)$`, "im"))?.[1]?.trim();

test("a mail arrives, each attempt with the same Message-ID", async () => {
  const key = randomUUID();
  expect([await send(key), await send(key)]).toEqual(["sent", "sent"]);
  expect(sink.messages.map((message) => header(message, "Message-ID"))).toEqual([`<${key}@ichido.example>`, `<${key}@ichido.example>`]);
  expect(header(sink.messages[0]!, "To")).toBe("ichiro@example.jp");
});

test("a permanent answer refuses the mail, a passing one postpones it", async () => {
  sink.refuseRecipient = 550;
  expect(await send()).toEqual({ refused: "smtp_550" });
  sink.refuseRecipient = 451;
  expect(await send()).toEqual({ retry: "smtp_451" });
  sink.refuseRecipient = undefined;
  sink.refuseMessage = 554;
  expect(await send()).toEqual({ refused: "smtp_554" });
  sink.refuseMessage = 452;
  expect(await send()).toEqual({ retry: "smtp_452" });
});

test("a server that takes the mail and does not answer, or cuts the line: the outcome is unknown", async () => {
  sink.hang = true;
  expect(await send(undefined, 300)).toHaveProperty("unknown");
  sink.hang = false;
  sink.cut = true;
  expect(await send()).toHaveProperty("unknown");
  expect(sink.messages).toHaveLength(2);
});

test("a server that is away, closes at once or never greets has certainly not taken the mail", async () => {
  mode = "closing";
  expect(await send()).toHaveProperty("retry");
  mode = "silent";
  expect(await send(undefined, 300)).toHaveProperty("retry");
});
