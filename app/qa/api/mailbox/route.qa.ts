import { readMailbox } from "@/lib/mail/mailbox.qa";
import { json } from "@/lib/platform/http";

/** `GET /qa/api/mailbox?to=ADDRESS`: what has reached an address, newest first; every address without `to`. */
export async function GET(request: Request): Promise<Response> {
  return json(await readMailbox(new URL(request.url).searchParams.get("to") ?? undefined));
}
