import net from "node:net";
import { expect, test } from "@playwright/test";

const port = (baseURL: string | undefined) => Number(new URL(baseURL!).port);

/** When the server cuts the line of a client that drips. */
function speak(to: number, first: string, drip: string): Promise<{ seconds: number }> {
  return new Promise((resolve) => {
    const begun = Date.now();
    const socket = net.connect(to, "127.0.0.1", () => socket.write(first));
    const dripping = setInterval(() => socket.write(drip), 1_000);
    socket.resume();
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(dripping);
      resolve({ seconds: (Date.now() - begun) / 1000 });
    });
  });
}

test("headers or a body that drip are cut, and others are served meanwhile", async ({ baseURL, request }) => {
  const headers = speak(port(baseURL), "GET /login HTTP/1.1\r\nHost: localhost\r\n", "X-Drip: 1\r\n");
  const body = speak(port(baseURL), "POST /login/present HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n", "x");
  expect((await request.get("/login")).status()).toBe(200);
  expect((await headers).seconds).toBeLessThan(13);
  expect((await body).seconds).toBeLessThan(17);
});

test("an upgrade of the protocol is not answered: the line is cut at once", async ({ baseURL }) => {
  const { seconds } = await speak(port(baseURL), "GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "");
  expect(seconds).toBeLessThan(5);
});
