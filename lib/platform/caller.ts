import Bowser from "bowser";
import { randomUUID } from "node:crypto";

/** Where a request came from, for the audit log and for the owner's eyes. */
export type Caller = { requestId: string; network: string; browser: string };

/** The process itself: housekeeping, seeds, the command line. */
export const ourselves = (): Caller => ({ requestId: randomUUID(), network: "", browser: "" });

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const printable = (text: string | undefined) => text?.replace(/[^\x20-\x7e]/g, "").slice(0, 40);

/** `lib/commands/server.mjs` sets both headers and removes what a client sent under their names. */
export function callerOf(request: Request): Caller {
  const { browser, os } = Bowser.parse(request.headers.get("user-agent")?.slice(0, 400) || "-"); // an empty one throws, a long one takes long
  const requestId = request.headers.get("x-ichido-request-id") ?? "";
  return {
    requestId: uuid.test(requestId) ? requestId : randomUUID(), // the audit log takes nothing else
    network: request.headers.get("x-ichido-client") ?? "",
    browser: [printable(browser.name), printable(os.name)].filter(Boolean).join(" / ") || "不明",
  };
}
