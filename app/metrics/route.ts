import { scrape } from "@/lib/metrics";
import { env } from "@/lib/platform/env";
import { fingerprint, sameText } from "@/lib/platform/keys";

export const dynamic = "force-dynamic";

const loopback = /^(127(\.\d{1,3}){3}|::1)$/;
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Of this machine: by its address, under a name of this machine, and not handed on. A proxy beside us that TRUSTED_PROXIES does not
 * name has this machine's address for all the world.
 */
const isOfThisMachine = ({ headers }: Request): boolean =>
  loopback.test(headers.get("x-ichido-client") ?? "") && loopbackHost.test(headers.get("host") ?? "") && !headers.has("x-ichido-forwarded");

function hasToken({ headers }: Request): boolean {
  const { METRICS_TOKEN } = env();
  const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return METRICS_TOKEN !== undefined && token !== undefined && sameText(fingerprint(token), fingerprint(METRICS_TOKEN)); // equally long, whatever was sent
}

/** For Prometheus: this process's figures. For everybody else there is nothing here. */
export async function GET(request: Request): Promise<Response> {
  if (!isOfThisMachine(request) && !hasToken(request)) {
    return new Response("Not Found\n", { status: 404, headers: { "cache-control": "no-store", "content-type": "text/plain; charset=utf-8" } });
  }
  return new Response(await scrape(), { headers: { "cache-control": "no-store", "content-type": "text/plain; version=0.0.4; charset=utf-8" } });
}
