import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { evidenceDestination } from '../../../activities/shared/evidence-destinations.ts';
import type { EvidenceDestination } from '../../../activities/shared/evidence-destinations.ts';
import { createKeyPair, createSigner, createVerifier } from '../../../activities/shared/signatures.ts';
import { sendingTo } from '../../../client/gateway/sending.ts';
import { startEvidence } from '../../../client/gateway/evidence.ts';
import type { Evidence, EvidenceParts } from '../../../client/gateway/evidence.ts';
import { chainOf } from '../../../domain/audit-chain.ts';
import { proofOfStatements } from '../../../domain/audit-proof.ts';
import type { SignedChainEnds } from '../../../domain/contract/evidence.ts';
import { anAuditEntry } from '../../contract/records-builders.ts';
import { usePostgres } from '../../support/postgres.ts';
import { openSeparated } from '../../support/postgres-roles.ts';
import { eventually } from '../../workflows/support/eventually.ts';
import type { SeparatedRecords } from '../../support/postgres-roles.ts';

const postgres = usePostgres();
const keys = createKeyPair();
const signer = createSigner(keys.privateKeyPem);
const verifier = createVerifier([keys.publicKeyPem]);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let records: SeparatedRecords;
let directory: string;
let running: Evidence[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-evidence-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
beforeEach(async () => {
  records = await openSeparated(postgres);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await records.close();
});

const never = 3_600_000;

/** One gateway's, with the rights of a gateway. It looks again only when it is told to. */
function aGateway(destinations: EvidenceDestination[], pace: Partial<EvidenceParts> = {}) {
  const said: string[] = [];
  const about = { signer, verifier, destinations, now: () => 1_000, report: (line: string) => void said.push(line) };
  const evidence = startEvidence({ ...about, records: records.gateway, everyMs: never, retryMs: never, ...pace });
  running.push(evidence);
  return { ...evidence, said };
}

async function oneRound(...destinations: EvidenceDestination[]): Promise<string[]> {
  const { stop, said } = aGateway(destinations);
  await stop();
  return said;
}

function aDestination(name = 'outside', fails = () => false) {
  const got: SignedChainEnds[] = [];
  return {
    got,
    name,
    async send(signed: SignedChainEnds) {
      if (fails()) throw new Error('it is away');
      got.push(signed);
    },
  };
}

/** It answers when it is told to; until then whatever it was sent is under way. */
function aSlowDestination(name = 'slow') {
  const got: SignedChainEnds[] = [];
  const answers: (() => void)[] = [];
  let isSlow = true;
  return {
    got,
    name,
    send: (signed: SignedChainEnds) =>
      new Promise<void>((resolve) => {
        const answer = () => (got.push(signed), resolve());
        if (isSlow) answers.push(answer);
        else answer();
      }),
    begun: () => answers.length,
    answer: () => {
      isSlow = false;
      answers.splice(0).forEach((one) => one());
    },
  };
}

const numbers = ({ got }: { got: SignedChainEnds[] }) => got.map(({ statement }) => statement.n);

const judged = (all: SignedChainEnds[]) => proofOfStatements(all, { holds: (one) => verifier.verifyEnds(one), hash });

describe('the ends of the audit', () => {
  it('are signed and sent, each statement following the one before', async () => {
    const outside = aDestination();
    const [first, second] = [anAuditEntry(), anAuditEntry()];
    await records.engine.audit.append(first);
    await oneRound(outside);
    await records.build.audit.append(second);
    await oneRound(outside);
    const { problems, ends } = await judged(outside.got);
    expect(problems).toEqual([]);
    expect(new Set(ends.map(({ lane }) => lane))).toEqual(
      new Set([chainOf(first.lane, 'engine'), chainOf(second.lane, 'build')]),
    );
    expect(ends).toEqual(expect.arrayContaining(await records.owner.audit.ends()));
  });

  it('that could not be sent are sent later, in order, by another gateway too', async () => {
    let isAway = true;
    const outside = aDestination('outside', () => isAway);
    for (let i = 0; i < 3; i += 1) {
      await records.engine.audit.append(anAuditEntry());
      expect(await oneRound(outside)).toEqual([expect.stringContaining('could not be sent to outside')]);
    }
    isAway = false;
    await oneRound(outside);
    expect(outside.got.map(({ statement }) => statement.n).slice(0, 3)).toEqual([1, 2, 3]);
    expect((await judged(outside.got)).problems).toEqual([]);
  });

  it.each<[string, (separated: SeparatedRecords) => Promise<unknown>]>([
    [
      'a number that nobody has signed',
      ({ database }) => database.ask('gateway', 'update slipway.shipments set n = 2147483647'),
    ],
    [
      'a receipt for another number',
      ({ database }) =>
        database.ask(
          'gateway',
          `update slipway.shipments set n = 9, receipt = jsonb_set(receipt::jsonb, '{shipment,n}', '9')::json`,
        ),
    ],
    [
      'the receipt of another place',
      ({ database }) =>
        database.ask(
          'gateway',
          `update slipway.shipments set receipt = (select receipt from slipway.shipments where destination = 'ahead') where destination = 'outside'`,
        ),
    ],
  ])('are sent on where the records say that they were: %s', async (_what, writes) => {
    const [outside, ahead] = [aDestination(), aDestination('ahead')];
    for (let i = 0; i < 3; i += 1) {
      await records.engine.audit.append(anAuditEntry());
      await oneRound(...(i === 0 ? [outside, ahead] : [ahead]));
    }
    await writes(records);
    await oneRound(outside, ahead);
    expect([...new Set(numbers(outside))]).toEqual([1, 2, 3, 4]);
    expect((await judged(outside.got)).problems).toEqual([]);
  });

  it('go on where somebody takes away that they were sent, which is told', async () => {
    const outside = aDestination();
    const { soon, said, stop } = aGateway([outside]);
    for (let n = 1; n <= 3; n += 1) {
      await records.engine.audit.append(anAuditEntry());
      soon();
      await eventually(`statement ${n}`, async () => outside.got.length === n);
      await records.database.ask('gateway', 'update slipway.shipments set receipt = null');
    }
    await stop();
    expect(numbers(outside)).toEqual([1, 2, 3]);
    for (const n of [1, 2])
      expect(said).toContainEqual(
        expect.stringContaining(`that outside has got them up to ${n} was on record no more`),
      );
  });

  it('are noted as sent again where somebody takes that away, also while there is nothing to send', async () => {
    const outside = aDestination();
    await records.engine.audit.append(anAuditEntry());
    const { soon, said } = aGateway([outside], { retryMs: 1 });
    const receipts = () => records.database.ask('owner', 'select receipt::text as receipt from slipway.shipments');
    await eventually('the receipt', async () => (await receipts()).length === 1);
    const noted = await receipts();
    await records.database.ask('gateway', 'update slipway.shipments set receipt = null');
    soon();
    await eventually('a word about it, and its end', async () => said.at(-1)?.includes('sent to outside again'));
    expect(await receipts()).toEqual(noted);
    expect([numbers(outside), said.length]).toEqual([[1], 2]);
  });

  /** Three statements that are outside, and nothing on record of that. */
  async function threeUnnoted(takesAway: string) {
    const outside = aDestination('slow');
    for (let n = 1; n <= 3; n += 1) {
      await records.engine.audit.append(anAuditEntry());
      await oneRound(outside);
    }
    await records.database.ask('gateway', takesAway);
    return outside.got;
  }

  const anHourLater = { now: () => 3_600_000 };

  it.each([
    ['none', 'update slipway.shipments set receipt = null'],
    ['one with a number that is none', `update slipway.shipments set receipt = '{"shipment":{"n":1e400}}'`],
    [
      'one with many parts in each other',
      `update slipway.shipments set receipt = (repeat('[', 4000) || repeat(']', 4000))::json`,
    ],
    ['one that is null', `update slipway.shipments set receipt = 'null'`],
  ])(
    'are sent from the first on by a gateway that starts without a receipt, which is told until it is done: %s',
    async (_what, takesAway) => {
      const before = await threeUnnoted(takesAway);
      const slow = aSlowDestination();
      const { problems } = aGateway([slow], { ...anHourLater, limitMs: never });
      await eventually('the first', async () => slow.begun() === 1);
      expect(problems()).toEqual([expect.stringMatching(/from statement 1 of 1970.* have not reached slow yet/)]);
      slow.answer();
      await eventually('all of them', async () => problems().length === 0);
      expect(slow.got.slice(0, 3)).toEqual(before);
      expect(numbers(slow)).toEqual([1, 2, 3, 4]);
    },
  );

  it('are left to the next gateway where one ends in the middle of many that are old', async () => {
    await threeUnnoted('update slipway.shipments set receipt = null');
    const slow = aSlowDestination();
    const { stop, said } = aGateway([slow], { ...anHourLater, limitMs: never });
    await eventually('the first', async () => slow.begun() === 1);
    const ended = stop();
    slow.answer();
    await ended;
    expect(numbers(slow)).toEqual([1]);
    expect(said).toContainEqual(expect.stringContaining('this gateway ends: from statement 2 on'));
  });

  const putByHand = (signed: string) =>
    records.database.ask('gateway', `insert into slipway.chain_ends (n, signed) ${signed}`);

  it.each([
    ['under the last number there is', `values (2147483647, '{"statement":{"n":2147483647}}')`],
    ['under a number of its own', `values (2, '{"statement":{"n":1}}')`],
    ['under the number of another', 'select 2, signed from slipway.chain_ends'],
    ['without a number', `values (2, '{}')`],
  ])('are numbered one by one, whoever puts something there: %s', async (_what, put) => {
    await records.engine.audit.append(anAuditEntry());
    await oneRound();
    await expect(putByHand(put)).rejects.toThrow('the next statement is 2');
  });

  it.each([
    ['without a signature', `values (2, '{"statement":{"n":2}}')`],
    [
      'of no form',
      `select 2, json_build_object('keyId', signed -> 'keyId', 'signature', signed -> 'signature', 'statement', '{"n":2,"at":1e400}'::json)
       from slipway.chain_ends`,
    ],
    [
      'with more parts than there are ends',
      `select 2, ('{"statement":{"n":2},"x":[' || repeat('1,', 10001) || '1]}')::json`,
    ],
    [
      'with the signature of another',
      `select 2, jsonb_set(signed::jsonb, '{statement,n}', '2')::json from slipway.chain_ends`,
    ],
  ])('pass over what no gateway has signed, and tell it: %s', async (_what, put) => {
    const outside = aDestination();
    await records.engine.audit.append(anAuditEntry());
    await oneRound(outside);
    await putByHand(put);
    const told = expect.stringContaining('statement 2 on record no gateway has signed');
    await records.engine.audit.append(anAuditEntry());
    const { soon, said, problems, stop } = aGateway([outside]);
    await eventually('the next one', async () => outside.got.length === 2);
    await eventually('a word about it', async () => problems().length === 1);
    await records.engine.audit.append(anAuditEntry());
    soon();
    await eventually('one more', async () => outside.got.length === 3);
    await stop();
    expect(said).toContainEqual(told);
    expect([numbers(outside), (await judged(outside.got)).problems]).toEqual([[1, 3, 4], []]);
  });

  it('have the last word after many that nobody has signed, also where nothing was done since', async () => {
    const outside = aDestination();
    await records.engine.audit.append(anAuditEntry());
    const { soon, said, stop } = aGateway([outside]);
    await eventually('the first', async () => outside.got.length === 1);
    await putByHand(
      `select n, json_build_object('statement', json_build_object('n', n)) from generate_series(2, 301) n`,
    );
    soon();
    await eventually('one that has no ends', async () => outside.got.length === 2);
    await eventually('a word about it', async () => said.length === 1);
    await stop();
    expect([numbers(outside), outside.got[1]?.statement.ends]).toEqual([[1, 302], []]);
    expect(said).toEqual([expect.stringContaining('300 statements from 2 on on record no gateway has signed')]);
    expect((await judged(outside.got)).problems).toEqual([]);
  });

  it('are of what was signed alone, whatever else somebody has written beside it', async () => {
    const outside = aDestination();
    await records.engine.audit.append(anAuditEntry());
    await oneRound();
    await records.database.ask(
      'owner',
      `update slipway.chain_ends set signed = (rtrim(signed::text, '}') || ',"x":1e400}')::json`,
    );
    await records.engine.audit.append(anAuditEntry());
    await oneRound(outside);
    expect([numbers(outside), (await judged(outside.got)).problems]).toEqual([[1, 2], []]);
  });

  it('come in several statements where there are many of them', async () => {
    const outside = aDestination();
    await records.engine.audit.append(anAuditEntry());
    await records.database.ask(
      'owner',
      `insert into slipway.audit_ends (lane, n, hash) select 'many/' || n, 1, repeat('0', 64) from generate_series(1, 2000) n`,
    );
    const { stop } = aGateway([outside]);
    await eventually('all of them', async () => outside.got.length === 3);
    await stop();
    expect(outside.got.map(({ statement }) => statement.ends.length)).toEqual([1_000, 1_000, 1]);
    expect((await judged(outside.got)).problems).toEqual([]);
    expect((await judged(outside.got)).ends).toHaveLength(2_001);
  });

  it('are sent as they are now where records are an older copy, also under numbers that were sent before, which is told', async () => {
    const outside = aDestination();
    const sends = aGateway([outside]);
    for (let n = 1; n <= 3; n += 1) {
      await records.engine.audit.append(anAuditEntry());
      sends.soon();
      await eventually(`statement ${n}`, async () => outside.got.length === n);
    }
    await records.database.ask('owner', 'delete from slipway.chain_ends where n > 1');
    await records.database.ask('owner', 'delete from slipway.shipments');
    for (let n = 2; n <= 3; n += 1) {
      await records.engine.audit.append(anAuditEntry());
      await oneRound(); // Another gateway, which signs, and has nowhere to send.
    }
    sends.soon();
    await eventually('all that there are', async () => outside.got.length === 7);
    await sends.stop();
    expect(numbers(outside)).toEqual([1, 2, 3, 1, 2, 3, 4]);
    expect(sends.said).toContainEqual(
      expect.stringContaining('statement 3, which outside has got, is on record no more, or another in its place'),
    );
    expect((await judged(outside.got)).problems).toContain('there are two different statements 2');
  });

  it('are sent, all that there are, by a gateway whose public key nobody has any more', async () => {
    const outside = aDestination();
    const { soon, stop, problems } = aGateway([outside], { verifier: createVerifier([]) });
    for (let n = 1; n <= 3; n += 1) {
      await records.engine.audit.append(anAuditEntry());
      soon();
      await eventually(`statement ${n}`, async () => outside.got.length === n);
    }
    expect(problems()).toEqual([]);
    await stop();
  });

  it('are told as gone where this gateway has signed more than there are, and no number is signed twice', async () => {
    const outside = aDestination();
    const { soon, problems, stop } = aGateway([outside]);
    await records.engine.audit.append(anAuditEntry());
    soon();
    await eventually('the first statement', async () => outside.got.length === 1);
    await records.database.ask('owner', 'delete from slipway.chain_ends');
    await records.engine.audit.append(anAuditEntry());
    soon();
    await eventually('a word about it', async () => problems().some((line) => line.includes('statements 1 to 1')));
    await stop();
    expect(numbers(outside)).toEqual([1]);
  });

  it('reach one place while another is away', async () => {
    const [away, there] = [aDestination('away', () => true), aDestination('there')];
    await records.engine.audit.append(anAuditEntry());
    await oneRound(away, there);
    expect([away.got.length, there.got.length]).toEqual([0, 1]);
  });

  it('are signed, and reach one place, while another has not answered yet', async () => {
    const [slow, quick] = [aSlowDestination(), aDestination('quick')];
    await records.engine.audit.append(anAuditEntry());
    const { soon, problems, stop } = aGateway([slow, quick], { limitMs: never });
    await eventually('the first statement', async () => quick.got.length === 1 && slow.begun() === 1);
    await records.engine.audit.append(anAuditEntry());
    soon();
    await eventually('the second one', async () => quick.got.length === 2);
    expect(slow.begun()).toBe(1);
    expect(problems()).toEqual([]);
    slow.answer();
    await stop();
    expect(numbers(slow)).toEqual([1, 2]);
  });

  it('that a place is too slow for are told as not sent, begun once alone, and delivered in order when it answers', async () => {
    const slow = aSlowDestination();
    await records.engine.audit.append(anAuditEntry());
    const { soon, problems, said, stop } = aGateway([slow], { limitMs: 1, retryMs: 1 });
    const tries = () => said.filter((line) => line.includes('could not be sent to slow: no answer in')).length;
    await eventually('some tries', async () => tries() > 3);
    await records.engine.audit.append(anAuditEntry());
    soon();
    expect(slow.begun()).toBe(1);
    expect(problems()).toEqual([expect.stringMatching(/could not be sent to slow: .* \(since 1970-01-01T00:00:01/)]);
    slow.answer();
    await eventually('what was kept', async () => slow.got.length >= 2 && problems().length === 0);
    await stop();
    expect([...new Set(numbers(slow))]).toEqual([1, 2]);
    expect((await judged([...new Map(slow.got.map((one) => [one.statement.n, one])).values()])).problems).toEqual([]);
    expect(said.at(-1)).toBe('the ends of the audit are sent to slow again');
  });

  it('are said of all chains, whatever somebody adds without end to a thousand others', async () => {
    const outside = aDestination();
    const entry = anAuditEntry();
    await records.engine.audit.append(entry);
    await records.database.ask(
      'owner',
      `insert into slipway.audit_ends (lane, n, hash) select '!' || n, 1, repeat('0', 64) from generate_series(1, 1100) n`,
    );
    const chainEnds = records.gateway.chainEnds;
    const add: typeof chainEnds.add = async (...asked) => {
      await chainEnds.add(...asked);
      const more = `update slipway.audit_ends set hash = lpad(md5(hash), 64, '0') where starts_with(lane, '!')`;
      await records.database.ask('owner', more);
    };
    const { stop } = aGateway([outside], { records: { chainEnds: { ...chainEnds, add } } });
    const isSaid = () =>
      outside.got.some(({ statement }) => statement.ends.some(({ lane }) => lane === chainOf(entry.lane, 'engine')));
    await eventually('the one that moves not', async () => isSaid());
    await stop();
    expect((await judged(outside.got)).problems).toEqual([]);
  });

  it('are told as being signed where that takes long', async () => {
    const chainEnds = records.gateway.chainEnds;
    let [now, goOn] = [0, () => {}];
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    const add: typeof chainEnds.add = (...asked) => waits.then(() => chainEnds.add(...asked));
    const { problems } = aGateway([], { records: { chainEnds: { ...chainEnds, add } }, now: () => now });
    expect(problems()).toEqual([]);
    now = 60_001;
    expect(problems()).toEqual([expect.stringContaining('are being signed since 1970-01-01T00:00:00.000Z')]);
    goOn();
    await eventually('it to be over', async () => problems().length === 0);
  });

  it('are told as being looked for where that takes long', async () => {
    const chainEnds = records.gateway.chainEnds;
    let [now, goOn] = [0, () => {}];
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    let isAsked = false;
    const shipNext: typeof chainEnds.shipNext = async (...asked) => {
      isAsked = true;
      await waits;
      return chainEnds.shipNext(...asked);
    };
    const { problems } = aGateway([aDestination()], {
      records: { chainEnds: { ...chainEnds, shipNext } },
      now: () => now,
    });
    await eventually('the question', async () => isAsked);
    expect(problems()).toEqual([]);
    now = 60_001;
    expect(problems()).toEqual([
      expect.stringContaining('what outside has not got yet is looked for since 1970-01-01T00:00:00.000Z'),
    ]);
    goOn();
    await eventually('it to be over', async () => problems().length === 0);
  });

  it('that a place has not answered to yet are not taken for others under the same number', async () => {
    const slow = aSlowDestination();
    const send = sendingTo(slow, 1);
    const [one, other] = [1, 2].map((at) =>
      signer.signEnds({ n: 1, at, installation: 'i', ends: [], previous: '' }),
    ) as [SignedChainEnds, SignedChainEnds];
    await expect(send(one)).rejects.toThrow('no answer');
    await expect(send(other)).rejects.toThrow('it has not answered to statement 1 yet');
    expect(slow.begun()).toBe(1);
    slow.answer();
  });

  it('have a key by which a webhook knows them again, and does not take others under the same number for them', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers['idempotency-key'] as string | undefined);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { send } = evidenceDestination(`http://127.0.0.1:${port}/ends`, () => undefined);
    for (const at of [1, 2, 1])
      await send(signer.signEnds({ n: 7, at, installation: 'i', ends: [], previous: '' }), AbortSignal.timeout(never));
    server.close();
    expect([asked[0] === asked[1], asked[0] === asked[2]]).toEqual([false, true]);
    expect(asked[0]).toMatch(/^audit-ends-7-[0-9a-f]{16}$/);
  });

  it('go to many slow places without keeping the gateway from its records', async () => {
    const slow = Array.from({ length: 8 }, (_, n) => aSlowDestination(`slow-${n}`));
    await records.engine.audit.append(anAuditEntry());
    const { stop } = aGateway(slow, { limitMs: never });
    await eventually('all to be under way', async () => slow.every((one) => one.begun() === 1));
    expect(await records.gateway.attempts.list({ limit: 1 })).toEqual([]);
    slow.forEach((one) => one.answer());
    await stop();
    expect(slow.map(numbers)).toEqual(slow.map(() => [1]));
  });

  it('are kept in a file as lines, also after one was cut in the middle', async () => {
    const target = evidenceDestination(`dir:${directory}/ends`, () => undefined);
    await records.engine.audit.append(anAuditEntry());
    await oneRound(target);
    const [name] = await readdir(join(directory, 'ends'));
    const file = join(directory, 'ends', name!);
    await appendFile(file, '{"statement":');
    await records.engine.audit.append(anAuditEntry());
    await oneRound(target);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(3);
    const whole = [lines[0], lines[2]].map((line) => JSON.parse(line!) as SignedChainEnds);
    expect((await judged(whole)).problems).toEqual([]);
  });

  it('are written to the log as one line', async () => {
    const lines: string[] = [];
    await records.engine.audit.append(anAuditEntry());
    await oneRound(evidenceDestination('log', (line) => void lines.push(line)));
    expect(lines).toEqual([expect.stringMatching(/^audit-ends \{"statement":\{.*\}$/)]);
  });

  it.each(['', 'dir:relative', 'ftp://host/path', 'logs'])('are sent nowhere that is none of these: "%s"', (text) => {
    expect(() => evidenceDestination(text, () => undefined)).toThrow('a destination of the audit is');
  });
});
