"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { approvalCode } from "@/lib/approval/ocra";
import { digestOf, readApprovalText, type ApprovalRequest } from "@/lib/approval/statement";
import { RefusalBanner } from "../ui/banner";
import { Button } from "../ui/button";
import { OneTimePasswordNotice } from "../ui/one-time-password-notice";
import { useNow } from "../ui/browser-values";
import { Camera, type CameraTrouble } from "./camera";
import { phoneRefusals } from "./refusals";
import { isExpired, type StoredToken } from "./token";
import { BankHost, TimedNumber, TokenOwner } from "./token-parts";

type ApprovalProps = { tokens: StoredToken[]; close: () => void };

const { not_an_approval: foreign } = phoneRefusals;

/** What the PC asks to approve, read on a screen that whoever has got into the PC does not reach. The number is good for what stands here and nothing else. */
export function Approval({ tokens, close }: ApprovalProps) {
  const now = useNow();
  const [request, setRequest] = useState<ApprovalRequest>();
  const [trouble, setTrouble] = useState<CameraTrouble>();

  if (trouble) return <Refused reason={trouble} again={() => setTrouble(undefined)} close={close} />;
  if (!request)
    return (
      <Camera
        read={readApprovalText}
        foreign={`${foreign.what}${foreign.next}（${foreign.code}）`}
        found={setRequest}
        close={(reason) => (reason ? setTrouble(reason) : close())}
      />
    );
  const token = tokens.find(({ id }) => id === request.tokenId);
  const again = () => setRequest(undefined);
  if (!token) return <Refused reason="token_elsewhere" again={again} close={close} />;
  if (isExpired(token, now)) return <Refused reason="expired_for_approval" again={again} close={close} />;
  return <Question key={request.nonce} request={request} token={token} close={close} />;
}

/** What had the focus goes; the camera has nothing that should have it. */
function readAgain(again: () => void) {
  again();
  document.querySelector("h1")?.focus();
}

type RefusedProps = { reason: keyof typeof phoneRefusals; again: () => void; close: () => void };

function Refused({ reason, again, close }: RefusedProps) {
  return (
    <RefusalBanner refusal={phoneRefusals[reason]}>
      <Button className="min-h-14" onClick={() => readAgain(again)}>
        もう一度読み取る
      </Button>
      <Button kind="secondary" className="min-h-14" onClick={close}>
        閉じる
      </Button>
    </RefusalBanner>
  );
}

type QuestionProps = { request: ApprovalRequest; token: StoredToken; close: () => void };

/** The number comes after what it approves has been looked at. */
function Question({ request: { nonce, statement }, token, close }: QuestionProps) {
  const [confirmed, setConfirmed] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus();
  }, []);

  return (
    <div className="flex flex-col gap-6">
      <section aria-labelledby="statement" className="flex flex-col gap-4 rounded-8 border border-solid-gray-420 p-4 sm:p-6">
        <TokenOwner token={token} />
        <h2 id="statement" ref={heading} tabIndex={-1} className="text-xl wrap-anywhere outline-none">
          {statement.title}
        </h2>
        <dl className="flex flex-col">
          {statement.facts.map(([label, value], index) => (
            <div key={index} className="border-t border-solid-gray-300 py-3">
              <dt className="text-sm text-solid-gray-700">{label}</dt>
              <dd className="text-xl leading-150 font-bold wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {confirmed ? (
        <ApprovalNumber nonce={nonce} statement={statement} token={token} />
      ) : (
        <>
          <p>
            ご自身がパソコンで行う操作と同じ内容か、ご確認ください。お心当たりのない内容のときは「閉じる」を押し、すぐにヘルプデスクまでご連絡ください。
          </p>
          <Button className="min-h-14 w-full" onClick={() => setConfirmed(true)}>
            内容を確認しました
          </Button>
        </>
      )}
      <Button kind="secondary" className="min-h-14 w-full" onClick={close}>
        閉じる
      </Button>
    </div>
  );
}

function ApprovalNumber({ nonce, statement, token }: Omit<ApprovalRequest, "tokenId"> & { token: StoredToken }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const numberAt = useCallback(
    async (timeStep: number) => approvalCode(token.key, token, await digestOf(nonce, statement), timeStep),
    [token, nonce, statement],
  );
  return (
    <section aria-labelledby="number" className="flex flex-col gap-4">
      <h2 id="number" ref={heading} tabIndex={-1} className="text-base outline-none">
        承認番号
      </h2>
      <TimedNumber name="承認番号" token={token} numberAt={numberAt} />
      <p>この番号をパソコンの画面に入力してください。内容に心当たりがないときは、入力しないでください。</p>
      <BankHost token={token} />
      <OneTimePasswordNotice of="承認番号" />
    </section>
  );
}
