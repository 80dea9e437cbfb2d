import { seededPhones } from "@/lib/demo/accounts.qa";
import { json } from "@/lib/platform/http";

export const dynamic = "force-dynamic";

/** The tokens that `/qa`'s phone holds from the start, with their keys. */
export const GET = async (): Promise<Response> => json(await seededPhones());
