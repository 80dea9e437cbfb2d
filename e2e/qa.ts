import { type APIRequestContext, expect } from "@playwright/test";
import type { Sql } from "postgres";
import type { ScenarioName } from "../lib/demo/scenario-words.qa";

export type Mail = { to: string; subject: string; text: string; html: string; links: string[]; sentAt: string };
type PresentPassword = { oneTimePassword: string; secondsLeft: number; usableNow: boolean };

export const loginPassword = "Ichido-demo-2026";
export const confirmationPassword = "Kakunin-demo-2026";
export const activationPassword = "20261122";
export const minutes = 60;
export const hours = 3_600;
export const days = 86_400;

/** The QA build's own doors: clock, mailbox, named states; and the database, for what no screen can bring about. */
export class Qa {
  constructor(readonly request: APIRequestContext, private readonly database: () => Sql) {}

  /** Asked for only by who needs it: a deployment's database may be out of reach. */
  get sql(): Sql {
    return this.database();
  }

  /** The demo as a fresh start has it, at the machine's own time. */
  async begin() {
    const offset = Math.abs((await this.now()).getTime() - Date.now());
    await this.scenario("demo");
    if (offset > 5_000) await this.post("/qa/api/clock", { reset: true });
  }

  scenario(name: ScenarioName) {
    return this.post("/qa/api/scenario", { name });
  }

  advance(seconds: number) {
    return this.post("/qa/api/clock", { advanceSeconds: seconds });
  }

  /** Moves the clock to a moment, which must be ahead by whole seconds or is rounded up. */
  async advanceTo(moment: Date) {
    await this.advance(Math.max(1, Math.ceil((moment.getTime() - (await this.now()).getTime()) / 1_000)));
  }

  /** The rules' clock stands still at a moment, for what is decided to the second. */
  async atExactly(moment: Date, act: () => Promise<void>) {
    const [{ definition }] = await this.sql<[{ definition: string }]>`select pg_get_functiondef('app_now()'::regprocedure) as definition`;
    await this.sql.unsafe(`create or replace function app_now() returns timestamptz language sql stable as $$ select '${moment.toISOString()}'::timestamptz $$`);
    try {
      await act();
    } finally {
      await this.sql.unsafe(definition);
    }
  }

  async now(): Promise<Date> {
    return new Date((await this.get<{ now: string }>("/qa/api/clock")).now);
  }

  mails(to: string): Promise<Mail[]> {
    return this.get(`/qa/api/mailbox?to=${encodeURIComponent(to)}`);
  }

  /** The newest mail of that title, once the worker has sent as many. */
  async mail(to: string, title: string, count = 1): Promise<Mail> {
    let found: Mail[] = [];
    await expect(async () => {
      found = (await this.mails(to)).filter(({ subject }) => subject.endsWith(title));
      expect(found).toHaveLength(count);
    }).toPass({ timeout: 15_000 });
    return found[0]!;
  }

  async link(to: string, count = 1): Promise<string> {
    const { links } = await this.mail(to, "ワンタイムパスワードのご案内", count);
    expect(links).toHaveLength(1);
    return links[0]!;
  }

  /** What the user's phone shows, moved on to one that has not been accepted yet. */
  async oneTimePassword(loginId: string): Promise<string> {
    const shown = await this.shownPassword(loginId);
    if (shown.usableNow) return shown.oneTimePassword;
    await this.advance(shown.secondsLeft);
    return (await this.shownPassword(loginId)).oneTimePassword;
  }

  shownPassword(loginId: string): Promise<PresentPassword> {
    return this.get(`/qa/api/one-time-password?loginId=${loginId}`);
  }

  /** Six digits that are none of the accepted ones, and different ones for different `nth`. */
  async wrongPassword(loginId: string, nth = 1): Promise<string> {
    const { oneTimePassword } = await this.shownPassword(loginId);
    return String((Number(oneTimePassword) + 123_457 * nth) % 1_000_000).padStart(6, "0");
  }

  async failures(loginId: string): Promise<{ password: number; oneTimePassword: number; suspensions: number; sessions: number }> {
    const [row] = await this.sql<[{ password: number; oneTimePassword: number; suspensions: number; sessions: number }]>`
      select login_failures as password, one_time_password_failures as "oneTimePassword",
        (select count(*)::int from suspensions where user_id = users.id and lifted_at is null) as suspensions,
        (select count(*)::int from sessions where user_id = users.id and ended_at is null) as sessions
      from users where login_id = ${loginId}`;
    return row;
  }

  async events(name: string, loginId: string): Promise<number> {
    const [row] = await this.sql<[{ count: number }]>`
      select count(*)::int from audit_events where name = ${name} and user_id = (select id from users where login_id = ${loginId})`;
    return row.count;
  }

  private async get<Body>(path: string): Promise<Body> {
    const response = await this.request.get(path);
    expect(response.ok(), `${path} answers ${response.status()}`).toBe(true);
    return (await response.json()) as Body;
  }

  private async post(path: string, data: object): Promise<void> {
    const response = await this.request.post(path, { data });
    expect(response.ok(), `${path} answers ${response.status()}`).toBe(true);
  }
}
