"use client";

import { dateAndTime } from "@/lib/platform/japan-time";
import type { Attempt } from "@/lib/suspension/attempts";

/** When and from where the wrong one-time passwords came, and whether any had been used before: to be read before a suspension is lifted. */
export function Attempts({ attempts }: { attempts: Attempt[] }) {
  const replayed = attempts.filter((attempt) => attempt.replayed).length;
  const networks = new Set(attempts.map(({ network }) => network));
  if (attempts.length === 0) return <p className="mt-2">正しくない入力の記録は残っていません。ご本人にご確認ください。</p>;
  return (
    <>
      <p className="mt-2">
        正しくない入力 {attempts.length - replayed}回、使用済みのワンタイムパスワードの入力 {replayed}回。接続元は{networks.size}か所です。
      </p>
      <ul className="mt-2 text-sm leading-175">
        {attempts.map(({ at, network, browser, replayed }, index) => (
          <li key={index}>
            <span className="digits">{dateAndTime(new Date(at))}</span>　<span className="digits">{network || "接続元不明"}</span>　{browser}
            {replayed && <strong>　使用済みのワンタイムパスワード</strong>}
          </li>
        ))}
      </ul>
    </>
  );
}
