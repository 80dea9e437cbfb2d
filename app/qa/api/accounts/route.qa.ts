import { accounts } from "@/lib/demo/accounts.qa";
import { json } from "@/lib/platform/http";

export const dynamic = "force-dynamic";

/** The demo's accounts and their present states. */
export const GET = async (): Promise<Response> => json(await accounts());
