import { z } from "zod";
import { accounts } from "@/lib/demo/accounts.qa";
import { putScenario, scenarios, type ScenarioName } from "@/lib/demo/scenarios.qa";
import { json } from "@/lib/platform/http";
import { wakeMailWorker } from "@/lib/platform/wake";

const names = Object.keys(scenarios) as [ScenarioName, ...ScenarioName[]];
const body = z.object({ name: z.enum(names) });

/** Puts the database into a named state and answers its accounts. */
export async function POST(request: Request): Promise<Response> {
  const parsed = body.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return json({ problem: `Send { "name": … } with one of: ${names.join(", ")}.` }, 400);
  await putScenario(parsed.data.name);
  wakeMailWorker();
  return json({ name: parsed.data.name, accounts: await accounts() });
}
