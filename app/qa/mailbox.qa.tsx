"use client";

import { useState } from "react";
import { dateAndTime } from "@/lib/platform/japan-time";
import { useAnswer } from "./ask.qa";
import { Section, ToolButton } from "./parts.qa";

type Mail = { to: string; subject: string; text: string; html: string; links: string[]; sentAt: string };

const shownAtOnce = 10;

type MailboxProps = { open: (link: string) => void };

export function Mailbox({ open }: MailboxProps) {
  const { answer: mails, failed } = useAnswer<Mail[]>("/qa/api/mailbox");
  const [chosen, setChosen] = useState("");
  const [shown, setShown] = useState(shownAtOnce);
  const addresses = [...new Set([...(mails ?? []).map(({ to }) => to), ...(chosen ? [chosen] : [])])].sort();
  const wanted = (mails ?? []).filter(({ to }) => chosen === "" || to === chosen);

  return (
    <Section id="mailbox" title="メールボックス">
      {failed && <p className="text-red-900">■ サーバと通信できません。表示は最後に確認した状態です。</p>}
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor="address">宛先</label>
        <select
          id="address"
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
          className="min-h-11 max-w-full rounded-8 border border-solid-gray-600 bg-white px-3"
        >
          <option value="">すべて</option>
          {addresses.map((address) => (
            <option key={address}>{address}</option>
          ))}
        </select>
        {mails && (
          <p role="status" className="text-sm text-solid-gray-700">
            {wanted.length}通（新しい順）
          </p>
        )}
      </div>
      {!mails && <p>確認しています。</p>}
      {mails && wanted.length === 0 && <p>メールは届いていません。数秒かかることがあります。</p>}
      <ul className="flex flex-col gap-4">
        {wanted.slice(0, shown).map((mail) => (
          <Letter key={`${mail.sentAt}${mail.to}${mail.subject}${mail.links[0]}`} mail={mail} open={open} />
        ))}
      </ul>
      {wanted.length > shown && (
        <ToolButton className="self-start" onClick={() => setShown(shown + shownAtOnce)}>
          以前のメールも表示
        </ToolButton>
      )}
    </Section>
  );
}

/** The HTML stands here as text: a mail's own markup has no place in a page of ours. */
function Letter({ mail: { to, subject, text, html, links, sentAt }, open }: { mail: Mail; open: (link: string) => void }) {
  return (
    <li className="flex flex-col gap-2 rounded-8 border border-solid-gray-420 p-4">
      <div className="leading-150">
        <h3 className="text-base">{subject}</h3>
        <p className="text-sm text-solid-gray-700">
          {to}　<time dateTime={sentAt}>{dateAndTime(new Date(sentAt))}</time>
        </p>
      </div>
      {links.map((link) => (
        <ToolButton key={link} className="self-start" onClick={() => open(link)}>
          {isForPhone(link) ? "メールのURLをスマートフォンで開く" : "メールのURLをパソコンで開く"}
        </ToolButton>
      ))}
      <details className="text-sm">
        <summary className="min-h-11 cursor-pointer py-2 text-blue-1000 underline">本文を表示</summary>
        <pre className="border-t border-solid-gray-300 pt-2 font-sans leading-175 whitespace-pre-wrap">{text}</pre>
      </details>
      <details className="text-sm">
        <summary className="min-h-11 cursor-pointer py-2 text-blue-1000 underline">HTMLのソースを表示</summary>
        <pre className="border-t border-solid-gray-300 pt-2 leading-150 whitespace-pre-wrap">{html}</pre>
      </details>
    </li>
  );
}

export const isForPhone = (link: string): boolean => new URL(link).pathname.startsWith("/authenticator");
