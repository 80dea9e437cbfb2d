import { type APIRequestContext, request as requests } from "@playwright/test";
import { loginPassword, type Qa } from "./qa";

export type Answered = {
  status: number;
  location?: string;
  headers: Record<string, string>;
  text: string;
  body: { ok?: boolean; go?: string; refusal?: { code: string; what: string; next: string; go?: string; attemptsLeft?: number; until?: string }; fields?: Record<string, string> } & Record<string, unknown>;
};

/** A client without a browser: what a script of ours, or somebody else's, can send. It keeps cookies. */
export class Caller {
  private constructor(readonly request: APIRequestContext, private readonly origin: string) {}

  static async at(origin: string): Promise<Caller> {
    return new Caller(await requests.newContext({ baseURL: origin, maxRedirects: 0 }), origin);
  }

  /** Shares the cookies of a browser. */
  static sharing(request: APIRequestContext, origin: string): Caller {
    return new Caller(request, origin);
  }

  post(path: string, form: Record<string, string> | string = {}, headers: Record<string, string> = {}): Promise<Answered> {
    const data = typeof form === "string" ? form : new URLSearchParams(form).toString();
    return this.send("POST", path, { data, headers: { origin: this.origin, "content-type": "application/x-www-form-urlencoded", ...headers } });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send("GET", path, { headers });
  }

  password(loginId: string, password = loginPassword): Promise<Answered> {
    return this.post("/login/present", { loginId, password });
  }

  staffPassword(staffId: string, password = loginPassword): Promise<Answered> {
    return this.post("/staff/login/present", { staffId, password });
  }

  oneTimePassword(oneTimePassword: string): Promise<Answered> {
    return this.post("/login/one-time-password/present", { oneTimePassword });
  }

  /** A whole login of somebody whose token is in use. */
  async logIn(qa: Qa, loginId: string): Promise<Answered> {
    await this.password(loginId);
    return this.oneTimePassword(await qa.oneTimePassword(loginId));
  }

  /** The cookies as a Cookie header. */
  async cookies(): Promise<string> {
    const { cookies } = await this.request.storageState();
    return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  private async send(method: string, path: string, { data, headers }: { data?: string; headers: Record<string, string> }): Promise<Answered> {
    const response = await this.request.fetch(path, { method, data, headers: { accept: "application/json", ...headers }, maxRedirects: 0, timeout: 20_000 });
    const text = await response.text();
    const json = response.headers()["content-type"]?.includes("application/json");
    return {
      status: response.status(), location: response.headers().location, headers: response.headers(), text,
      body: json ? (JSON.parse(text) as Answered["body"]) : {},
    };
  }
}
