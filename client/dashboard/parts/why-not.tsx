import { whyNotLines } from '../words/mine.ts';

/** Under several that may be done: why whoever looks may not do them. */
export function WhyNot<Kind extends string>({
  ways,
  whyNot,
}: {
  ways: readonly { kind: Kind; title: string }[];
  whyNot: (kind: Kind) => string | undefined;
}) {
  return whyNotLines(ways, whyNot).map((line) => (
    <p key={line} className="cannot">
      {line}
    </p>
  ));
}
