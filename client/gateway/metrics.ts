import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Records } from '../../activities/records/port.ts';
import { inTime } from '../../activities/shared/in-time.ts';
import { kept } from '../../activities/shared/kept.ts';
import type { Measures, UnderWayNow } from './measures.ts';

export interface GatewayMetrics extends Measures {
  /** All of it, as Prometheus reads it. */
  text(): Promise<string>;
}

/** What is read from the records when somebody asks for figures. */
interface OnRecord {
  outbox: Pick<Records['outbox'], 'standing'>;
  slack: Pick<Records['slack'], 'behind'>;
}

interface Metering {
  records: OnRecord;
  version: string;
  /** Whether this gateway draws in Slack. */
  draws: boolean;
  /** Also of the process: memory, CPU, the event loop. */
  ofProcess?: boolean;
  answerMs?: number;
  clock?: () => number;
}

/** ms: however often somebody scrapes, the records are asked no more often. */
const readMs = 10_000;
/** s. The last is what the records and Temporal have for an answer, thrice. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Ours, from the catalogue or from the description of the HTTP API; a worker's failure may bring any other text. */
const codeForm = /^(SLIP-[A-Z0-9]{2,5}-\d{1,3}|[a-z-]{3,30})$/;

/** Figures of one gateway, with a registry of their own. */
export function createMetrics(metering: Metering): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  if (metering.ofProcess) collectDefaultMetrics({ register: registry });
  const counted = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });

  const requests = counted('slipway_gateway_requests_total', 'Requests that are over; gone: nobody has waited.', [
    ...(['route', 'method', 'status'] as const),
  ]);
  const durations = new Histogram({
    name: 'slipway_gateway_request_duration_seconds',
    help: 'From the first line of a request until its answer was taken; without streams.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets,
    registers,
  });
  const refusals = counted('slipway_gateway_refusals_total', 'Answers with an error, by its code.', ['code']);
  const allowances = counted('slipway_gateway_allowances_refused_total', 'More than one caller may ask for.', ['kind']);
  const decisions = counted('slipway_gateway_decisions_stored_total', 'Decisions that were not there before.', [
    'kind',
  ]);
  const answers = counted('slipway_gateway_decision_answers_total', 'What runs have said to decisions.', ['answer']);
  const { version } = metering;
  new Gauge({ name: 'slipway_gateway_info', help: 'Always 1.', labelNames: ['version'], registers }).set(
    { version },
    1,
  );
  const follow = gaugesOfNow(registers);
  gaugesOnRecord(registers, metering);

  return {
    text: () => registry.metrics(),
    answered({ ms, ...labels }) {
      requests.inc(labels);
      if (ms !== undefined) durations.observe(labels, ms / 1_000);
    },
    refused: (code) => refusals.inc({ code: codeForm.test(code) ? code : 'other' }),
    tooOften: (kind) => allowances.inc({ kind }),
    stored: (kind) => decisions.inc({ kind }),
    told: (answer) => answers.inc({ answer }),
    follow,
  };
}

function gaugesOfNow(registers: Registry[]): Measures['follow'] {
  const none: UnderWayNow = { all: 0, callers: 0 };
  let look: Parameters<Measures['follow']>[0] = () => ({ questions: none, streams: none });
  const gauge = (name: string, help: string, valueOf: (seen: ReturnType<typeof look>) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(valueOf(look()));
      },
    });
  gauge('slipway_gateway_questions_under_way', 'Questions that are being answered.', ({ questions }) => questions.all);
  gauge('slipway_gateway_callers_under_way', 'Whose they are.', ({ questions }) => questions.callers);
  gauge('slipway_gateway_streams_open', 'Streams of events that somebody follows.', ({ streams }) => streams.all);
  return (now) => {
    look = now;
  };
}

/** Whoever scrapes gives up after 10 s mostly, and has none of the other figures then. */
const onRecordMs = 3_000;

/** Absent where the records do not answer: what was read before is told by nobody as if it were so now. */
function gaugesOnRecord(registers: Registry[], metering: Metering): void {
  const { records, draws, answerMs = onRecordMs, clock } = metering;
  const asked = <Seen>(look: () => Promise<Seen>) => {
    const looked = kept(() => inTime(look(), answerMs, (words) => new Error(words)), clock, readMs);
    return () => looked().catch(() => undefined);
  };
  const standing = asked(() => records.outbox.standing());
  new Gauge({
    name: 'slipway_outbox_messages',
    help: 'Messages that wait to be sent, and that were given up; 10000: that many, or more.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      const seen = await standing();
      this.reset();
      if (!seen) return;
      this.set({ state: 'waiting' }, seen.waiting);
      this.set({ state: 'dead' }, seen.dead);
    },
  });
  new Gauge({
    name: 'slipway_outbox_oldest_waiting_seconds',
    help: 'How long the message that was written first waits to be sent; 0: none waits.',
    registers,
    async collect() {
      const seen = await standing();
      if (seen) this.set(seen.oldestMs / 1_000);
      else this.remove();
    },
  });
  if (!draws) return;
  const behind = asked(() => records.slack.behind());
  new Gauge({
    name: 'slipway_slack_pictures_behind',
    help: 'Messages in Slack that do not show yet how their run has ended; 10000: that many, or more.',
    registers,
    async collect() {
      const seen = await behind();
      if (seen === undefined) this.remove();
      else this.set(seen);
    },
  });
}
