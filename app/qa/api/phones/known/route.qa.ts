import { z } from "zod";
import { tokensStillThere } from "@/lib/demo/accounts.qa";
import { json } from "@/lib/platform/http";

const ids = z.array(z.uuid()).max(100);

/** `GET /qa/api/phones/known?id=…&id=…`: those of a phone's tokens that a scenario has left in the database. */
export async function GET(request: Request): Promise<Response> {
  const parsed = ids.safeParse(new URL(request.url).searchParams.getAll("id"));
  return parsed.success ? json(await tokensStillThere(parsed.data)) : json({ problem: "Send ?id=… once per token." }, 400);
}
