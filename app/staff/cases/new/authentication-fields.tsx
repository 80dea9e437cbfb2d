"use client";

import { useState } from "react";
import { CheckBox } from "@/app/ui/check-box";
import { DateField } from "@/app/ui/date-field";
import { SelectField } from "@/app/ui/select-field";
import { type Authentication, type PasskeyPolicy, passkeyPolicies, passkeyPolicyNames, stepUpPolicies, stepUpPolicyNames } from "@/lib/corporation/authentication";

/** 認証方法の変更: the contract's as it is, where it is known, and otherwise nothing chosen: what is not to change is not changed by a slip. */
export function AuthenticationFields({ begins, today }: { begins: Authentication | null; today: string }) {
  const [policy, setPolicy] = useState<PasskeyPolicy | "">(begins?.passkeyPolicy ?? "");
  const unknown = begins ? [] : [{ value: "", words: "選択してください" }];
  return (
    <>
      <SelectField
        name="passkeyPolicy"
        label="パスキーの扱い"
        value={policy}
        onChange={(event) => setPolicy(event.target.value as PasskeyPolicy | "")}
        options={[...unknown, ...passkeyPolicies.map((value) => ({ value, words: passkeyPolicyNames[value] }))]}
      />
      {policy === "required" && (
        <DateField
          name="passkeyRequiredFrom"
          label="適用日"
          help="この日から、パスキーを登録していない利用者は、ログインの際に登録が必要になります。"
          required
          defaultValue={begins?.passkeyRequiredFrom ?? today}
          className="max-w-64"
        />
      )}
      <CheckBox
        name="passkeyAlone"
        label="ID・パスワードの代わりにパスキーでログイン"
        help="ログインIDとログインパスワードを入力せずに、登録したパスキーだけでログインできるようにします。"
        defaultChecked={begins?.passkeyAlone}
      />
      <SelectField
        name="stepUpPolicy"
        label="操作時の再認証"
        defaultValue={begins?.stepUpPolicy ?? ""}
        options={[...unknown, ...stepUpPolicies.map((value) => ({ value, words: stepUpPolicyNames[value] }))]}
      />
    </>
  );
}
