"use client";

import { CaseTable } from "@/app/staff/ui/case-table";
import { DenseCell, DenseRow, DenseRowHeader, DenseTable } from "@/app/staff/ui/dense-table";
import { useOwnState } from "@/app/staff/ui/own-state";
import { OpenCase, Service } from "@/app/staff/ui/parts";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Banner } from "@/app/ui/banner";
import { Button, ButtonLink } from "@/app/ui/button";
import { Facts } from "@/app/ui/facts";
import { stop, suspension, tokenStatus } from "@/app/ui/user-status";
import { authenticationFacts } from "@/lib/corporation/authentication";
import { userClassNames } from "@/lib/corporation/user-classes";
import { dateOnly } from "@/lib/platform/japan-time";
import type { ContractAnswer } from "@/lib/staff/answers";
import { tokenStateNames, tokenStates } from "@/lib/token/state-names";

type Contract = ContractAnswer["contract"];

const trail = [{ path: "/staff/contracts", words: "契約検索" }];

export function ContractDetail() {
  const { path, query, answer } = useOwnState<ContractAnswer>();
  return (
    <StaffScreen title="契約詳細" here="/staff/contracts" trail={trail} answer={answer}>
      {({ staff, contract, users, total, pages, cases }) => (
        <>
          <ContractFacts contract={contract} />
          <WhoCanHelp ableManagers={contract.ableManagers} />
          <OpenCase duty={staff.duty} begins={{ contract: contract.contractNumber }} />
          <Users path={path} query={query} users={users} total={total} pages={pages} />
          <CaseTable name="この契約の受付票" cases={cases} empty="この契約の受付票はありません。" />
        </>
      )}
    </StaffScreen>
  );
}

const people = (count: number) => `${count.toLocaleString("ja-JP")}名`;

function ContractFacts({ contract: { contractNumber, name, serviceAppliesFrom, serviceApplies, registeredAt, authentication, counts } }: { contract: Contract }) {
  return (
    <Facts
      facts={[
        ["契約番号", <span key="number" className="digits">{contractNumber}</span>],
        ["会社名", name],
        ["ワンタイムパスワードサービス", <><Service from={serviceAppliesFrom} />{serviceAppliesFrom !== null && !serviceApplies && " 適用日の前です"}</>],
        ["認証方法", <Authentication key="authentication" authentication={authentication} />],
        ["登録日", dateOnly(new Date(registeredAt))],
        ["利用者数", `${people(counts.total)}（うち利用停止 ${people(counts.suspended)}、停止中 ${people(counts.stopped)}）`],
        ["利用者のトークン", tokenStates.map((state) => `${tokenStateNames[state]} ${people(counts.byTokenState[state])}`).join("、")],
      ]}
    />
  );
}

const Authentication = ({ authentication }: Pick<Contract, "authentication">) => (
  <ul>
    {authenticationFacts(authentication).map(([question, words]) => (
      <li key={question}>
        {question}：{words}
      </li>
    ))}
  </ul>
);

const mostNamed = 5;

/** R21: whether the company could help itself is the counter's first question. */
function WhoCanHelp({ ableManagers }: Pick<Contract, "ableManagers">) {
  if (ableManagers.length === 0)
    return <Banner kind="warning" title="この会社には、停止解除などを行えるマスターユーザ・管理者ユーザがいません。窓口での手続きが必要です。" />;
  const named = ableManagers.slice(0, mostNamed).map(({ name, loginId }) => `${name}（${loginId}）`).join("、");
  return (
    <Banner kind="information" title="停止解除などは、この会社のマスターユーザ・管理者ユーザが行えます。">
      <p>
        {named}
        {ableManagers.length > mostNamed && ` ほか${ableManagers.length - mostNamed}名`}
      </p>
      <p>先に、「管理」の画面で手続きしていただくようお客様にご案内ください。ご本人の分は、ご本人以外の方が手続きします。</p>
    </Banner>
  );
}

type UsersProps = { path: string; query: URLSearchParams } & Pick<ContractAnswer, "users" | "total" | "pages">;

function Users({ path, query, users, total, pages }: UsersProps) {
  const search = query.get("search") ?? "";
  return (
    <div className="flex flex-col gap-3">
      {/* By a button: each search is recorded. */}
      <form method="get" action={path} role="search" className="flex flex-wrap items-end gap-4 print:hidden">
        <div className="w-full max-w-[32rem]">
          <label htmlFor="search" className="font-bold">
            利用者を検索
          </label>
          <p id="search-help" className="leading-150 text-solid-gray-700">
            ログインIDまたは利用者名の一部を入力してください。
          </p>
          <input
            id="search"
            name="search"
            type="search"
            defaultValue={search}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            aria-describedby="search-help"
            className="mt-2 min-h-12 w-full rounded-8 border border-solid-gray-600 bg-white px-4 py-2"
          />
        </div>
        <Button type="submit" kind="secondary" className="sm:min-w-32">
          検索
        </Button>
      </form>
      <DenseTable
        name="利用者一覧"
        count={people(total)}
        columns={["ログインID", "利用者名", "利用者区分", "利用者状態", "ワンタイムパスワード認証状態", "ワンタイムパスワード状態"]}
        empty={users.length === 0 ? "該当する利用者はいません。検索する言葉をご確認ください。" : undefined}
      >
        {users.map((user) => (
          <DenseRow key={user.id}>
            <DenseRowHeader className="digits">
              <a href={`/staff/users/${user.id}`}>{user.loginId}</a>
            </DenseRowHeader>
            <DenseCell>{user.name}</DenseCell>
            <DenseCell className="whitespace-nowrap">{userClassNames[user.userClass]}</DenseCell>
            <DenseCell>{stop(user)}</DenseCell>
            <DenseCell>{suspension(user)}</DenseCell>
            <DenseCell>{tokenStatus(user)}</DenseCell>
          </DenseRow>
        ))}
      </DenseTable>
      <Pages path={path} search={search} page={Math.min(Math.max(1, Number(query.get("page")) || 1), pages)} pages={pages} />
    </div>
  );
}

function Pages({ path, search, page, pages }: { path: string; search: string; page: number; pages: number }) {
  if (pages <= 1) return null;
  const to = (page: number) => `${path}?${new URLSearchParams({ search, page: String(page) })}`;
  return (
    <nav aria-label="ページ" className="flex flex-wrap items-center gap-4 print:hidden">
      {page > 1 && (
        <ButtonLink kind="secondary" href={to(page - 1)}>
          前のページ
        </ButtonLink>
      )}
      <p className="digits">
        {page}／{pages}ページ
      </p>
      {page < pages && (
        <ButtonLink kind="secondary" href={to(page + 1)}>
          次のページ
        </ButtonLink>
      )}
    </nav>
  );
}
