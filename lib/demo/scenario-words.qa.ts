/** The named scenarios as `/qa` and `docs/qa.md` tell them; what each does is in `scenarios.qa.ts`. */
export const scenarioWords = {
  demo: { title: "はじめの状態", words: "「デモの利用者」のとおりです。" },
  "all-managers-suspended": { title: "管理者が全員利用停止", words: "haruki と sakuro が利用停止です。" },
  "many-users": { title: "利用者10,000名", words: "うち1,000名が利用停止です。数秒かかります。" },
  "expiring-token": { title: "まもなく期限切れ", words: "haruki のトークンが20日後に期限切れになります。" },
} as const;

export type ScenarioName = keyof typeof scenarioWords;
