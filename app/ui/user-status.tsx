"use client";

import { type TokenState, tokenStateNames } from "@/lib/token/state-names";
import { Countdown } from "./countdown";
import { Status, type StatusKind } from "./status";

const kinds: Record<TokenState, StatusKind> = { unregistered: "none", issued: "waiting", in_use: "good", expired: "stopped", revoked: "waiting" };

export const tokenStatus = ({ tokenState, reissuableAt }: { tokenState: TokenState; reissuableAt: string | null }) => (
  <>
    <Status kind={kinds[tokenState]} words={tokenStateNames[tokenState]} />
    {reissuableAt && (
      <>
        {" "}
        <Countdown until={reissuableAt} />
      </>
    )}
  </>
);

export const passkeyStatus = ({ passkey }: { passkey: boolean }) => (passkey ? <Status kind="good" words="登録済" /> : <Status kind="none" words="未登録" />);

export const suspension = ({ suspended }: { suspended: boolean }) =>
  suspended ? <Status kind="stopped" words="利用停止" /> : <Status kind="good" words="利用可能" />;

export const stop = ({ stopped }: { stopped: boolean }) => (stopped ? <Status kind="stopped" words="停止中" /> : <Status kind="good" words="有効" />);
