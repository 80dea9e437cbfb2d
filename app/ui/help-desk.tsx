"use client";

import { createContext, useContext } from "react";
import { useInstitution, type Institution } from "./institution";

/** At the counter: whoever works for the bank does not call the customers' help desk. */
export const AtCounter = createContext(false);
export const useAtCounter = () => useContext(AtCounter);

function Openness({ open }: { open: boolean }) {
  return open ? (
    <span className="whitespace-nowrap font-bold text-green-900">
      <span aria-hidden="true">● </span>受付中
    </span>
  ) : (
    <span className="whitespace-nowrap font-bold text-solid-gray-700">
      <span aria-hidden="true">■ </span>受付時間外
    </span>
  );
}

/** Breaks between its words only, where it has the usual ones. */
const HelpDeskName = ({ helpDesk }: Institution) => (
  <>
    {helpDesk.name.split(/(?=インターネットバンキング|ヘルプデスク)/).map((words) => (
      <span key={words} className="inline-block">
        {words}
      </span>
    ))}
  </>
);

const telephone = ({ helpDesk }: Institution) => (
  <a className="digits whitespace-nowrap" href={`tel:${helpDesk.number.replaceAll("-", "")}`}>
    {helpDesk.number}
  </a>
);

/** One line: for banners, where the block would be too much. */
export function HelpDeskLine() {
  const institution = useInstitution();
  const atCounter = useAtCounter();
  if (atCounter) return <>本部のシステム担当</>;
  if (!institution) return <>お取引店舗の窓口</>;
  return (
    <>
      <HelpDeskName {...institution} /> {telephone(institution)}{" "}
      <Openness open={institution.helpDesk.open} />
    </>
  );
}

export function HelpDesk() {
  const institution = useInstitution();
  return (
    <section aria-labelledby="help-desk" className="min-h-64 rounded-8 bg-solid-gray-50 p-6">
      <h2 id="help-desk">お問い合わせ先</h2>
      {institution ? (
        <>
          <p className="mt-2">
            <HelpDeskName {...institution} />
          </p>
          <p className="mt-2 flex flex-wrap items-baseline gap-x-4 text-2xl font-bold">
            {telephone(institution)}
            <span className="text-base">
              <Openness open={institution.helpDesk.open} />
            </span>
          </p>
          <h3 className="mt-4 text-base">受付時間</h3>
          <dl className="grid grid-cols-[max-content_1fr] gap-x-4">
            {institution.helpDesk.hours.map(({ days, from, to }) => (
              <div key={days} className="contents">
                <dt>{days}</dt>
                <dd className="digits">
                  {from}〜{to}
                </dd>
              </div>
            ))}
          </dl>
          {institution.helpDesk.closedDays.length > 0 && (
            <p className="mt-2 text-sm leading-150 text-solid-gray-700">
              ※{institution.helpDesk.closedDays.join("、")}は休止日です。
            </p>
          )}
        </>
      ) : (
        <p className="mt-2">お取引店舗の窓口にお問い合わせください。</p>
      )}
    </section>
  );
}
