import { Link } from '@tanstack/react-router';
import { Command } from '../parts/command.tsx';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { Refused } from '../parts/problem.tsx';
import { Time } from '../parts/when.tsx';
import type { FromOutside } from '../gateway/audit-check.ts';
import { rowsInWords, shownFrom } from '../words/audit.ts';
import { checkedInWords, verifyCommand } from '../words/checked.ts';
import { clock } from '../words/times.ts';
import { Outside } from './outside.tsx';
import type { Check, Checking } from './use-check.ts';

interface Shown {
  checking: Checking;
  /** What the button says. */
  button: string;
  outside: FromOutside;
  setOutside: (next: FromOutside) => void;
}

/** The chain is computed anew on this page: nobody is believed, neither the database nor the gateway. */
export function CheckPanel({ checking: { check, begin, stop }, button, outside, setOutside }: Shown) {
  const isRunning = check.kind === 'running';
  return (
    <Panel title="Has anybody rewritten it?" note="checked in this browser">
      <Came check={check} />
      <div className="body stack">
        <p className="small ink-2">
          Each row holds the hash of the one before. This page reads all of them, in order, and computes every hash
          itself. Only what was signed outside of the database tells that the whole chain was not written anew.
        </p>
        <Outside outside={outside} setOutside={setOutside} />
        <div className="btns">
          {isRunning ? (
            <button type="button" className="btn" onClick={stop}>
              Stop
            </button>
          ) : (
            <button type="button" className="btn btn-main" onClick={begin}>
              {check.kind === 'idle' ? button : 'Check again'}
            </button>
          )}
        </div>
        <Command line={verifyCommand} />
      </div>
    </Panel>
  );
}

/** How far it is, or what it has come to. */
function Came({ check }: { check: Check }) {
  if (check.kind === 'running') {
    const { rows, of } = check;
    const says = `${rowsInWords(rows)} checked of ${of.toLocaleString('en-GB')}`;
    return (
      <div className="body" role="status">
        <progress className="checking" max={Math.max(1, of)} value={rows} aria-label="Rows checked" />
        <p className="small ink-2">{says}</p>
      </div>
    );
  }
  if (check.kind === 'failed')
    return (
      <div className="body">
        <Refused error={check.error} />
      </div>
    );
  if (check.kind === 'idle') return null;
  const { tone, icon, says, problems, unseen, first } = checkedInWords(check.checked);
  return (
    <div className="checked" data-tone={tone} role={tone === 'stop' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <div>
        <h3>{says}</h3>
        {problems.length > 1 && (
          <ul>
            {problems.slice(1).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {tone === 'stop' && (
          <p>Believe no row from there on. Compare with what is kept outside, and ask who owns the database.</p>
        )}
        {first && (
          <p>
            <Link to="/audit" search={{ lane: first.chain, after: shownFrom(first.n) }} resetScroll={false}>
              Show what stands there
            </Link>
          </p>
        )}
        {unseen.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <p className="ink-3">
          Checked at <Time at={check.at}>{clock(check.at)}</Time>: what is written later is not in it.
        </p>
      </div>
    </div>
  );
}
