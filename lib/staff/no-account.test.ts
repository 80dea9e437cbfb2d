import { expect, test } from "vitest";
import { staff } from "@/drizzle/schema";
import { testDatabase } from "@/lib/platform/test-database";

const database = testDatabase();

test("a migrated database has no account at the counter: the first is made by a command", async () => {
  expect(await database.db.select().from(staff)).toEqual([]);
});
