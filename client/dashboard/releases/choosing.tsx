import { Link } from '@tanstack/react-router';
import { chosenInWords, comparedPair, whyNotCompare } from '../words/history.ts';
import type { Chosen } from '../words/history.ts';

/** Two that were chosen, and the way to what they have otherwise. */
export function Choosing({ chosen }: { chosen: Chosen }) {
  const why = whyNotCompare(chosen);
  return (
    <span role="status">
      {chosen.length > 0 && <b>{chosenInWords(chosen)}</b>}{' '}
      {why === undefined ? (
        <Link className="btn" to="/compare" search={comparedPair(chosen)}>
          Compare
        </Link>
      ) : (
        why
      )}
    </span>
  );
}
