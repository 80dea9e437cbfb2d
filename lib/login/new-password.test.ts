import { expect, test } from "vitest";
import { problemOfPassword } from "./new-password";

const problem = (password: string) => problemOfPassword("仮パスワード", password, ["user0001", "データ花子", "データ商事株式会社"]);

test.each(["short", "password1", "p4ssw0rd", "user0001", "qwertyuiop", "20261122", "aaaaaaaaaaaa", "データ商事株式会社"])("%s will not do", async (password) => {
  expect(await problem(password)).toBeDefined();
});

test.each(["Ichido-demo-2026", "kx7f-9pqm-w2za", "毎朝七時の電車で海を見ながら会社へ行く"])("%s will do", async (password) => {
  expect(await problem(password)).toBeUndefined();
});

test("no password keeps the process from others: the worst that we know takes a fraction of a second of a processor", async () => {
  await problem("the dictionaries are there");
  for (const worst of ["p4ssw0rd".repeat(25), "1a2b".repeat(50), "@4$5!1|0".repeat(25), "4@8({[<369&#!1/|0$5+7%2".repeat(8)]) {
    const begun = process.cpuUsage();
    await problem(worst);
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(400); // ms; a busy machine makes it wait, and not work
  }
});
