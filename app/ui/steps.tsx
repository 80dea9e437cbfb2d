/** Where in a procedure this screen stands; the present step is marked in words. */
export function Steps({ steps, present }: { steps: string[]; present: number }) {
  return (
    <ol aria-label="手順" className="flex flex-wrap gap-2">
      {steps.map((step, index) => {
        const here = index + 1 === present;
        return (
          <li
            key={step}
            aria-current={here ? "step" : undefined}
            className={`flex min-h-10 items-center gap-2 rounded-8 border px-4 py-1 text-sm leading-150 max-sm:w-full ${
              here ? "border-blue-900 bg-blue-50 font-bold text-blue-1000" : "border-solid-gray-420 text-solid-gray-700"
            }`}
          >
            <span>
              手順 {index + 1}／{steps.length} {step}
            </span>
            {here && <span className="shrink-0 rounded-4 bg-blue-900 px-2 whitespace-nowrap text-white">現在の手順</span>}
            {index + 1 < present && <span>（済み）</span>}
          </li>
        );
      })}
    </ol>
  );
}

export const loginSteps = ["ログイン", "ワンタイムパスワード認証"];
export const passkeySteps = ["ログイン", "パスキー認証"];
export const issuanceSteps = ["トークン発行", "スマートフォンの初期設定", "認証確認"];
