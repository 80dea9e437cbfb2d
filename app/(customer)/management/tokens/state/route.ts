import { answerUserList } from "@/lib/corporation/list-request";
import { get } from "@/lib/platform/http";

export const GET = get(({ request }) => answerUserList(request, "revoked"));
