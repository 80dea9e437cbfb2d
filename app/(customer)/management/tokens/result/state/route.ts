import { answerActResult } from "@/lib/corporation/act-result-answer";
import { get } from "@/lib/platform/http";

export const GET = get(({ request }) => answerActResult(request, "revoke_token"));
